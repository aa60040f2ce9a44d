"""The tests of `log` run against purezmq, and against pyzmq as well, to prove what they expect."""

import importlib
import logging
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test against both libraries; only against purezmq if it asks for `ours`."""
    if "module" in metafunc.fixturenames:
        names = ["purezmq"] if "ours" in metafunc.fixturenames else ["purezmq", "zmq"]
        metafunc.parametrize("module", names, indirect=True)


@pytest.fixture
def module(request: pytest.FixtureRequest) -> ModuleType:
    """The library under test."""
    found: ModuleType = pytest.importorskip(request.param)
    return found


@pytest.fixture
def ours() -> ModuleType:
    """For what purezmq does better."""
    return importlib.import_module("purezmq")


@pytest.fixture
def handlers(module: ModuleType) -> ModuleType:
    return importlib.import_module(f"{module.__name__}.log.handlers")


@pytest.fixture
def context(module: ModuleType) -> Iterator[Any]:
    context = module.Context()
    yield context
    context.destroy(linger=0)


@pytest.fixture
def subscriber(module: ModuleType, context: Any) -> Any:
    """Bound, with every subscription in place at once."""
    socket = context.socket(module.SUB)
    socket.rcvtimeo = 10_000
    socket.subscribe(b"")
    socket.bind(f"inproc://{id(socket)}")
    return socket


@pytest.fixture
def publisher(module: ModuleType, context: Any, subscriber: Any) -> Any:
    """Connected; it knows of the subscription."""
    socket = context.socket(module.XPUB)  # a PUB that tells of subscriptions
    socket.rcvtimeo = 10_000
    socket.connect(subscriber.last_endpoint)
    subscriber.poll(0)  # libzmq's sockets notice a peer when they are used
    assert socket.recv() == b"\1"
    return socket


@pytest.fixture
def handler(handlers: ModuleType, publisher: Any) -> Any:
    return handlers.PUBHandler(publisher)


@pytest.fixture
def logger(handler: Any) -> Iterator[logging.Logger]:
    """Logs all levels to the handler, and nowhere else."""
    logger = logging.Logger("under test")  # noqa: LOG001 (no other test is to know it)
    logger.addHandler(handler)
    yield logger
    logger.removeHandler(handler)


@pytest.fixture
def received(subscriber: Any) -> Callable[[], tuple[str, str]]:
    """The next message, decoded: topic and text."""

    def receive() -> tuple[str, str]:
        topic, text = subscriber.recv_multipart()
        return topic.decode(), text.decode()

    return receive
