"""What `make bench` shows in the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table as RichTable
from rich.text import Text

from .table import LEGEND, Table

PAPER: Final = 160
"""The width where there is no terminal."""


def console() -> Console:
    """Standard output."""
    plain = Console()
    return plain if plain.is_terminal else Console(width=PAPER)


@contextmanager
def progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar over so many steps; the function is called as each begins. It is drawn only then: the cores are busy."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console(), auto_refresh=False) as bar:
        task = bar.add_task("", total=total)
        begun = 0

        def begin(words: str) -> None:
            nonlocal begun
            bar.update(task, completed=begun, description=words, refresh=True)
            begun += 1

        yield begin
        bar.update(task, completed=total, description="done", refresh=True)


def show(table: Table) -> None:
    """Print a table with its legend and its notes."""
    first, *others = table.head
    drawn = RichTable(first, box=SIMPLE, caption=LEGEND, caption_justify="left")
    for title in others:
        drawn.add_column(title, justify="right")
    for row in table.body:
        drawn.add_row(*map(Text, row))
    terminal = console()
    terminal.print(drawn)
    for number, note in enumerate(table.notes, 1):
        terminal.print(Text(f"[{number}] {note}"))
