"""The API's tests run against purezmq, and against pyzmq as well, to prove what they expect."""

import gc
import importlib.util
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(params=["purezmq", "zmq"])
def zmq(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    module = pytest.importorskip(request.param)
    if request.param == "zmq":  # a socket that the collector closes before pyzmq asks for an errno leaves its own
        gc.disable()
    yield module
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def pyzmqs_thread_is_there() -> None:
    """Have pyzmq start the thread that releases what is not copied, before the first test counts threads."""
    if importlib.util.find_spec("zmq"):
        importlib.import_module("zmq").Frame(b"", copy=False)


@pytest.fixture
def ours() -> ModuleType:
    """For what purezmq does better, or differently."""
    return importlib.import_module("purezmq")


@pytest.fixture
def context(request: pytest.FixtureRequest) -> Iterator[Any]:
    module = request.getfixturevalue("ours" if "ours" in request.fixturenames else "zmq")
    kept = []

    class Context(module.Context):  # type: ignore[name-defined,misc]  # the module is a fixture
        def socket(self, *arguments, **keywords):
            """Keep the socket until the test is over, so that it is not missed for being unclosed."""
            socket = super().socket(*arguments, **keywords)
            kept.append(socket)
            return socket

    context = Context()
    yield context
    context.destroy(linger=0)


@pytest.fixture
def pair(context: Any) -> Callable[..., tuple[Any, Any]]:
    """Makes two sockets that are connected; calls on them give up after a while."""

    def make(bound: int, connected: int) -> tuple[Any, Any]:
        first, second = context.socket(bound), context.socket(connected)
        first.bind(f"inproc://{id(first)}")
        second.connect(f"inproc://{id(first)}")
        for socket in (first, second):
            socket.sndtimeo = socket.rcvtimeo = 10_000
        return first, second

    return make
