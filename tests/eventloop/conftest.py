"""ZMQStream is tested against purezmq, and against pyzmq as well, to prove what is expected."""

import asyncio
import importlib
from collections.abc import Callable, Coroutine, Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.helpers.fixtures import pair
from tests.helpers.waiting import TIMEOUT

__all__ = ["pair"]

pytest.importorskip("tornado")


@pytest.fixture(params=["purezmq", "zmq"])
def zmq(request: pytest.FixtureRequest) -> ModuleType:
    module = pytest.importorskip(request.param)
    importlib.import_module(f"{request.param}.eventloop.zmqstream")
    importlib.import_module(f"{request.param}.asyncio")
    return module


@pytest.fixture
def ours() -> ModuleType:
    """For what purezmq does better, or differently."""
    return importlib.import_module("purezmq")


@pytest.fixture
def stream_of(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Makes a ZMQStream of a socket."""
    module = request.getfixturevalue("ours" if "ours" in request.fixturenames else "zmq")
    return importlib.import_module(f"{module.__name__}.eventloop.zmqstream").ZMQStream  # type: ignore[no-any-return]


@pytest.fixture
def context(request: pytest.FixtureRequest) -> Iterator[Any]:
    module = request.getfixturevalue("ours" if "ours" in request.fixturenames else "zmq")
    context = module.Context()
    context.rcvtimeo = context.sndtimeo = int(1000 * TIMEOUT)
    yield context
    context.destroy(linger=0)


@pytest.fixture
def in_loop() -> Callable[[Callable[[], Coroutine[Any, Any, None]]], None]:
    """Runs a coroutine function in a loop of its own, and not for ever: `@in_loop` before its definition."""

    def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
        asyncio.run(asyncio.wait_for(main(), TIMEOUT))

    return run
