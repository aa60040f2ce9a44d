"""All of it is tested on asyncio's own loop and on uvloop's; sockets are connected by each transport."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from tests.helpers.awaiting import Pairs


def runner(factory: Callable[[], asyncio.AbstractEventLoop]) -> Callable[..., Any]:
    """An `asyncio.run` that makes its loops in this way."""

    def run(main: Coroutine[Any, Any, Any], *, debug: bool | None = None) -> Any:
        with asyncio.Runner(debug=debug, loop_factory=factory) as runner:
            return runner.run(main)

    return run


@pytest.fixture(params=["asyncio", "uvloop"], autouse=True)
def loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The kind of loop that `asyncio.run` makes."""
    factory = asyncio.new_event_loop
    if request.param == "uvloop":
        factory = pytest.importorskip("uvloop").new_event_loop
    monkeypatch.setattr(asyncio, "run", runner(factory))
    return str(request.param)


@pytest.fixture(params=["tcp", "ipc", "inproc"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pairs() -> Iterator[Pairs]:
    pairs = Pairs()
    yield pairs
    pairs.context.destroy(linger=0)
