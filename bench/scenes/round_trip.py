"""One question, one answer, and again."""

from time import perf_counter
from typing import Any

from ..samples import percentile
from ..stage import Stage
from .scene import Figures, FollowWork, LeadWork, Scene


def ask(stage: Stage) -> LeadWork:
    """REQ, which times each round trip."""
    (socket,) = stage.connect("REQ")
    send, recv = socket.send, socket.recv
    message = bytes(stage.settings["size"])

    def work(count: int) -> list[float]:
        times = []
        for _ in range(count):
            start = perf_counter()
            send(message)
            recv()
            times.append(perf_counter() - start)
        return times

    return work


def answer(stage: Stage) -> FollowWork:
    """REP, which gives back what it gets."""
    socket = stage.bind("REP")
    send, recv = socket.send, socket.recv

    def work(count: int) -> None:
        for _ in range(count):
            send(recv())

    return work


def figures(_settings: dict[str, Any], _count: int, readings: list[float]) -> Figures:
    """The median, and what one in a hundred exceeds."""
    return {"p50": percentile(readings, 50), "p99": percentile(readings, 99)}


SCENE = Scene(ask, answer, figures, step=16, costs=True)
