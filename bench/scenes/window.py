"""Many messages in flight at once: each answer that comes in lets the next message go out."""

from collections.abc import Callable
from time import perf_counter
from typing import Any, Final

from ..stage import Stage
from .scene import Figures, FollowWork, LeadWork, Scene

DIRECTIONS: Final = 2


def exchange(
    send: Callable[[bytes], object], recv: Callable[[], object], message: bytes, count: int, window: int
) -> None:
    """Send and receive so many messages, `window` of them (or `count`, if that is less) ahead."""
    ahead = min(count, window)
    for _ in range(ahead):
        send(message)
    for _ in range(count - ahead):
        recv()
        send(message)
    for _ in range(ahead):
        recv()


def ask(stage: Stage) -> LeadWork:
    """DEALER, which keeps the window full."""
    (socket,) = stage.connect("DEALER")
    send, recv = socket.send, socket.recv
    message, window = bytes(stage.settings["size"]), stage.settings["window"]

    def work(count: int) -> list[float]:
        start = perf_counter()
        exchange(send, recv, message, count, window)
        return [perf_counter() - start]

    return work


def answer(stage: Stage) -> FollowWork:
    """ROUTER, which gives back what it gets."""
    socket = stage.bind("ROUTER")
    send, recv = socket.send_multipart, socket.recv_multipart

    def work(count: int) -> None:
        for _ in range(count):
            send(recv())

    return work


def also_ask(stage: Stage) -> FollowWork:
    """The second DEALER of two that do the same."""
    socket = stage.bind("DEALER")
    send, recv = socket.send, socket.recv
    message, window = bytes(stage.settings["size"]), stage.settings["window"]

    def work(count: int) -> None:
        exchange(send, recv, message, count, window)

    return work


def requests(_settings: dict[str, Any], count: int, readings: list[float]) -> Figures:
    """Requests a second."""
    return {"rate": count / sum(readings)}


def both_directions(_settings: dict[str, Any], count: int, readings: list[float]) -> Figures:
    """Messages a second, those of both directions."""
    return {"rate": DIRECTIONS * count / sum(readings)}


REQUESTS = Scene(ask, answer, requests, step=64, costs=True)
BOTH_WAYS = Scene(ask, also_ask, both_directions, lambda _settings: DIRECTIONS, step=64, costs=True)
