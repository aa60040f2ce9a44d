import importlib

import pytest
import tornado.ioloop

TOLD = r"zmq\.eventloop\.ioloop"


@pytest.fixture
def ioloop(zmq):
    name = f"{zmq.__name__}.eventloop.ioloop"
    with pytest.warns(DeprecationWarning, match=TOLD):
        importlib.reload(importlib.import_module(name))
    return importlib.import_module(name)


def test_its_names_are_tornados(zmq, ioloop):
    assert zmq.eventloop.IOLoop is tornado.ioloop.IOLoop
    assert ioloop.IOLoop is ioloop.ZMQIOLoop is tornado.ioloop.IOLoop
    assert ioloop.PeriodicCallback is tornado.ioloop.PeriodicCallback


def test_nothing_needs_to_be_installed(ioloop):
    with pytest.warns(DeprecationWarning, match=TOLD):
        assert ioloop.install() is None
