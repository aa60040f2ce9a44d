"""zmq.green is tested against purezmq, and against pyzmq as well, to prove what is expected."""

import importlib
import threading
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.helpers.fixtures import pair

__all__ = ["pair"]

gevent = pytest.importorskip("gevent")

MODULES = {"purezmq": "purezmq.green", "zmq": "zmq.green"}


@pytest.fixture(params=MODULES)
def green(request: pytest.FixtureRequest) -> ModuleType:
    pytest.importorskip(request.param)
    return importlib.import_module(MODULES[request.param])


@pytest.fixture
def ours() -> ModuleType:
    """For what purezmq does better, or differently."""
    return importlib.import_module("purezmq.green")


@pytest.fixture(scope="session", autouse=True)
def gevents_thread_is_there() -> None:
    """Have gevent start the one thread in which contexts are terminated, before the first test counts threads."""
    gevent.config.threadpool_idle_task_timeout = 3600
    pool = gevent.get_hub().threadpool
    pool.maxsize = 1
    pool.apply(threading.current_thread)


@pytest.fixture(autouse=True)
def not_for_ever() -> Iterator[None]:
    """A test that waits in gevent's loop hears no signal of pytest's."""
    with gevent.Timeout(20):
        yield


@pytest.fixture
def spawn() -> Iterator[Callable[..., Any]]:
    """Begin a greenlet, and let it run until it waits; what is left at the end is killed."""
    greenlets = []

    def begin(job: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        greenlets.append(gevent.spawn(job, *arguments, **keywords))
        gevent.sleep(0)
        return greenlets[-1]

    yield begin
    gevent.killall(greenlets)


@pytest.fixture
def context(request: pytest.FixtureRequest) -> Iterator[Any]:
    module = request.getfixturevalue("ours" if "ours" in request.fixturenames else "green")
    context = module.Context()
    yield context
    context.destroy(linger=0)
