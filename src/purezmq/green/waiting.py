"""Waiting in gevent's loop: one greenlet does, the others go on.

Imports gevent, and from `api` what there is to watch.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from threading import get_native_id
from time import monotonic
from typing import Any

from gevent.event import Event
from gevent.hub import get_hub

from ..api.translate import CORE_ERRORS, translated
from ..api.waiting import Watch
from ..constants import PollEvent

__all__ = ["Deadline", "Lookout", "looking_out"]

READ, WRITE = 1, 2  # as gevent's loops have them


class Deadline:
    """When a greenlet will have waited long enough: `timeout` seconds from now, None for never."""

    def __init__(self, timeout: float | None) -> None:
        self._at = None if timeout is None else monotonic() + timeout

    @property
    def remaining(self) -> float | None:
        """Seconds; 0.0 from then on."""
        return None if self._at is None else max(self._at - monotonic(), 0.0)


class Lookout:
    """Where one greenlet waits. To lose nothing, `clear` comes before each look at what there is, `wait` afterwards."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._thread = get_native_id()
        self._changed = Event()
        self._is_told = False
        self.told = self._changed.set
        """Something has changed. From the loop's own thread."""

    def set(self) -> None:
        """Something has changed. From any thread."""
        if get_native_id() == self._thread:
            self._changed.set()
        elif not self._is_told:
            self._is_told = True
            self._loop.run_callback_threadsafe(self._told)

    def _told(self) -> None:
        self._is_told = False
        self._changed.set()

    def clear(self) -> None:
        """From here on `wait` ends when something changes."""
        self._changed.clear()

    def wait(self, timeout: float | None) -> None:
        """Let other greenlets run until something has changed, or for `timeout` seconds; None: as long as it takes."""
        self._changed.wait(timeout)


@contextmanager
def looking_out(watches: Iterable[Watch]) -> Iterator[Lookout]:
    """Have gevent's loop watch sockets and file descriptors. Raises ZMQError when one of the sockets is closed.

    It watches the sockets' poll sets, and is told when another thread, the engine's or any, has handled what was there.
    The descriptor that `fileno()` gives would not do: it is readable for as long as a message waits, also for a
    greenlet that wants to send one; and no change is to be seen there once another greenlet has asked for EVENTS.
    """
    loop = get_hub().loop
    with ExitStack() as ends:
        lookout = Lookout(loop)
        watchers = []
        for watch in watches:
            if watch.socket is not None:
                core = watch.socket._core
                ends.callback(core.unpolled, lookout)
                try:
                    core.polled(lookout)
                except CORE_ERRORS as error:
                    raise translated(error) from None
                watchers.append(loop.io(core.fileno(), READ))
            elif watch.fd >= 0:
                watchers.append(loop.io(watch.fd, _direction(watch.events)))
        for watcher in watchers:
            ends.callback(watcher.close)
            watcher.start(lookout.told)
        yield lookout


def _direction(events: int) -> int:
    return (READ if events & ~PollEvent.POLLOUT else 0) | (WRITE if events & PollEvent.POLLOUT else 0)
