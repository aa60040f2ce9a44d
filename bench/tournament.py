"""All contenders in all workloads, several times: each workload by all in turn, so that a change of mood hits all."""

from collections.abc import Callable, Sequence
from typing import Final

from .contenders import FLOOR, Contender
from .measure import Failed, measure
from .results import Result
from .workloads import Workload

CHANCES: Final = 2
"""How often a contender may fail in a workload before it is not tried again."""


def compete(
    result: Result,
    contenders: Sequence[Contender],
    workloads: Sequence[Workload],
    limit: float,
    tell: Callable[[str], None],
) -> None:
    """Fill the result; `tell` is called with a few words before each measurement."""
    for number in range(1, result.rounds + 1):
        for workload, contender in bouts(contenders, workloads):
            tell(f"round {number} of {result.rounds}: {workload.name}, {contender.name}")
            take_part(result, contender, workload, limit)


def bouts(contenders: Sequence[Contender], workloads: Sequence[Workload]) -> list[tuple[Workload, Contender]]:
    """The measurements of a round."""
    return [(workload, contender) for workload in workloads for contender in contenders if fits(contender, workload)]


def fits(contender: Contender, workload: Workload) -> bool:
    """Whether a contender has a part in a workload; raw sockets have none in most."""
    if workload.loop == "uvloop" and not contender.has_uvloop:
        return False
    return workload.raw or contender.name != FLOOR


def take_part(result: Result, contender: Contender, workload: Workload, limit: float) -> None:
    """Measure once, and note the outcome; who has failed too often is not asked again."""
    samples = result.samples.setdefault(workload.name, {}).setdefault(contender.name, [])
    failures = result.failures.get(workload.name, {}).get(contender.name, [])
    if len(failures) >= CHANCES:
        samples.append(None)
        return
    try:
        samples.append(measure(contender, workload, result.seconds, limit))
    except Failed as reason:
        samples.append(None)
        result.failures.setdefault(workload.name, {}).setdefault(contender.name, []).append(str(reason))
