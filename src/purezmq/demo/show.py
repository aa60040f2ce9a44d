"""What the demo prints: who received what, and at the end the counts, in colour on a terminal."""

import os
import sys
import textwrap
from itertools import groupby

from .. import _build
from .director import Outcome
from .scene import Check, Scene

WIDTH = 110
GREEN, RED, BOLD = 32, 31, 1

Verdicts = dict[tuple[str, str], dict[str, Check]]
"""By the scene's name and what is checked: the check over each transport."""


def coloured(text: str, colour: int) -> str:
    """The text in this colour where colours are seen and not unwanted."""
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        return f"\033[{colour}m{text}\033[0m"
    return text


def show_opening() -> None:
    """What is going to be seen."""
    print(coloured(_build.about(), BOLD))
    print("Over tcp and ipc every role is a process of its own, over inproc a thread.")


def show_scene(scene: Scene, transport: str, outcome: Outcome) -> None:
    """Who played where and received what, or what went wrong."""
    kind = "threads" if transport == "inproc" else "processes"
    print("\n" + coloured(f"{scene.name} over {transport}, {len(scene.roles)} {kind}, {outcome.seconds:.2f} s", BOLD))
    for role in filter(outcome.received.__contains__, scene.roles):
        received = outcome.received[role]
        lead = f"  {role:<11} {outcome.where[role]:<15} received {len(received):>2}: "
        words = ", ".join(map(scene.tell, received))
        print(textwrap.fill(words, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead)))
    if outcome.failure:
        print(coloured(f"  FAILED: {outcome.failure}", RED))


def show_counts(verdicts: Verdicts, transports: list[str]) -> None:
    """A table of what came: a row for each thing that was counted, a column for each transport."""
    print(
        "\n" + coloured(f"{'received / expected':<60}" + "".join(f"{transport:>10}" for transport in transports), BOLD)
    )
    for scene_name, rows in groupby(verdicts.items(), key=lambda row: row[0][0]):
        for number, ((_, what), checks) in enumerate(rows):
            cells = (show_count(checks.get(transport)) for transport in transports)
            print(f"{'' if number else scene_name:<19}{what:<41}" + "".join(cells))


def show_count(check: Check | None) -> str:
    """One cell: `12 / 12`; a wrong one has a mark, also when only the number is right."""
    if check is None:
        return f"{'-':>10}"
    cell = f"{len(check.got)} / {len(check.expected)}"
    return coloured(f"{cell:>10}", GREEN) if check.holds else coloured(f"{cell + ' !':>10}", RED)


def show_result(wrong: list[str], checks: int, seconds: float) -> None:
    """The last words."""
    print()
    for line in wrong:
        print(coloured(f"WRONG: {line}", RED))
    if wrong:
        print(coloured(f"{len(wrong)} wrong, in {seconds:.1f} s", RED))
    else:
        print(coloured(f"all {checks} counts are right, in {seconds:.1f} s", GREEN))
