"""The engine's sockets in an asyncio loop: while the loop runs, the loop is the pump.

Imports `alarm`, and the engine's bursts and sockets.
"""

import asyncio
from asyncio import _get_running_loop
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar
from weakref import WeakValueDictionary

from ..engine.bursts import Bursts
from .alarm import Alarm

if TYPE_CHECKING:
    from ..engine.reactor import Reactor
    from ..engine.socket import SocketCore

__all__ = ["LoopWatch"]

LONG = 0.005
"""Seconds that what was sent waits for a turn's end at most."""


class Due:
    """A call that is made once, by whoever comes first."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[[], None]) -> None:
        self._call: Callable[[], None] | None = call

    def come(self) -> None:
        """Make it, unless it was made."""
        call, self._call = self._call, None
        if call is not None:
            call()


class LoopClock:
    """What a loop's bursts ask to be called again: what was sent in a turn of the loop goes out at the turn's end.

    When a turn takes very long, or there is none any more, the reactor's thread sees to it.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, reactor: "Reactor") -> None:
        self.bursts = Bursts(self)
        self._loop = loop
        self._reactor = reactor
        self._watches = 0
        self._due: Due | None = None
        self._guarded = False

    def call_later(self, delay: float, callback: Callable[[], None]) -> object:
        """Call it in the loop's next turn. From any thread: blocking Sockets may share a loop's."""
        due = self._due = Due(callback)
        if not self._loop.is_running():
            return self._reactor.call_later(delay, due.come)
        if not self._guarded:
            self._guarded = True
            self._reactor.call_later(LONG, self._guard)
        try:
            return _soon(self._loop, due.come)
        except RuntimeError:  # it was closed just now
            return self._reactor.call_later(delay, due.come)

    def _guard(self) -> None:
        self._guarded = False
        if self._due is not None:
            self._due.come()

    def look_after(self, core: "SocketCore") -> None:
        """From now on this loop's turns are its bursts' pace."""
        self._watches += 1
        self._reactor.guests.add(self.bursts)
        core.follow(self.bursts)

    def let_go(self, core: "SocketCore") -> None:
        """The reactor sets the pace again."""
        if core.pace is self.bursts:  # else another loop has it by now
            core.follow(self._reactor.bursts)
        self._watches -= 1
        if not self._watches:
            self._reactor.guests.discard(self.bursts)
            self.bursts.stop()


class LoopWatch:
    """One socket in one loop. Whoever waits for it there is told, by `listeners`, when its state may have changed.

    Each returns whether it still waits for something.
    """

    _all: ClassVar["WeakValueDictionary[tuple[asyncio.AbstractEventLoop, SocketCore], LoopWatch]"] = (
        WeakValueDictionary()
    )
    _clocks: ClassVar["WeakValueDictionary[tuple[asyncio.AbstractEventLoop, Reactor], LoopClock]"] = (
        WeakValueDictionary()
    )

    def __init__(self, core: "SocketCore", loop: asyncio.AbstractEventLoop) -> None:
        self.listeners: list[Callable[[], bool]] = []
        self._core = core
        self._loop = loop
        self._is_set = False
        self._telling = False
        self._changed = False
        self._alarm = Alarm(core, self, forever=core.pollset.is_served)
        core.polled(self._alarm)
        self._fd = -1
        if not core.pollset.is_served:
            self._fd = core.fileno()
            loop.add_reader(self._fd, self._tell)
        self._clock = self._clock_of(loop, core.reactor)
        self._clock.look_after(core)

    @classmethod
    def of(cls, core: "SocketCore", loop: asyncio.AbstractEventLoop) -> "LoopWatch":
        """The one that watches this socket in this loop."""
        watch = cls._all.get((loop, core))
        if watch is None:
            watch = cls._all[loop, core] = LoopWatch(core, loop)
        return watch

    @classmethod
    def _clock_of(cls, loop: asyncio.AbstractEventLoop, reactor: "Reactor") -> LoopClock:
        """The one for all sockets of a context in this loop."""
        clock = cls._clocks.get((loop, reactor))
        if clock is None:
            clock = cls._clocks[loop, reactor] = LoopClock(loop, reactor)
        return clock

    def leave(self, listener: Callable[[], bool]) -> None:
        """One less is to be told; without any, the loop lets go of the socket."""
        self.listeners.remove(listener)
        if self.listeners:
            return
        self._all.pop((self._loop, self._core), None)
        if self._fd >= 0 and not self._loop.is_closed():
            self._loop.remove_reader(self._fd)
        self._clock.let_go(self._core)
        self._core.unpolled(self._alarm)

    def is_here(self) -> bool:
        """Whether this is the loop that runs in this thread."""
        return _get_running_loop() is self._loop

    def have(self, call: Callable[[], object]) -> None:
        """Have the loop's thread make a call; now, if the loop runs in none. If it is closed nobody needs it."""
        if self._loop.is_closed():
            return
        if self.is_here() or not self._loop.is_running():
            call()
        else:
            with suppress(RuntimeError):  # it was closed just now
                self._loop.call_soon_threadsafe(call)

    def set(self) -> None:
        """Something has changed. From any thread."""
        if self._telling and self.is_here():
            self._changed = True
            return
        if self._is_set and not self._loop.is_closed():  # else nobody is woken any more
            return
        self._is_set = True
        try:
            _soon(self._loop, self._woken)
        except RuntimeError:  # the loop is closed
            self._core.unpolled_soon(self._alarm)

    def _woken(self) -> None:
        self._is_set = False
        self._tell()

    def _tell(self) -> None:
        waiting = False
        self._telling, self._changed = True, False
        try:
            for listener in self.listeners.copy():
                waiting |= listener()
        finally:
            self._telling = False
        if waiting and self._changed:
            self.set()


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> object:
    """Have a loop make a call in its next turn, whatever thread it runs in. Raises RuntimeError if it is closed."""
    here = _get_running_loop() is loop
    return (loop.call_soon if here else loop.call_soon_threadsafe)(call)
