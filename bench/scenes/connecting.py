"""From `connect` to the arrival of the first message; the sockets of both sides are new each time."""

from time import perf_counter
from typing import Any

from ..samples import percentile
from ..stage import Stage
from .scene import Figures, FollowWork, LeadWork, Scene


def receiver(stage: Stage) -> LeadWork:
    """A new PULL each time."""

    def work(count: int) -> list[float]:
        times = []
        for _ in range(count):
            socket = stage.bind("PULL")
            socket.recv()
            end = perf_counter()
            times.append(end - stage.channel.hear())
            socket.close(linger=0)
        return times

    return work


def sender(stage: Stage) -> FollowWork:
    """A new PUSH each time."""

    def work(count: int) -> None:
        for _ in range(count):
            endpoint = stage.channel.hear()
            socket = stage.socket("PUSH")
            start = perf_counter()
            socket.connect(endpoint)
            socket.send(b"first")
            stage.channel.tell(start)
            socket.close(linger=-1)

    return work


def figures(_settings: dict[str, Any], _count: int, readings: list[float]) -> Figures:
    """The median."""
    return {"p50": percentile(readings, 50)}


SCENE = Scene(receiver, sender, figures)
