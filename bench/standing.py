"""How a contender stands in a result: its median, the spread, and the ratios to the others."""

from dataclasses import dataclass
from statistics import median
from typing import Final

from .contenders import BLOCKING, OURS, RIVAL
from .goals import goal
from .metrics import METRICS
from .results import Result
from .samples import spread
from .workloads import WORKLOADS

COUNTERPART: Final = {workload.name: workload.blocking for workload in WORKLOADS}


@dataclass(frozen=True)
class Standing:
    """One figure of one contender.

    `ratio` is that of the medians; `reached` tells of the goal, if there is one; `behind` is whether pyomq is better
    in all rounds.
    """

    value: float
    spread: float
    ratio: float | None
    reached: bool | None
    behind: bool


def standing(result: Result, workload: str, contender: str, metric: str, against: str) -> Standing | None:
    """The standing of a contender; None, if it has no such figure."""
    values = result.values(workload, contender, metric)
    if not values:
        return None
    bases = (
        result.values(COUNTERPART[workload], contender, metric)
        if against == BLOCKING
        else result.values(workload, against, metric)
    )
    ratio = median(values) / median(bases) if bases else None
    wanted = goal(workload, metric, against)
    return Standing(
        value=median(values),
        spread=spread(values),
        ratio=ratio,
        reached=wanted.reached(contender, ratio) if wanted and ratio is not None else None,
        behind=contender in OURS and _behind(result, workload, contender, metric),
    )


def _behind(result: Result, workload: str, contender: str, metric: str) -> bool:
    ratios = result.ratios(workload, contender, metric, RIVAL)
    return bool(ratios) and all(METRICS[metric].gain(ratio) < 1 for ratio in ratios)
