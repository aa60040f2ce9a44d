"""Messages in one direction, as fast as they go: PUSH to PULL or PAIR to PAIR, by one sender or by several in turn."""

import random
from functools import partial
from itertools import cycle, islice
from statistics import mean
from time import perf_counter
from typing import Any, Final

from ..stage import Stage
from .scene import Figures, FollowWork, LeadWork, Scene

MIXED: Final = 1000
"""How many messages of different sizes follow each other, again and again."""


def payloads(settings: dict[str, Any]) -> list[Any]:
    """The messages that are sent in turn: of one size, in several parts, or of sizes whose logarithms are uniform."""
    size: int = settings["size"]
    if "least" in settings:
        rng = random.Random(size)  # noqa: S311 - the same sizes for all
        low, ratio = settings["least"], size / settings["least"]
        return [bytes(round(low * ratio ** rng.random())) for _ in range(MIXED)]
    if "parts" in settings:
        return [[bytes(size)] * settings["parts"]]
    return [bytes(size)]


def octets(settings: dict[str, Any]) -> float:
    """The size of a message, on the average."""
    return mean(
        len(message) if isinstance(message, bytes) else sum(map(len, message)) for message in payloads(settings)
    )


def _kinds(stage: Stage) -> list[str]:
    """Who sends, and who receives."""
    kinds: list[str] = stage.settings.get("kinds", ["PUSH", "PULL"])
    return kinds


def receiver(stage: Stage) -> LeadWork:
    """The receiver; its clock starts after the first message."""
    socket = stage.bind(_kinds(stage)[1])
    recv = socket.recv_multipart if "parts" in stage.settings else socket.recv
    if stage.settings.get("copy") is False:
        recv = partial(recv, copy=False)

    def work(count: int) -> list[float]:
        recv()
        start = perf_counter()
        for _ in range(count):
            recv()
        return [perf_counter() - start]

    return work


def sender(stage: Stage) -> FollowWork:
    """The sender, of one message more than the clock sees."""
    sockets = stage.connect(_kinds(stage)[0], stage.settings.get("senders", 1))
    sends = [socket.send_multipart if "parts" in stage.settings else socket.send for socket in sockets]
    if stage.settings.get("copy") is False:
        sends = [partial(send, copy=False) for send in sends]
    send, *others = sends
    message, *more = messages = payloads(stage.settings)

    def alike(count: int) -> None:
        for _ in range(count + 1):
            send(message)

    def differently(count: int) -> None:
        for message in islice(cycle(messages), count + 1):
            send(message)

    def in_turn(count: int) -> None:
        for send in islice(cycle(sends), count + 1):
            send(message)

    if others:
        return in_turn
    return differently if more else alike


def figures(settings: dict[str, Any], count: int, readings: list[float]) -> Figures:
    """Messages and octets a second."""
    rate = count / sum(readings)
    return {"rate": rate, "bandwidth": rate * octets(settings)}


SCENE = Scene(receiver, sender, figures, step=16, costs=True)
