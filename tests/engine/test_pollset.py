"""What a socket waits on, in each kind: the same behaviour as seen by whoever waits."""

import os
import select
import selectors
import socket
import threading
from collections.abc import Callable

import pytest

from purezmq.engine.pollset import (
    READ,
    WRITE,
    EpollPollSet,
    Handler,
    KernelPollSet,
    PollSet,
    ReactorPollSet,
    new_pollset,
)
from purezmq.engine.reactor import Reactor
from tests.engine.helpers import descriptors
from tests.helpers.waiting import eventually

KINDS = [
    pytest.param("epoll", marks=pytest.mark.skipif(not hasattr(select, "epoll"), reason="Linux has epoll")),
    "kernel",
    "reactor",
]


def make(kind: str, reactor: Reactor, run: Callable[[Handler, int], None]) -> PollSet:
    if kind == "reactor":
        return ReactorPollSet(reactor, run)
    return EpollPollSet() if kind == "epoll" else KernelPollSet()


def nobody_runs(handler: Handler, events: int) -> None:
    """Nothing is ready here."""


class Waiter:
    """A poll set, and what its handlers were called with."""

    def __init__(self, kind):
        self.seen = []
        self.reactor = Reactor()
        self.pollset = make(kind, self.reactor, self._run)

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


@pytest.fixture(params=KINDS)
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


@pytest.mark.parametrize("kind", KINDS[:2])
def test_the_kernels_kinds_show_outside_what_is_ready_inside(kind, pipe):
    waiter = Waiter(kind)
    waiter.pollset.register(pipe[0], READ, waiter.seen.append)
    os.write(pipe[1], b"x")
    assert select.select([waiter.pollset.fileno()], [], [], 0)[0]
    waiter.pollset.close()
    waiter.reactor.stop()


@pytest.mark.parametrize("kind", KINDS)
def test_close_gives_the_descriptors_back(kind):
    reactor = Reactor()
    before = descriptors()
    make(kind, reactor, nobody_runs).close()
    assert descriptors() == before
    reactor.stop()


@pytest.mark.parametrize("kind", KINDS)
def test_running_out_of_descriptors_leaks_none(kind, monkeypatch):
    reactor = Reactor()
    before = descriptors()

    def out_of_descriptors():
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(selectors, "DefaultSelector", out_of_descriptors)
    monkeypatch.setattr(select, "epoll", out_of_descriptors, raising=False)
    with pytest.raises(OSError):
        make(kind, reactor, nobody_runs)
    monkeypatch.undo()
    assert descriptors() == before
    reactor.stop()


def test_the_end_of_a_peer_shows_as_what_is_watched_for(waiter):
    near, far = socket.socketpair()
    far.close()
    waiter.pollset.register(near.fileno(), READ, lambda events: waiter.seen.append(("read", events)))
    waiter.sees(("read", READ))
    waiter.pollset.unregister(near.fileno())
    waiter.pollset.register(near.fileno(), WRITE, lambda events: waiter.seen.append(("write", events)))
    waiter.sees(("write", WRITE))
    waiter.pollset.unregister(near.fileno())
    near.close()


def test_both_events_can_be_watched_for_at_once(waiter):
    near, far = socket.socketpair()
    waiter.pollset.register(near.fileno(), READ | WRITE, waiter.seen.append)
    waiter.sees(WRITE)
    far.send(b"x")
    waiter.sees(READ | WRITE)
    waiter.pollset.unregister(near.fileno())
    near.close()
    far.close()


def test_a_vigil_may_look_at_the_mail_alone_only_where_no_descriptor_is_watched(waiter, pipe):
    waiter.pollset.register(pipe[0], READ, waiter.seen.append)
    assert waiter.pollset.pause is None
    waiter.pollset.unregister(pipe[0])
    if waiter.pollset.pause is not None:
        waiter.pollset.pause()


@pytest.fixture
def reactor():
    reactor = Reactor()
    yield reactor
    reactor.stop()


def kind_of_new_pollset(reactor):
    pollset = new_pollset(reactor, nobody_runs)
    pollset.close()
    return type(pollset)


def test_the_environment_forces_the_reactor_kind(monkeypatch, reactor):
    monkeypatch.setenv("PUREZMQ_PUMP", "reactor")
    assert kind_of_new_pollset(reactor) is ReactorPollSet


def test_each_platform_has_its_kind(monkeypatch, reactor):
    monkeypatch.setenv("PUREZMQ_PUMP", "")
    if hasattr(select, "epoll"):
        assert kind_of_new_pollset(reactor) is EpollPollSet
        monkeypatch.delattr(select, "epoll")
        monkeypatch.setattr(select, "kqueue", object, raising=False)
    assert kind_of_new_pollset(reactor) is (KernelPollSet if hasattr(select, "kqueue") else ReactorPollSet)


def test_where_poll_sets_have_no_descriptor_the_reactor_pumps(monkeypatch, reactor):
    monkeypatch.setenv("PUREZMQ_PUMP", "")
    monkeypatch.delattr(select, "epoll", raising=False)
    monkeypatch.delattr(select, "kqueue", raising=False)
    assert kind_of_new_pollset(reactor) is ReactorPollSet
