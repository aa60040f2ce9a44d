"""The table of a result, as text in cells: for the terminal and for the documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .contenders import FLOOR, LIBRARIES, NORM
from .goals import GOALS, goal
from .metrics import METRICS, three_digits, written
from .results import Result
from .standing import Standing, standing
from .workloads import WORKLOADS, Workload

LEGEND: Final = (
    "Medians; × is the ratio to pyzmq, or to what it says instead; ± is half of the distance between the "
    "quartiles. Goals are ratios, interpreted / compiled: ✓ reached, ✗ missed. ▾ is behind pyomq in every round."
)
SAME: Final = {"rate", "bandwidth"}
COLUMNS: Final = (*LIBRARIES, FLOOR)
HEADLINE: Final = {workload.name: workload.headline for workload in WORKLOADS}


@dataclass(frozen=True)
class Line:
    """What one line of the table is about."""

    workload: str
    metric: str
    against: str = NORM


@dataclass
class Table:
    """A heading, lines of as many cells, and notes to them."""

    head: list[str]
    body: list[list[str]]
    notes: list[str]


def headlines(workloads: Iterable[Workload]) -> list[Line]:
    """The main figure of each workload, followed by what else has a goal."""
    lines: dict[Line, None] = {}
    for workload in workloads:
        lines[Line(workload.name, workload.headline)] = None
        lines |= {
            Line(goal.workload, goal.metric, goal.against): None for goal in GOALS if goal.workload == workload.name
        }
    return list(lines)


def others(workloads: Iterable[Workload]) -> list[Line]:
    """All other figures of each workload; messages and octets a second are the same, told in two ways."""
    lines = []
    for workload in workloads:
        told = {line.metric for line in headlines([workload])}
        told |= SAME if told & SAME else set()
        lines += [Line(workload.name, metric) for metric in METRICS if metric not in told]
    return lines


def measured(result: Result) -> list[Workload]:
    """The workloads of a result, in the order in which they are listed."""
    return [workload for workload in WORKLOADS if workload.name in result.samples]


def make(result: Result, lines: Iterable[Line]) -> Table:
    """The table with these lines of a result; those without any figure, or without the comparison, are left out."""
    shown = [name for name in COLUMNS if name in result.versions or name in result.absent]
    notes = [f"{name} is absent: {reason}" for name, reason in result.absent.items()]
    body = []
    for line in lines:
        standings = {name: standing(result, line.workload, name, line.metric, line.against) for name in shown}
        if any(found and (line.against == NORM or found.ratio is not None) for found in standings.values()):
            cells = [_cell(result, line, name, standings[name], notes) for name in shown]
            body.append([_title(line), *cells, str(goal(line.workload, line.metric, line.against) or "")])
    head = ["", *(f"{name} {result.versions.get(name, '')}".strip() for name in shown), "goal"]
    return Table(head, body, notes)


def _title(line: Line) -> str:
    beside = "" if line.against == NORM else f", beside {line.against}"
    what = "" if line.metric == HEADLINE[line.workload] else f": {METRICS[line.metric].words}"
    return f"{line.workload}{what}{beside}"


def _cell(result: Result, line: Line, contender: str, found: Standing | None, notes: list[str]) -> str:
    mark = _mark(result, line.workload, contender, notes)
    if found is None:
        return f"–{mark}"
    words = [written(found.value, METRICS[line.metric].unit)]
    if found.ratio is not None and contender != line.against:
        words.append(f"×{three_digits(found.ratio)}")
    words.append(f"±{found.spread:.0%}")
    if found.reached is not None:
        words.append("✓" if found.reached else "✗")
    if found.behind:
        words.append("▾")
    return " ".join(words) + mark


def _mark(result: Result, workload: str, contender: str, notes: list[str]) -> str:
    """The number of the note that tells how often a contender failed; the note is made when it is first wanted."""
    reasons = result.failures.get(workload, {}).get(contender)
    if not reasons:
        return ""
    note = f"{contender}, {workload}: failed {len(reasons)} of {result.rounds} times: {reasons[-1]}"
    if note not in notes:
        notes.append(note)
    return f" [{notes.index(note) + 1}]"


def as_markdown(table: Table) -> str:
    """The table, and its notes below it."""
    rows = [table.head, ["---", *["---:"] * (len(table.head) - 2), "---"], *table.body]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    notes = [f"[{number}] {note}  " for number, note in enumerate(table.notes, 1)]
    return "\n".join([*lines, "", *notes]).rstrip()
