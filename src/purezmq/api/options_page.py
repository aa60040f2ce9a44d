"""docs/options.md, printed from the tables in `option_tables`, which it imports."""

from collections.abc import Iterable, Iterator

from .option import Option
from .option_tables import CONTEXT_OPTIONS, SOCKET_OPTIONS, option_names


def markdown() -> str:
    """Return docs/options.md."""
    return "\n".join((*_INTRODUCTION, *_table(SOCKET_OPTIONS), "", *_OF_CONTEXTS, *_table(CONTEXT_OPTIONS), ""))


_INTRODUCTION = (
    "# Options",
    "",
    "<!-- Printed by `python -m purezmq.api.options_page` from the tables in `option_tables`. -->",
    "",
    "Numbers, names and ranges are those of libzmq 4.3.5. A value that an option does not take, a number that is no",
    "option, and an option of another socket type raise `ZMQError` with EINVAL, and the text says what was wanted;",
    "a value of the wrong Python type raises `TypeError`. **S**: can be set, **G**: can be read.",
    "**Live** options act at once, all others on later binds and connects.",
    "",
    "## Of sockets",
    "",
)
_OF_CONTEXTS = ("## Of contexts", "")


def _table(options: Iterable[Option]) -> Iterator[str]:
    yield "| No | Name | Value | Default | | Live | Wants | Socket types | Remarks |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for option in sorted(options, key=lambda option: option.number):
        yield f"| {' | '.join(_cells(option))} |"


def _cells(option: Option) -> Iterator[str]:
    place = option.place
    yield str(option.number)
    yield ", ".join([name for name, row in option_names.items() if row is option]) or option.name
    yield option.kind
    yield "" if place.default is None else repr(place.default)
    yield ("S" if place.write else "") + ("G" if place.read else "")
    yield "live" if option.live else ""
    yield option.rule.wants
    yield option.owners()
    yield f"refused: {option.refused}" if option.refused else f"no effect: {option.unused}" if option.unused else ""


if __name__ == "__main__":
    print(markdown(), end="")  # noqa: T201 (it is asked to)
