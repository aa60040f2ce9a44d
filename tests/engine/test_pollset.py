"""What a socket waits on, in both kinds: the same behaviour as seen by whoever waits."""

import os
import select
import selectors
import threading

import pytest

from purezmq.engine.pollset import READ, WRITE, KernelPollSet, ReactorPollSet, pollable
from purezmq.engine.reactor import Reactor
from tests.engine.helpers import descriptors
from tests.helpers.waiting import eventually


class Waiter:
    """A poll set, and what its handlers were called with."""

    def __init__(self, kind):
        self.seen = []
        self.reactor = Reactor()
        self.pollset = KernelPollSet() if kind == "kernel" else ReactorPollSet(self.reactor, self._run)

    def _run(self, handler, events):
        handler(events)
        self.pollset.waker.set()

    def turn(self, timeout):
        for handler, events in self.pollset.wait(timeout):
            handler(events)

    def sees(self, event):
        def seen():
            self.turn(0.01)
            return event in self.seen

        return eventually(seen, f"{event} is seen")


@pytest.fixture(params=["kernel", "reactor"])
def waiter(request):
    waiter = Waiter(request.param)
    yield waiter
    waiter.pollset.close()
    waiter.reactor.stop()


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)
    os.close(writing)


def test_nothing_is_ready_at_first(waiter):
    assert waiter.pollset.wait(0) == []


def test_the_waker_ends_a_wait(waiter):
    threading.Timer(0.01, waiter.pollset.waker.set).start()
    ((handler, events),) = waiter.pollset.wait(10)
    assert (handler, events) == (waiter.pollset.woken, READ)
    handler(events)
    assert waiter.pollset.wait(0) == []


def test_a_handler_is_called_with_what_is_ready(waiter, pipe):
    reading, writing = pipe
    waiter.pollset.register(reading, READ, lambda events: waiter.seen.append((os.read(reading, 1), events)))
    os.write(writing, b"x")
    waiter.sees((b"x", READ))
    waiter.pollset.unregister(reading)


def test_what_is_unregistered_is_not_called(waiter, pipe):
    reading, writing = pipe
    waiter.pollset.register(reading, READ, waiter.seen.append)
    waiter.pollset.unregister(reading)
    waiter.pollset.register(writing, WRITE, lambda events: waiter.seen.append("later"))
    os.write(writing, b"x")
    waiter.sees("later")
    waiter.pollset.unregister(writing)
    assert READ not in waiter.seen


def test_unregistering_what_is_not_there_does_nothing(waiter, pipe):
    waiter.pollset.unregister(pipe[0])
    assert waiter.pollset.wait(0) == []


def test_interest_can_be_changed_to_nothing_and_back(waiter, pipe):
    reading, writing = pipe
    waiter.pollset.register(reading, READ, waiter.seen.append)
    waiter.pollset.modify(reading, 0, waiter.seen.append)
    os.write(writing, b"x")
    waiter.pollset.register(writing, WRITE, lambda events: waiter.seen.append("later"))
    waiter.sees("later")
    assert READ not in waiter.seen
    waiter.pollset.unregister(writing)
    waiter.pollset.modify(reading, READ, waiter.seen.append)
    waiter.sees(READ)
    waiter.pollset.unregister(reading)


def test_the_descriptor_is_readable_when_a_wait_would_not_wait(waiter):
    assert not select.select([waiter.pollset.fileno()], [], [], 0)[0]
    waiter.pollset.waker.set()
    assert select.select([waiter.pollset.fileno()], [], [], 0)[0]


def test_the_kernel_kind_shows_outside_what_is_ready_inside(pipe):
    waiter = Waiter("kernel")
    waiter.pollset.register(pipe[0], READ, waiter.seen.append)
    os.write(pipe[1], b"x")
    assert select.select([waiter.pollset.fileno()], [], [], 0)[0]
    waiter.pollset.close()
    waiter.reactor.stop()


@pytest.mark.parametrize("kind", ["kernel", "reactor"])
def test_close_gives_the_descriptors_back(kind):
    reactor = Reactor()
    before = descriptors()
    pollset = KernelPollSet() if kind == "kernel" else ReactorPollSet(reactor, lambda handler, events: None)
    pollset.close()
    assert descriptors() == before
    reactor.stop()


@pytest.mark.parametrize("kind", ["kernel", "reactor"])
def test_running_out_of_descriptors_leaks_none(kind, monkeypatch):
    reactor = Reactor()
    before = descriptors()

    def out_of_descriptors():
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(selectors, "DefaultSelector", out_of_descriptors)
    with pytest.raises(OSError):
        KernelPollSet() if kind == "kernel" else ReactorPollSet(reactor, lambda handler, events: None)
    monkeypatch.undo()
    assert descriptors() == before
    reactor.stop()


def test_the_environment_forces_the_reactor_kind(monkeypatch):
    monkeypatch.setenv("PUREZMQ_PUMP", "reactor")
    assert not pollable()
    monkeypatch.setenv("PUREZMQ_PUMP", "")
    assert pollable() == hasattr(selectors.DefaultSelector, "fileno")


def test_where_poll_sets_have_no_descriptor_the_reactor_pumps(monkeypatch):
    monkeypatch.setenv("PUREZMQ_PUMP", "")
    monkeypatch.setattr(selectors, "DefaultSelector", selectors.SelectSelector)
    assert not pollable()
