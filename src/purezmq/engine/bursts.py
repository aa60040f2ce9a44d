"""Bursts: when messages are better gathered than written one by one, and who sees to it that their tail goes out.

Messages that follow one another within microseconds, on one socket or on several of a context, are a burst. Its first
few are written at once all the same. Then the sockets open their lanes, where what is sent gathers until a batch is
full, until a thread waits on any socket of the context, or until the reactor comes by. It visits all sockets together,
soon after the burst began and then four times a millisecond, and lets go of those that have nothing for it any more.
"""

from collections.abc import Callable
from math import inf
from time import monotonic
from typing import Protocol

from .._native import RLock
from . import promptness

GAP = 10e-6
"""Seconds: a message that comes so soon after another was written follows it closely."""

EAGER = 16
"""Messages that follow closely and are written at once, before a burst begins."""

FIRST_VISIT = 0.0001
"""Seconds after the beginning."""

VISIT = 0.00025
"""Seconds from then on: so long the tail of a burst may wait."""


class Bursting(Protocol):
    """What is asked of a socket."""

    def flush(self) -> None:
        """Route what has gathered, if anything has."""

    def visited(self) -> None:
        """The reactor comes by: route what has gathered, and `end` the burst if it is over."""


class Clock(Protocol):
    """What calls again: the reactor, or a program's event loop."""

    def call_later(self, delay: float, callback: Callable[[], None], /) -> object:
        """Call it in `delay` seconds, or sooner if nothing else is to be done then."""


class Bursts:
    """Those of one context, or of one event loop.

    A socket's burst begins, ends, and is handed over under the socket's lock.
    """

    def __init__(self, clock: Clock) -> None:
        self.sockets: set[Bursting] = set()
        self._clock = clock
        self._lock = RLock()
        self._visiting = False
        self._written_at = 0.0
        self._close_together = 0

    def written(self, started: float, slow: float = inf) -> bool:
        """A message was written by a call that began at `started`. Whether the next one had better gather.

        It had also if the call took longer than `slow`, in seconds.
        """
        if started - self._written_at > GAP:
            self._close_together = 0
        else:
            self._close_together += 1
        self._written_at = monotonic()
        return self._close_together >= EAGER or self._written_at - started > slow

    def begin(self, socket: Bursting) -> None:
        """Look after a socket that has opened its lane."""
        with self._lock:
            self.sockets.add(socket)
            if self._visiting:
                return
            self._visiting = True
        promptness.hurry()
        self._clock.call_later(FIRST_VISIT, self._visit)

    def end(self, socket: Bursting) -> None:
        """Look after it no longer."""
        self.sockets.discard(socket)

    def hand_over(self, socket: Bursting, other: "Bursts") -> None:
        """Have the other ones look after a socket, if these do."""
        if socket in self.sockets:
            self.end(socket)
            other.begin(socket)

    def pause(self) -> None:
        """A thread is about to sleep: what it has sent is not to wait for the next visit, nor is it a beginning."""
        if not self.sockets:
            self._close_together = 0
            return
        for socket in self.sockets.copy():
            socket.flush()

    def _visit(self) -> None:
        if not self._visiting:  # it was called for before `stop`
            return
        try:
            for socket in self.sockets.copy():
                self._visit_one(socket)
        finally:
            self._go_on()

    def _visit_one(self, socket: Bursting) -> None:
        try:
            socket.visited()
        except BaseException:
            self.end(socket)  # a bug, which nobody wants to meet four times a millisecond
            raise

    def _go_on(self) -> None:
        with self._lock:
            was_visiting = self._visiting  # or it was stopped amid the visit
            again = self._visiting = was_visiting and bool(self.sockets)
        if again:
            self._clock.call_later(VISIT, self._visit)
        elif was_visiting:
            promptness.relax()

    def stop(self) -> None:
        """There are no more visits, unless another burst begins."""
        with self._lock:
            was_visiting, self._visiting = self._visiting, False
        if was_visiting:
            promptness.relax()
