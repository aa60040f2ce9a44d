"""The descriptor for a program's own event loop."""

import os
import select

import pytest

from purezmq.engine.outlet import Outlet
from purezmq.engine.pollset import READ, KernelPollSet, ReactorPollSet
from purezmq.engine.reactor import Reactor
from tests.engine.helpers import descriptors


@pytest.fixture(params=["kernel", "reactor"])
def pollset(request):
    reactor = Reactor()
    pollset = KernelPollSet() if request.param == "kernel" else ReactorPollSet(reactor, lambda handler, events: None)
    yield pollset
    pollset.close()
    reactor.stop()


@pytest.fixture
def outlet(pollset):
    outlet = Outlet(pollset)
    yield outlet
    outlet.close()


def readable(outlet):
    return bool(select.select([outlet.fileno()], [], [], 0)[0])


def test_it_shows_a_level(outlet):
    assert not readable(outlet)
    outlet.show()
    outlet.show()
    assert readable(outlet)
    assert readable(outlet)
    outlet.hide()
    assert not readable(outlet)


def test_the_level_does_not_wake_those_who_wait_on_the_socket(outlet, pollset):
    outlet.show()
    assert pollset.wait(0) == []


def test_it_shows_what_the_kernel_has(outlet, pollset):
    if isinstance(pollset, ReactorPollSet):
        pytest.skip("there the reactor handles it, and tells")
    reading, writing = os.pipe()
    pollset.register(reading, READ, lambda events: None)
    os.write(writing, b"x")
    assert readable(outlet)
    pollset.unregister(reading)
    assert not readable(outlet)
    os.close(reading)
    os.close(writing)


def test_it_gives_its_descriptors_back(pollset):
    before = descriptors()
    Outlet(pollset).close()
    Outlet(pollset).abandon()
    assert descriptors() == before
