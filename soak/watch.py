"""What a process holds while it works, sampled, and whether it grows."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from itertools import combinations
from statistics import median
from typing import Final, NamedTuple

import psutil

SAMPLES: Final = 60
"""How many times a run is looked at."""

WARMING_UP: Final = 5
"""The first one of so many parts of a run does not count: buffers and caches fill then."""


MAY_BE_NOISE: Final = 4
"""A growth of so many times the noise. What leaks grows far more."""


class Measure(NamedTuple):
    """One thing that must not grow."""

    name: str
    bound: float
    """Growth over the part of the run that counts, in `unit`; more is a leak, unless it may be noise."""
    unit: str
    take: Callable[[], float]


def _resident() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


def _descriptors() -> float:
    return float(psutil.Process().num_fds())


def _tasks() -> float:
    return len(asyncio.all_tasks())


def _futures() -> float:
    return sum(isinstance(thing, asyncio.Future) for thing in gc.get_objects())


MEASURES: Final = (
    Measure("resident memory", 4, "MiB", _resident),
    Measure("descriptors", 4, "", _descriptors),
    Measure("tasks", 4, "", _tasks),
    Measure("futures", 4, "", _futures),
)


def growth(values: Sequence[float]) -> float:
    """How much the values grow from the first to the last, by the median of the slopes between any two of them.

    A few values that lie far off, as when many clients happen to be there at once, do not move it.
    """
    slopes = [(b - a) / (j - i) for (i, a), (j, b) in combinations(enumerate(values), 2)]
    return median(slopes) * (len(values) - 1) if slopes else 0.0


def noise(values: Sequence[float]) -> float:
    """How far the values lie from the line along which they grow, as a median."""
    slope = growth(values) / max(len(values) - 1, 1)
    level = [value - slope * number for number, value in enumerate(values)]
    middle = median(level)
    return median(abs(value - middle) for value in level)


class Watch:
    """Samples of all measures."""

    def __init__(self) -> None:
        self.samples: dict[Measure, list[float]] = {measure: [] for measure in MEASURES}

    async def keep(self, seconds: float) -> None:
        """Look again and again, until the run ends; it is expected to take `seconds`."""
        while True:
            await asyncio.sleep(seconds / SAMPLES)
            self.sample()

    def sample(self) -> None:
        """Look once, without the garbage that Python will collect some time."""
        gc.collect()
        for measure, values in self.samples.items():
            values.append(measure.take())

    def counting(self, measure: Measure) -> list[float]:
        """The values after warming up."""
        values = self.samples[measure]
        return values[len(values) // WARMING_UP :]

    def bound(self, measure: Measure) -> float:
        """What may be the growth of something that does not leak."""
        return measure.bound + MAY_BE_NOISE * noise(self.counting(measure))

    def leaks(self) -> list[str]:
        """What has grown, and by how much."""
        return [
            f"{measure.name} grew by {grown:.1f} {measure.unit}".rstrip()
            for measure in MEASURES
            if (grown := growth(self.counting(measure))) > self.bound(measure)
        ]

    def table(self) -> list[str]:
        """A line for each measure."""
        lines = [f"{'':22}{'after warming up':>18}{'at the end':>12}{'growth':>9}{'bound':>8}"]
        for measure in MEASURES:
            values = self.counting(measure)
            name = f"{measure.name}, {measure.unit}" if measure.unit else measure.name
            lines.append(f"{name:22}{values[0]:18.1f}{values[-1]:12.1f}{growth(values):9.1f}{self.bound(measure):8.1f}")
        return lines
