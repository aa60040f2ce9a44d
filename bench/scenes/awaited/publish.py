"""One blocking PUB and many SUBs in one loop, each with a task of its own that receives all messages."""

from asyncio import TaskGroup
from collections.abc import Awaitable, Callable
from functools import partial
from time import perf_counter
from typing import Final

from ...channel import Channel
from ...descriptors import make_room
from ...stage import Stage
from ..publish import LAST_CALL, deliveries, figures, publish
from ..scene import Scene
from .side import Work, in_loop

BATCH: Final = 10
"""How many messages all subscribers acknowledge together."""


async def subscribe(stage: Stage) -> Work[list[float]]:
    """The subscribers; the one that is the last to have a batch acknowledges it."""
    make_room(stage.settings["subscribers"])
    sockets = stage.connect("SUB", stage.settings["subscribers"])
    for socket in sockets:
        socket.setsockopt(stage.library.zmq.SUBSCRIBE, b"")
    receives = [socket.recv for socket in sockets]
    await _answer_the_call(receives, stage.channel)

    async def receive(recv: Callable[[], Awaitable[bytes]], missing: list[int]) -> None:
        for batch in range(len(missing)):
            for _ in range(BATCH):
                await recv()
            missing[batch] -= 1
            if not missing[batch]:
                stage.channel.tell("go on")

    async def work(count: int) -> list[float]:
        for recv in receives:
            await recv()
        start = perf_counter()
        missing = [len(receives)] * (count // BATCH)
        async with TaskGroup() as group:
            for recv in receives:
                group.create_task(receive(recv, missing))
        return [perf_counter() - start]

    return work


async def _answer_the_call(receives: list[Callable[[], Awaitable[bytes]]], channel: Channel) -> None:
    for recv in receives:
        await recv()
    channel.tell("all are there")
    for recv in receives:
        while await recv() != LAST_CALL:
            pass


SCENE = Scene(in_loop(subscribe), partial(publish, batch=BATCH), figures, deliveries, step=BATCH, costs=True)
