"""Fixtures of the outer suites; each suite's conftest names those it uses."""

from collections.abc import Iterator

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
