"""The command line: `make bench ARGS="--quick"`."""

import argparse
import platform
import re
import signal
import sys
from datetime import UTC, datetime

from . import machine
from .contenders import FLOOR, LIBRARIES, Contender, gather
from .measure import LIMIT
from .picture import draw, pictured
from .results import FULL, Result
from .show import progress, show
from .table import headlines, make, measured
from .tournament import bouts, compete
from .workloads import Workload, chosen

NAMES = (*LIBRARIES, FLOOR)
ROUNDS, QUICK_ROUNDS = 5, 3
SECONDS, QUICK_SECONDS = 0.3, 0.15
QUICK_LIMIT = 5.0


def command_line() -> argparse.Namespace:
    """What the user wants."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure purezmq beside pyzmq and pyomq.")
    parser.add_argument("--quick", action="store_true", help="some workloads, shorter, in less than 90 seconds")
    parser.add_argument("--only", metavar="PATTERN", type=pattern, default="", help="workloads with this in their name")
    parser.add_argument("--rounds", type=int, metavar="N", help=f"{ROUNDS}, or {QUICK_ROUNDS} with --quick")
    parser.add_argument("--contenders", type=names, default=list(NAMES), metavar="A,B", help=", ".join(NAMES))
    return parser.parse_args()


def pattern(text: str) -> str:
    """A regular expression."""
    try:
        re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text} is no regular expression: {error}") from None
    return text


def names(text: str) -> list[str]:
    """Names of contenders, with commas between them."""
    wanted = text.split(",")
    if unknown := set(wanted) - set(NAMES):
        raise argparse.ArgumentTypeError(f"there is no {', '.join(sorted(unknown))}, but {', '.join(NAMES)}")
    return wanted


def begin(arguments: argparse.Namespace, contenders: list[Contender], absent: dict[str, str]) -> Result:
    """The result, before anything is measured."""
    whole = not arguments.only and arguments.contenders == list(NAMES) and not arguments.rounds
    return Result(
        date=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        commit=machine.commit(),
        machine=machine.short_name(),
        cpu=machine.cpu(),
        cores=machine.cores(),
        python=platform.python_version(),
        extent="quick" if arguments.quick else FULL if whole else "part",
        rounds=arguments.rounds or (QUICK_ROUNDS if arguments.quick else ROUNDS),
        seconds=QUICK_SECONDS if arguments.quick else SECONDS,
        versions={contender.name: contender.version for contender in contenders},
        absent=absent,
    )


def run(result: Result, contenders: list[Contender], workloads: list[Workload], limit: float) -> None:
    """Measure, show and write."""
    with progress(result.rounds * len(bouts(contenders, workloads))) as tell:
        compete(result, contenders, workloads, limit, tell)
    show(make(result, headlines(measured(result))))
    path = result.write()
    print(path.relative_to(machine.ROOT))
    if pictured(result):
        picture = path.with_suffix(".svg")
        picture.write_text(draw(result))
        print(picture.relative_to(machine.ROOT))


def main() -> None:
    """Do it; when it is terminated, its processes end with it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    arguments = command_line()
    workloads = chosen(arguments.only, quick=arguments.quick)
    if not workloads:
        sys.exit(f"no workload matches {arguments.only}")
    contenders, absent = gather(arguments.contenders)
    result = begin(arguments, contenders, absent)
    try:
        run(result, contenders, workloads, QUICK_LIMIT if arguments.quick else LIMIT)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
