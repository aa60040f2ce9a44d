"""What a scene is, and how its two sides go through it together.

Both sides make their sockets once and then do their work several times, with more messages each time, until it takes
long enough to tell how many fill the wanted time. That run is the measured one, and those before it have warmed up both
sides. The lead decides and has the clock; the follower does as it is told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import Any, Final, TypeAlias

from ..memory import peak
from ..stage import Stage

LeadWork: TypeAlias = Callable[[int], list[float]]
"""Take part in so many messages and return the readings: of most scenes the seconds that all of them took."""
FollowWork: TypeAlias = Callable[[int], None]
Figures: TypeAlias = dict[str, float]
"""By metric; in seconds, octets and events per second."""

ENOUGH: Final = 0.2
"""The share of the wanted time after which a run tells the rate well enough."""
LEAST_GROWTH: Final = 2
MOST_GROWTH: Final = 16
"""How many times longer the next run may be."""
WARM_UP: Final = 20
"""Where the count is fixed, this fraction of it warms up."""


@dataclass(frozen=True)
class Scene:
    """One kind of workload.

    `lead` and `follow` make the sockets of their side and return its work. `figures` turns the settings, the count and
    the lead's readings into figures; with `costs`, memory and the CPU time of each message are added. `messages` tells
    how many messages a count of one stands for; `step` divides each count.
    """

    lead: Callable[[Stage], LeadWork]
    follow: Callable[[Stage], FollowWork]
    figures: Callable[[dict[str, Any], int, list[float]], Figures]
    messages: Callable[[dict[str, Any]], int] = lambda _settings: 1
    step: int = 1
    costs: bool = False

    def cost(self, stage: Stage, count: int, cpu: float) -> Figures:
        """What this process has spent on so many messages."""
        return {"cpu": cpu / count / self.messages(stage.settings), "peak": peak()} if self.costs else {}


def play_lead(scene: Scene, stage: Stage, seconds: float) -> Figures:
    """The lead's part; returns the figures of the measured run, and what it cost this process."""
    work = scene.lead(stage)

    def run(count: int, *, last: bool) -> list[float]:
        stage.channel.tell([count, last])
        readings = work(count)
        stage.channel.tell("done")
        return readings

    count = stage.settings.get("count")
    if count:
        run(max(count // WARM_UP, 1), last=False)
    else:
        count = _calibrate(run, seconds, scene.step)
    before = process_time()
    readings = run(count, last=True)
    cpu = process_time() - before
    return scene.figures(stage.settings, count, readings) | scene.cost(stage, count, cpu)


def play_follow(scene: Scene, stage: Stage) -> Figures:
    """The follower's part; returns what the measured run cost this process, until the lead was through."""
    work = scene.follow(stage)
    last = False
    while not last:
        count, last = stage.channel.hear()
        before = process_time()
        work(count)
        stage.channel.hear()
    return scene.cost(stage, count, process_time() - before)


def _calibrate(run: Callable[..., list[float]], seconds: float, step: int) -> int:
    """How many messages take so long."""
    count = step
    while True:
        taken = sum(run(count, last=False))
        if taken >= ENOUGH * seconds:
            return _whole(count * seconds / taken, step)
        count = _whole(count * min(max(ENOUGH * seconds / taken, LEAST_GROWTH), MOST_GROWTH), step)


def _whole(count: float, step: int) -> int:
    """The nearest number of whole steps."""
    return max(round(count / step), 1) * step
