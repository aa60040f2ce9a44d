"""Many tasks that share one socket: each asks with its number, and awaits the answer to it."""

import asyncio
from time import perf_counter
from typing import Final

from ...stage import Stage
from ..scene import Scene
from ..window import requests
from .side import Work, in_loop

TASKS: Final = 1000


async def ask(stage: Stage) -> Work[list[float]]:
    """DEALER; one more task receives all answers and hands them out."""
    (socket,) = stage.connect("DEALER")
    send, recv = socket.send, socket.recv
    new_answer = asyncio.get_running_loop().create_future
    awaited: dict[bytes, asyncio.Future[None]] = {}

    async def request(number: bytes, times: int) -> None:
        for _ in range(times):
            awaited[number] = answer = new_answer()
            await send(number)
            await answer

    async def hand_out(count: int) -> None:
        for _ in range(count):
            awaited.pop(await recv()).set_result(None)

    async def work(count: int) -> list[float]:
        start = perf_counter()
        async with asyncio.TaskGroup() as group:
            group.create_task(hand_out(count))
            for task in range(TASKS):
                group.create_task(request(b"%d" % task, count // TASKS))
        return [perf_counter() - start]

    return work


async def answer(stage: Stage) -> Work[None]:
    """ROUTER, which gives back what it gets."""
    socket = stage.bind("ROUTER")
    send, recv = socket.send_multipart, socket.recv_multipart

    async def work(count: int) -> None:
        for _ in range(count):
            await send(await recv())

    return work


SCENE = Scene(in_loop(ask), in_loop(answer), requests, step=TASKS, costs=True)
