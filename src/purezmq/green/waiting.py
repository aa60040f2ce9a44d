"""Waiting in gevent's loop: one greenlet does, the others go on.

Imports gevent, and from `api` what there is to watch.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import get_native_id
from time import monotonic
from typing import Any, ClassVar
from weakref import WeakSet

from gevent.event import Event
from gevent.hub import get_hub

from ..api.translate import CORE_ERRORS, translated
from ..api.waiting import Watch
from ..constants import PollEvent

__all__ = ["Deadline", "Lookout", "looking_out"]

READ, WRITE = 1, 2  # as gevent's loops have them

DESTROYED = (ValueError, AttributeError)
"""What gevent's loops, libev's and libuv's, raise when they are destroyed."""


class Deadline:
    """When a greenlet will have waited long enough: `timeout` seconds from now, None for never."""

    def __init__(self, timeout: float | None) -> None:
        self._at = None if timeout is None else monotonic() + timeout

    @property
    def remaining(self) -> float | None:
        """Seconds; 0.0 from then on."""
        return None if self._at is None else max(self._at - monotonic(), 0.0)


class Lookout:
    """Where one greenlet waits. To lose nothing, `clear` comes before each look at what there is, `wait` afterwards.

    The loop watches the sockets' poll sets, and is told when another thread, the engine's or any, has handled what was
    there. The descriptor that `fileno()` gives would not do: it is readable for as long as a message waits, also for a
    greenlet that wants to send one; and no change is to be seen there once another greenlet has asked for EVENTS.
    """

    _all: ClassVar[WeakSet["Lookout"]] = WeakSet()

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._thread = get_native_id()
        self._changed = Event()
        self._is_told = False
        self._cores: list[Any] = []
        self._poll_sets: list[Any] = []  # the loop's watchers of them
        self._descriptors: list[Any] = []  # and of plain descriptors
        self._all.add(self)

    def watch_socket(self, core: Any) -> None:
        """From here on `wait` ends when something changes in a socket. Raises when it is closed."""
        core.polled(self)
        self._cores.append(core)
        self._watch(core.fileno(), READ, self._poll_sets)

    def watch_descriptor(self, fd: int, events: int) -> None:
        """From here on `wait` ends when a file descriptor is ready."""
        self._watch(fd, events, self._descriptors)

    def _watch(self, fd: int, events: int, watchers: list[Any]) -> None:
        watcher = self._loop.io(fd, events)
        watchers.append(watcher)
        watcher.start(self._changed.set)

    def set(self) -> None:
        """Something has changed. From any thread; of one that has ended, the greenlet will never look."""
        try:
            if get_native_id() == self._thread:
                self._changed.set()
            elif not self._is_told:
                self._is_told = True
                self._loop.run_callback_threadsafe(self._told)
        except DESTROYED:
            for core in self._cores:
                core.unpolled_soon(self)

    def _told(self) -> None:
        self._is_told = False
        self._changed.set()

    def clear(self) -> None:
        """From here on `wait` ends when something changes."""
        self._changed.clear()

    def wait(self, timeout: float | None) -> None:
        """Let other greenlets run until something has changed, or for `timeout` seconds; None: as long as it takes."""
        self._changed.wait(timeout)

    def close(self) -> None:
        """Watch no longer."""
        for watcher in (*self._poll_sets, *self._descriptors):
            watcher.close()
        for core in self._cores:
            core.unpolled(self)

    @classmethod
    def abandon_all(cls) -> None:
        """In a forked child, where the poll sets are closed: libev aborts a process whose loop watches such."""
        for lookout in cls._all:
            for watcher in lookout._poll_sets:
                with suppress(*DESTROYED):  # of another thread, which is not here
                    watcher.stop()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=Lookout.abandon_all)


@contextmanager
def looking_out(watches: Iterable[Watch]) -> Iterator[Lookout]:
    """Have gevent's loop watch sockets and file descriptors. Raises ZMQError when one of the sockets is closed."""
    lookout = Lookout(get_hub().loop)
    try:
        for watch in watches:
            if watch.socket is not None:
                _watch_socket(lookout, watch.socket._core)
            elif watch.fd >= 0:
                lookout.watch_descriptor(watch.fd, _direction(watch.events))
        yield lookout
    finally:
        lookout.close()


def _watch_socket(lookout: Lookout, core: Any) -> None:
    try:
        lookout.watch_socket(core)
    except CORE_ERRORS as error:
        raise translated(error) from None


def _direction(events: int) -> int:
    return (READ if events & ~PollEvent.POLLOUT else 0) | (WRITE if events & PollEvent.POLLOUT else 0)
