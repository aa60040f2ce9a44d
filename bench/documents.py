"""A result as the blocks of Markdown that stand in README.md and in docs/performance.md."""

from typing import Final

from .results import Result
from .table import LEGEND, Line, as_markdown, headlines, make, measured, others
from .workloads import HEADLINES

BEGIN: Final = "<!-- bench:begin -->"
END: Final = "<!-- bench:end -->"
PICTURE: Final = "performance.svg"
CAPTION: Final = "purezmq compiled, interpreted and pyomq, as multiples of pyzmq"


class NoBlock(Exception):
    """A document without the two markers, in this order and once each."""


def replaced(document: str, block: str) -> str:
    """The document with this block between its markers."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end) or BEGIN in rest or END in before + after:
        raise NoBlock(f"expected {BEGIN} and {END} once each, in this order")
    return f"{before}{BEGIN}\n{block}\n{END}{after}"


def circumstances(result: Result) -> str:
    """What ran where, in a sentence."""
    versions = ", ".join(f"{name} {version}".strip() for name, version in result.versions.items())
    return (
        f"Commit {result.commit}, {result.date}: {result.rounds} rounds on {result.cpu}, {result.cores} cores, "
        f"Python {result.python} ({versions})."
    )


def short(result: Result) -> str:
    """The block of README.md: the headlines."""
    lines = [Line(workload.name, workload.headline) for workload in measured(result) if workload.name in HEADLINES]
    return "\n\n".join(
        [
            f"![{CAPTION}](docs/{PICTURE})",
            as_markdown(make(result, lines)),
            f"{LEGEND} {circumstances(result)}",
        ]
    )


def full(result: Result) -> str:
    """The block of docs/performance.md: everything."""
    workloads = measured(result)
    return "\n\n".join(
        [
            circumstances(result),
            LEGEND,
            f"![{CAPTION}]({PICTURE})",
            as_markdown(make(result, headlines(workloads))),
            "What else was measured:",
            as_markdown(make(result, others(workloads))),
        ]
    )
