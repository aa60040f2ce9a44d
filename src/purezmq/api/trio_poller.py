"""Waiting, within a trio run, for several sockets and file descriptors at once.

Imports `poll`, `trio_watch`, `waiting`, and the public `constants`.
"""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from math import inf
from typing import Any

import trio

from ..constants import PollEvent
from .poll import Poller, zmq_poll
from .socket_base import SocketBase
from .trio_watch import NOT_YET, TrioWatch
from .waiting import Watch

__all__ = ["TrioPoller"]


class TrioPoller(Poller):
    """A Poller whose `poll` is awaited."""

    async def poll(  # type: ignore[override]
        self,
        timeout: float | None = -1,  # noqa: ASYNC109 (as in pyzmq)
    ) -> list[tuple[Any, int]]:
        """Wait until something is ready: what `Poller.poll` returns, or raises.

        `timeout` is in milliseconds; None or negative (the default): as long as it takes.
        """
        await trio.lowlevel.checkpoint_if_cancelled()
        ready = self._ready()
        if ready or timeout == 0 or not self._events:
            await trio.lowlevel.cancel_shielded_checkpoint()
            return ready
        with trio.move_on_after(inf if timeout is None or timeout < 0 else timeout / 1000):
            while not ready:
                await _first_of(list(self._waits()))
                ready = self._ready()
        return ready

    def _ready(self) -> list[tuple[Any, int]]:
        return zmq_poll(self._events.items(), 0)

    def _waits(self) -> Iterator[Callable[[], Awaitable[object]]]:
        """One for each thing and, of a file descriptor, event."""
        for thing, events in self._events.items():
            watch = Watch.of(thing, events)
            if watch.socket is not None:
                yield partial(until_ready, watch.socket, watch.events)
                continue
            if watch.events & PollEvent.POLLIN:
                yield partial(trio.lowlevel.wait_readable, watch.fd)
            if watch.events & PollEvent.POLLOUT:
                yield partial(trio.lowlevel.wait_writable, watch.fd)


async def until_ready(socket: SocketBase, events: int) -> int:
    """Wait for one of these events: those that came."""

    def look() -> Any:
        return socket._ready() & events or NOT_YET

    watch = TrioWatch.of(socket._core)
    came: int = await watch.wait(watch.lookers, look)
    return came


async def _first_of(waits: list[Callable[[], Awaitable[object]]]) -> None:
    """Wait until one of them is over. Raises what it raised."""
    errors: list[Exception] = []
    async with trio.open_nursery() as nursery:

        async def wait_for(wait: Callable[[], Awaitable[object]]) -> None:
            try:
                await wait()
            except Exception as error:  # noqa: BLE001 (raised below, alone: a nursery would raise a group)
                errors.append(error)
            nursery.cancel_scope.cancel()

        for wait in waits:
            nursery.start_soon(wait_for, wait)
    if errors:
        raise errors[0]
