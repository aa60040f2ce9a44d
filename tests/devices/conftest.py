"""Devices run against purezmq, and against pyzmq as well, with a context of their own that ends them."""

import importlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.api.conftest import context, ours, pyzmqs_thread_is_there, zmq
from tests.helpers.waiting import TIMEOUT

__all__ = ["context", "ours", "pyzmqs_thread_is_there", "zmq"]


@pytest.fixture
def devices(request: pytest.FixtureRequest) -> ModuleType:
    module = request.getfixturevalue("ours" if "ours" in request.fixturenames else "zmq")
    return importlib.import_module(f"{module.__name__}.devices")


@pytest.fixture
def start(devices: ModuleType) -> Iterator[Callable[[Any], None]]:
    """Start a device; it must end by itself when its context is terminated."""
    own = importlib.import_module(devices.__name__.partition(".")[0]).Context()
    started = []

    def start(device: Any) -> None:
        device.context_factory = lambda: own
        device.start()
        started.append(device)

    yield start
    own.term()
    for device in started:
        device.join(TIMEOUT)
        assert device.done


@pytest.fixture
def client(context: Any) -> Callable[..., Any]:
    """A socket outside the device: connected to a port of the device's, or bound, with a `port` to connect to."""

    def make(kind: int, port: int | None = None, **options: Any) -> Any:
        socket = context.socket(kind)
        socket.rcvtimeo = socket.sndtimeo = int(TIMEOUT * 1000)
        for option, value in options.items():
            setattr(socket, option, value)
        if port:
            socket.connect(f"tcp://127.0.0.1:{port}")
        else:
            socket.bind("tcp://127.0.0.1:*")
        return socket

    return make
