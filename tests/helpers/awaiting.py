"""Awaiting in tests: loops that complain, and sockets that end with the test."""

import asyncio
import warnings
from collections.abc import Coroutine
from typing import Any

import purezmq.asyncio

from .waiting import TIMEOUT


class Pairs:
    """Bound and connected asyncio sockets, which end with the test."""

    def __init__(self) -> None:
        self.context = purezmq.asyncio.Context()
        self._kept: list[object] = []

    def make(self, binder: int, connecter: int, transport: str = "inproc", **options: int) -> tuple[Any, Any]:
        """Two that are connected; the keywords are options that both have from the beginning."""
        ends = self.context.socket(binder), self.context.socket(connecter)
        for end in ends:
            end.linger = 0
            for name, value in options.items():
                setattr(end, name, value)
        endpoint = {"tcp": "tcp://127.0.0.1:*", "ipc": "ipc://*", "inproc": f"inproc://{id(ends)}"}[transport]
        ends[0].bind(endpoint)
        ends[1].connect(ends[0].last_endpoint)
        self._kept.append(ends)
        return ends


def run(coroutine: Coroutine[Any, Any, Any], *, debug: bool = False) -> Any:
    """Run it in a loop of its own. It must end in time, and nothing may be left for a warning."""

    async def within() -> Any:
        return await asyncio.wait_for(coroutine, TIMEOUT)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return asyncio.run(within(), debug=debug)


async def turns(count: int = 3) -> None:
    """Let everybody else have a few turns."""
    for _ in range(count):
        await asyncio.sleep(0)
