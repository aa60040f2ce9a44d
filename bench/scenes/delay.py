"""How long a message is on its way when there is no hurry: from the beginning of `send` to the end of `recv`.

Bursts leave at a steady pace, and the last message of each carries the time. Both sides read the same clock, also in
two processes: perf_counter is system-wide.
"""

from time import perf_counter_ns, sleep
from typing import Any, Final

from ..samples import percentile
from ..stage import Stage
from .scene import Figures, FollowWork, LeadWork, Scene

STAMP: Final = 10
"""The size of all messages, in octets."""


def receiver(stage: Stage) -> LeadWork:
    """PULL, which looks at the clock after the last message of a burst."""
    recv = stage.bind("PULL").recv
    burst = stage.settings["burst"]

    def work(count: int) -> list[float]:
        delays = []
        for _ in range(count):
            for _ in range(burst):
                stamp = recv()
            delays.append((perf_counter_ns() - int.from_bytes(stamp)) / 1e9)
        return delays

    return work


def sender(stage: Stage) -> FollowWork:
    """PUSH; with the setting `busy`, its thread computes for so many seconds after each burst, instead of sleeping."""
    (socket,) = stage.connect("PUSH")
    send = socket.send
    others, busy = stage.settings["burst"] - 1, round(stage.settings.get("busy", 0) * 1e9)
    pace = round(stage.settings["pace"] * 1e9)

    def work(count: int) -> None:
        due = perf_counter_ns()
        for _ in range(count):
            now = perf_counter_ns()
            due = max(due + pace, now)
            sleep((due - now) / 1e9)
            for _ in range(others):
                send(bytes(STAMP))
            now = perf_counter_ns()
            send(now.to_bytes(STAMP))
            while perf_counter_ns() < now + busy:
                pass

    return work


def figures(_settings: dict[str, Any], _count: int, readings: list[float]) -> Figures:
    """The median, what one in a hundred exceeds, and the longest."""
    return {"p50": percentile(readings, 50), "p99": percentile(readings, 99), "max": max(readings)}


SCENE = Scene(receiver, sender, figures)
