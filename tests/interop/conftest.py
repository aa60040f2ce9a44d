"""One pyzmq process for the whole suite."""

from collections.abc import Iterator

import pytest

import purezmq
from tests.helpers.dialogue import Side
from tests.helpers.fixtures import sockets
from tests.helpers.remote import RemoteSide

__all__ = ["sockets"]


@pytest.fixture(scope="session")
def pyzmq_process() -> Iterator[RemoteSide]:
    """The process in which pyzmq lives."""
    remote = RemoteSide()
    with remote.program:
        yield remote


@pytest.fixture(scope="session")
def purezmq_context() -> Iterator[Side]:
    """purezmq's side, in this process."""
    side = Side(purezmq)
    yield side
    side.context.destroy(linger=0)


@pytest.fixture
def theirs(pyzmq_process: RemoteSide) -> Iterator[RemoteSide]:
    """pyzmq's side, without a socket left when the test ends."""
    yield pyzmq_process
    pyzmq_process.settle()


@pytest.fixture
def ours(purezmq_context: Side) -> Iterator[Side]:
    """purezmq's side, without a socket left when the test ends."""
    yield purezmq_context
    purezmq_context.close()
