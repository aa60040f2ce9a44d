"""What got slower or faster between two results: `bench/compare OLD.json [NEW.json]`.

Each figure is taken as a multiple of pyzmq's in the same round, so that neither the machine nor its mood counts. It has
changed if the medians of old and new differ by more than a few percent, and nearly all pairs of an old and a new round
say so too.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from .contenders import NORM, OURS
from .metrics import METRICS, three_digits
from .results import Result, newest
from .samples import exceeds
from .table import measured

BAND: Final = 0.05
"""Smaller changes are none."""
NEARLY_ALL: Final = 0.95
"""Of the pairs; with five rounds each, two runs of the same code agree that well about once in a hundred figures."""


@dataclass(frozen=True)
class Change:
    """A figure that changed: its ratios to pyzmq in the rounds of both runs."""

    workload: str
    contender: str
    metric: str
    old: list[float]
    new: list[float]

    @property
    def gain(self) -> float:
        """How many times better it became."""
        return METRICS[self.metric].gain(median(self.new) / median(self.old))

    def __str__(self) -> str:
        verdict = "faster" if self.gain > 1 else "slower"
        if METRICS[self.metric].unit == "B":
            verdict = "smaller" if self.gain > 1 else "larger"
        was, now = (
            f"×{three_digits(median(ratios))} ({three_digits(min(ratios))} to {three_digits(max(ratios))})"
            for ratios in (self.old, self.new)
        )
        what = f"{self.workload}: {METRICS[self.metric].words}"
        return f"{verdict:8}{self.contender:12}{what:48}{was} → {now}  {self.gain - 1:+.0%}"


def changes(old: Result, new: Result) -> list[Change]:
    """All changes, the worst first."""
    found = [
        change
        for workload in measured(new)
        for contender in OURS
        for metric, kind in METRICS.items()
        if kind.steady and (change := compare(old, new, workload.name, contender, metric))
    ]
    return sorted(found, key=lambda change: change.gain)


def compare(old: Result, new: Result, workload: str, contender: str, metric: str) -> Change | None:
    """The change of one figure, if it changed."""
    was, now = (result.ratios(workload, contender, metric, NORM) for result in (old, new))
    if not was or not now:
        return None
    more = exceeds(now, was)
    change = Change(workload, contender, metric, was, now)
    return change if max(more, 1 - more) >= NEARLY_ALL and abs(change.gain - 1) > BAND else None


def lost(old: Result, new: Result) -> list[str]:
    """What a contender of ours could do in the old run and cannot in the new one, though it took part."""
    return [
        f"lost    {contender:12}{workload.name}"
        for workload in measured(old)
        for contender in OURS
        if any(old.samples[workload.name].get(contender, []))
        and contender in new.samples.get(workload.name, {})
        and not any(new.samples[workload.name][contender])
    ]


def main() -> int:
    """Print what changed; 1, if something got worse."""
    parser = argparse.ArgumentParser(prog="bench/compare", description="Tell what got slower or faster.")
    parser.add_argument("old", type=Path, metavar="OLD.json")
    parser.add_argument("new", type=Path, metavar="NEW.json", nargs="?", help="the newest result, if it is not given")
    arguments = parser.parse_args()
    old, new = Result.read(arguments.old), Result.read(arguments.new or newest())
    found, gone = changes(old, new), lost(old, new)
    print(f"{old.commit} ({old.date}) → {new.commit} ({new.date}), as multiples of pyzmq")
    print("\n".join([*gone, *map(str, found)]) or "nothing changed by more than its spread")
    return int(bool(gone) or any(change.gain < 1 for change in found))


if __name__ == "__main__":
    sys.exit(main())
