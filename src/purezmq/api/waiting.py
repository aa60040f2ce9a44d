"""Waiting for the engine's sockets and for plain file descriptors in one system call.

Imports `socket_base`, and the public `constants` and `error`.
"""

import select
from collections.abc import Callable, Iterable
from math import ceil
from time import monotonic
from typing import Any, NamedTuple, Self

from ..constants import Errno, PollEvent
from ..engine.errors import EngineError
from ..engine.waker import Waker
from ..error import from_errno
from .socket_base import SocketBase
from .translate import translated

__all__ = ["Watch", "wait_for"]

POLLIN, POLLOUT, POLLERR, POLLPRI = (int(event) for event in PollEvent)

Descriptors = dict[int, int]
"""File descriptors, and the events to wait for, or those that came."""


class Watch(NamedTuple):
    """One thing to wait for: a Socket, or a file descriptor."""

    socket: SocketBase | None
    fd: int
    events: int

    @classmethod
    def of(cls, thing: Any, events: int) -> Self:
        """What to watch. Raises TypeError or ValueError when that is impossible, ZMQError for a closed Socket."""
        if not isinstance(thing, SocketBase):
            return cls(None, _descriptor(thing), int(events))
        if thing.closed:
            raise from_errno(Errno.ENOTSOCK, f"{thing!r} cannot be waited for")
        return cls(thing, -1, int(events))

    @property
    def thing(self) -> Any:
        """What the caller is told about: the Socket, or the file descriptor."""
        return self.fd if self.socket is None else self.socket

    def ready(self) -> int:
        """Those of the events that the Socket has now; a file descriptor has none before the system is asked."""
        return 0 if self.socket is None else self.socket._ready() & self.events


def _descriptor(thing: Any) -> int:
    if isinstance(thing, int):
        return int(thing)
    if not hasattr(thing, "fileno"):
        raise TypeError(f"Socket must be a 0MQ socket, an integer fd or have a fileno() method: {thing!r}")
    try:
        return int(thing.fileno())
    except Exception as error:
        raise ValueError(f"fileno() must return a valid integer fd; that of {thing!r} did not: {error}") from error


def wait_for(watches: list[Watch], timeout: float | None) -> list[tuple[Any, int]]:
    """Those that are ready, and their events; after `timeout` seconds none (None: as long as it takes)."""
    if len(watches) == 1 and (socket := watches[0].socket) is not None:
        events = socket._wait(watches[0].events, timeout)
        return [(socket, events)] if events else []
    plain = _plain(watches)
    if not plain and (ready := _ready(watches, {})):
        return ready
    cores = [watch.socket._core for watch in watches if watch.socket is not None]
    waker = Waker()
    try:
        for core in cores:
            core.polled(waker)
        fds = plain | {core.fileno(): POLLIN for core in cores} | {waker.fileno(): POLLIN}
        return _wait_for(watches, fds, waker, timeout, cores[0].reactor.bursts.pause if cores else _nothing)
    except EngineError as error:  # another thread closed one of them just now
        raise translated(error) from None
    finally:
        for core in cores:
            core.unpolled(waker)
        waker.close()


def _nothing() -> None:
    pass


def _wait_for(
    watches: list[Watch], fds: Descriptors, waker: Waker, timeout: float | None, flush: Callable[[], None]
) -> list[tuple[Any, int]]:
    deadline = None if timeout is None else monotonic() + timeout
    while True:
        waker.clear()
        ready = _ready(watches, {})  # which also handles what makes the engine's descriptors readable
        remaining = None if deadline is None else max(deadline - monotonic(), 0.0)
        if not ready:
            flush()
        came = wait_for_descriptors(fds, 0.0 if ready else remaining)
        if (ready := _ready(watches, came)) or remaining == 0.0:
            return ready


def _ready(watches: Iterable[Watch], came: Descriptors) -> list[tuple[Any, int]]:
    ready = [(watch.thing, watch.ready() | (came.get(watch.fd, 0) & (watch.events | POLLERR))) for watch in watches]
    return [(thing, events) for thing, events in ready if events]


def _plain(watches: Iterable[Watch]) -> Descriptors:
    """What to ask the system about the file descriptors; one that is negative is never ready."""
    fds: Descriptors = {}
    for watch in watches:
        if watch.fd >= 0:
            fds[watch.fd] = fds.get(watch.fd, 0) | watch.events
    return fds


def wait_by_poll(fds: Descriptors, timeout: float | None) -> Descriptors:
    """What came on which descriptor, by poll(2)."""
    poll = select.poll()
    for fd, events in fds.items():
        poll.register(fd, sum(theirs for ours, theirs in POLL_EVENTS if events & ours))
    came = poll.poll(None if timeout is None else ceil(timeout * 1000))
    return {fd: _from_poll(events) for fd, events in came}


def _from_poll(events: int) -> int:
    known = sum(ours for ours, theirs in POLL_EVENTS if events & theirs)
    return known if known and not events & ~sum(theirs for _, theirs in POLL_EVENTS) else known | POLLERR


def wait_by_select(fds: Descriptors, timeout: float | None) -> Descriptors:
    """What came on which descriptor, by select(2): for systems without poll(2)."""

    def waiting_for(event: int) -> list[int]:
        return [fd for fd, events in fds.items() if events & event]

    came: Descriptors = {}
    ready = select.select(waiting_for(POLLIN), waiting_for(POLLOUT), waiting_for(POLLPRI), timeout)
    for descriptors, event in zip(ready, (POLLIN, POLLOUT, POLLPRI), strict=True):
        for fd in descriptors:
            came[fd] = came.get(fd, 0) | event
    return came


if hasattr(select, "poll"):
    POLL_EVENTS = ((POLLIN, select.POLLIN), (POLLOUT, select.POLLOUT), (POLLPRI, select.POLLPRI))
    wait_for_descriptors: Callable[[Descriptors, float | None], Descriptors] = wait_by_poll
else:
    wait_for_descriptors = wait_by_select
