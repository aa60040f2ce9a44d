"""Many connections to one socket, which are made and then say nothing."""

from time import perf_counter
from typing import Any

from ..descriptors import SPARE, make_room
from ..memory import resident
from ..stage import Stage
from .scene import Figures, FollowWork, LeadWork, Scene


def accept(stage: Stage) -> LeadWork:
    """PULL; a connection is there when its first message is."""
    make_room(stage.settings["count"])
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
    make_room(stage.settings["count"])
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


def figures(_settings: dict[str, Any], count: int, readings: list[float]) -> Figures:
    """Seconds until all are there, and octets for each in the process of the PULL."""
    setup, growth = readings
    return {"setup": setup, "each": growth / count}


SCENE = Scene(accept, connect, figures)
