"""Messages in one direction, as fast as they go: PUSH to PULL, each `send` and each `recv` awaited."""

from time import perf_counter

from ...stage import Stage
from ..scene import Scene
from ..stream import figures
from .side import Work, in_loop


async def receiver(stage: Stage) -> Work[list[float]]:
    """PULL; its clock starts after the first message."""
    recv = stage.bind("PULL").recv

    async def work(count: int) -> list[float]:
        await recv()
        start = perf_counter()
        for _ in range(count):
            await recv()
        return [perf_counter() - start]

    return work


async def sender(stage: Stage) -> Work[None]:
    """PUSH, which sends one message more than the clock sees."""
    (socket,) = stage.connect("PUSH")
    send, message = socket.send, bytes(stage.settings["size"])

    async def work(count: int) -> None:
        for _ in range(count + 1):
            await send(message)

    return work


SCENE = Scene(in_loop(receiver), in_loop(sender), figures, step=16, costs=True)
