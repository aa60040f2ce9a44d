"""Fixtures of the outer suites; each suite's conftest names those it uses."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .endpoints import fresh_endpoint
from .sockets import Sockets


@pytest.fixture
def sockets() -> Iterator[Sockets]:
    """Sockets of one context that end with the test."""
    with Sockets() as opened:
        yield opened


@pytest.fixture(params=["tcp", "ipc", "inproc"])
def endpoint(request: pytest.FixtureRequest) -> Iterator[str]:
    """An endpoint of each transport in turn."""
    with fresh_endpoint(request.param) as text:
        yield text


@pytest.fixture
def pair(context: Any) -> Iterator[Callable[..., tuple[Any, Any]]]:
    """Makes two sockets that are connected by tcp; keywords are options that both have from the beginning."""
    kept: list[Any] = []

    def make(bound: int, connected: int, **options: int) -> tuple[Any, Any]:
        first, second = context.socket(bound), context.socket(connected)
        kept.extend((first, second))
        for socket in (first, second):
            for name, value in options.items():
                setattr(socket, name, value)
        port = first.bind_to_random_port("tcp://127.0.0.1")
        second.connect(f"tcp://127.0.0.1:{port}")
        return first, second

    yield make
    for socket in kept:
        socket.close(linger=0)
