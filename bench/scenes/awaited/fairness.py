"""How late a task wakes from its naps while another one of its loop receives without pause.

What it receives comes from a blocking PUSH, which is faster than anything that is awaited. A task that is not woken
before the flood is over has one reading: how long that was.
"""

import asyncio
from time import perf_counter
from typing import Any, Final

from ...samples import percentile
from ...stage import Stage
from ..scene import Figures, Scene
from ..stream import sender
from .side import Work, in_loop

NAP: Final = 0.001


async def doze(stage: Stage) -> Work[list[float]]:
    """PULL, beside the sleeper; the readings are how long all took, and the delays."""
    recv = stage.bind("PULL").recv

    async def receive(count: int) -> float:
        start = perf_counter()
        for _ in range(count):
            await recv()
        return perf_counter() - start

    async def work(count: int) -> list[float]:
        await recv()
        receiving = asyncio.create_task(receive(count))
        delays = []
        while not receiving.done():
            due = perf_counter() + NAP
            await asyncio.sleep(NAP)
            delays.append(perf_counter() - due)
        return [await receiving, *delays]

    return work


def figures(_settings: dict[str, Any], count: int, readings: list[float]) -> Figures:
    """Messages a second; the median delay, what one in a hundred exceeds, and the longest."""
    taken, *delays = readings
    return {"rate": count / taken, "p50": percentile(delays, 50), "p99": percentile(delays, 99), "max": max(delays)}


SCENE = Scene(in_loop(doze), sender, figures)
