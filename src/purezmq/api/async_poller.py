"""Waiting, within an event loop, for several sockets and file descriptors at once.

Imports `loop_watch`, `pending`, `poll`, `waiting`, and the public `constants` and `error`.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from ..constants import PollEvent
from ..error import Again
from .loop_watch import LoopWatch
from .pending import Pending
from .poll import Poller, zmq_poll
from .waiting import Watch

__all__ = ["AsyncPoller"]


class AsyncPoller(Poller):
    """A Poller for use within an event loop: `poll` returns a future."""

    def __init__(self) -> None:
        super().__init__()
        self.raw_sockets: list[Any] = []
        """File descriptors that the loop watches at the moment."""

    def poll(self, timeout: float | None = -1) -> "asyncio.Future[list[tuple[Any, int]]]":  # type: ignore[override]
        """Wait until something is ready: a future of what `Poller.poll` returns, or raises.

        `timeout` is in milliseconds; None or negative (the default): as long as it takes.
        """
        loop = asyncio.get_running_loop()
        future = Pending(loop, self._look)
        look = partial(self._look_for, future)
        look()
        if future.done():
            return future
        if timeout == 0:
            future.finish(0, [])
            return future
        leave = self._watch_all(loop, look)
        future.add_done_callback(lambda _: leave())
        if timeout is not None and timeout > 0:
            future.timer = loop.call_later(timeout / 1000, self._too_late, future)
        return future

    def _look(self) -> list[tuple[Any, int]]:
        ready = zmq_poll(self._events.items(), 0)
        if not ready:
            raise Again
        return ready

    def _look_for(self, future: Pending) -> bool:
        """Finish it, if something is ready. Whether nothing was."""
        if future.done():
            return False
        try:
            ready = future.attempt()
        except Again:
            pass
        except Exception as error:  # noqa: BLE001 (whoever waits is told)
            future.fail(error)
        else:
            future.finish(0, ready)
        return not future.done()

    def _too_late(self, future: Pending) -> None:
        if not future.done():
            future.finish(0, [])

    def _watch_all(self, loop: asyncio.AbstractEventLoop, look: Callable[[], bool]) -> Callable[[], None]:
        """Have the loop tell when something may be ready. Returns what ends that."""
        ends: list[Callable[[], object]] = []
        for thing, events in self._events.items():
            watch = Watch.of(thing, events)
            if watch.socket is not None:
                in_loop = LoopWatch.of(watch.socket._core, loop)
                in_loop.listeners.append(look)
                ends.append(partial(in_loop.leave, look))
                continue
            self.raw_sockets.append(watch.fd)
            ends.append(partial(self.raw_sockets.remove, watch.fd))
            if watch.events & PollEvent.POLLIN:
                loop.add_reader(watch.fd, look)
                ends.append(partial(loop.remove_reader, watch.fd))
            if watch.events & PollEvent.POLLOUT:
                loop.add_writer(watch.fd, look)
                ends.append(partial(loop.remove_writer, watch.fd))

        def leave() -> None:
            for end in ends:
                end()

        return leave
