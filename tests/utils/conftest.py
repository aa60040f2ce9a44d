"""The helpers run against purezmq, and against pyzmq as well, to prove what they expect."""

import importlib
from collections.abc import Callable
from types import ModuleType

import pytest

from tests.api.conftest import context, ours, pair, pyzmqs_thread_is_there, zmq

__all__ = ["context", "ours", "pair", "pyzmqs_thread_is_there", "zmq"]


@pytest.fixture
def util(zmq: ModuleType) -> Callable[[str], ModuleType]:
    """Import a module of `utils` by its name."""
    return lambda name: importlib.import_module(f"{zmq.__name__}.utils.{name}")


@pytest.fixture
def our_util(ours: ModuleType) -> Callable[[str], ModuleType]:
    """The same for what purezmq does better, or differently."""
    return lambda name: importlib.import_module(f"{ours.__name__}.utils.{name}")
