"""Contexts of the engine's tests, and both kinds of pump."""

from collections.abc import Iterator

import pytest

from purezmq.engine.context import ContextCore

from .helpers import force_end


@pytest.fixture(params=["kernel", "reactor"])
def pump_kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Who watches the descriptors: the waiter, by a poll set of the kernel's, or the reactor."""
    kind = str(request.param)
    monkeypatch.setenv("PUREZMQ_PUMP", "" if kind == "kernel" else kind)
    return kind


@pytest.fixture
def context(pump_kind: str) -> Iterator[ContextCore]:
    """A context that ends with the test, whatever its sockets still have to deliver."""
    core = ContextCore()
    yield core
    force_end(core)


@pytest.fixture
def kernel_context(monkeypatch: pytest.MonkeyPatch) -> Iterator[ContextCore]:
    """One whose sockets are pumped by whoever waits."""
    monkeypatch.setenv("PUREZMQ_PUMP", "")
    core = ContextCore()
    yield core
    force_end(core)
