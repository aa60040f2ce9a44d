"""One question, one answer, and again, each side in a loop."""

from time import perf_counter

from ...stage import Stage
from ..round_trip import figures
from ..scene import Scene
from .side import Work, in_loop


async def ask(stage: Stage) -> Work[list[float]]:
    """REQ, which times each round trip."""
    (socket,) = stage.connect("REQ")
    send, recv = socket.send, socket.recv
    message = bytes(stage.settings["size"])

    async def work(count: int) -> list[float]:
        times = []
        for _ in range(count):
            start = perf_counter()
            await send(message)
            await recv()
            times.append(perf_counter() - start)
        return times

    return work


async def answer(stage: Stage) -> Work[None]:
    """REP, which gives back what it gets."""
    socket = stage.bind("REP")
    send, recv = socket.send, socket.recv

    async def work(count: int) -> None:
        for _ in range(count):
            await send(await recv())

    return work


SCENE = Scene(in_loop(ask), in_loop(answer), figures, step=16, costs=True)
