"""From a side that is written as coroutines to one that `scene` can play."""

import asyncio
from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import Any, TypeAlias, TypeVar

from ...stage import Stage

T = TypeVar("T")
Work: TypeAlias = Callable[[int], Coroutine[Any, Any, T]]
"""LeadWork or FollowWork, to be awaited."""


def in_loop(side: Callable[[Stage], Coroutine[Any, Any, Work[T]]]) -> Callable[[Stage], Callable[[int], T]]:
    """The same side, which makes its sockets and does its work in a loop of its own; the loop rests in between."""

    def plain(stage: Stage) -> Callable[[int], T]:
        runner = asyncio.Runner(loop_factory=_factory(stage.settings["loop"]))
        work = runner.run(side(stage.awaiting()))
        return lambda count: runner.run(work(count))

    return plain


def _factory(loop: str) -> Callable[[], asyncio.AbstractEventLoop]:
    """What makes loops of this kind: "asyncio" or "uvloop"."""
    factory: Callable[[], asyncio.AbstractEventLoop] = import_module(loop).new_event_loop
    return factory
