"""Many connections to one socket, which are made and then say nothing."""

import resource
from time import perf_counter
from typing import Any, Final

from ..memory import resident
from ..stage import Stage
from .scene import Figures, FollowWork, LeadWork, Scene

SPARE: Final = 100
"""Descriptors and sockets for other things."""


def accept(stage: Stage) -> LeadWork:
    """PULL; a connection is there when its first message is."""
    _make_room(stage)
    recv = stage.bind("PULL").recv

    def work(count: int) -> list[float]:
        before = resident()
        for _ in range(count):
            recv()
        end = perf_counter()
        return [end - stage.channel.hear(), resident() - before]

    return work


def connect(stage: Stage) -> FollowWork:
    """One PUSH for each connection."""
    _make_room(stage)
    context = stage.library.context
    if hasattr(context, "set"):  # pyomq has neither this limit nor the method
        context.set(stage.library.zmq.MAX_SOCKETS, stage.settings["count"] + SPARE)
    endpoint = stage.channel.hear()
    sockets = []

    def work(count: int) -> None:
        start = perf_counter()
        for _ in range(count):
            socket = stage.socket("PUSH")
            socket.connect(endpoint)
            socket.send(b"here")
            sockets.append(socket)
        stage.channel.tell(start)

    return work


def _make_room(stage: Stage) -> None:
    """Allow that many open descriptors, and a few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * stage.settings["count"] + SPARE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def figures(_settings: dict[str, Any], count: int, readings: list[float]) -> Figures:
    """Seconds until all are there, and octets for each in the process of the PULL."""
    setup, growth = readings
    return {"setup": setup, "each": growth / count}


SCENE = Scene(accept, connect, figures)
