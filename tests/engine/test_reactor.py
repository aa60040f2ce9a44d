"""The background thread: calls, timers, descriptors, and who pumps a watched socket."""

import logging
import os
import threading
from functools import partial

import pytest

from purezmq.engine import reactor as reactor_module
from purezmq.engine.pollset import READ
from purezmq.engine.reactor import Reactor
from purezmq.engine.waker import Waker
from tests.engine.helpers import descriptors
from tests.helpers.waiting import TIMEOUT, eventually

FAR = 3600.0


class FakeSocket:
    """A Pumpable whose descriptor is a waker's, and which notes who was asked for what."""

    def __init__(self):
        self.waker = Waker()
        self.is_waited_on = False
        self.was_pumped = False
        self.pumps = 0
        self.asked = 0

    def fileno(self):
        return self.waker.fileno()

    def waited_on(self):
        return self.is_waited_on

    def pumped(self):
        self.asked += 1
        pumped, self.was_pumped = self.was_pumped, False
        return pumped

    def pump(self):
        self.pumps += 1
        self.waker.clear()


@pytest.fixture
def reactor():
    reactor = Reactor()
    yield reactor
    reactor.stop()


@pytest.fixture
def sock():
    sock = FakeSocket()
    yield sock
    sock.waker.close()


def in_the_reactor(reactor, call):
    """Have the reactor make a call, and wait for what it gives."""
    done = threading.Event()
    results = []
    reactor.call_soon(lambda: (results.append(call()), done.set()))
    assert done.wait(TIMEOUT)
    return results[0]


def turn(reactor):
    """Wait until the reactor has handled what was ready before."""
    in_the_reactor(reactor, lambda: None)
    in_the_reactor(reactor, lambda: None)


def test_no_thread_runs_before_it_is_needed():
    reactor = Reactor()
    assert reactor._thread is None
    reactor.stop()


def test_call_soon_calls_in_the_thread(reactor):
    name = in_the_reactor(reactor, lambda: threading.current_thread().name)
    assert name == "purezmq-reactor"


def test_calls_are_made_in_order(reactor):
    made = []
    for i in range(100):
        reactor.call_soon(partial(made.append, i))
    turn(reactor)
    assert made == list(range(100))


def test_a_timer_that_is_due_at_once_is_called(reactor):
    called = threading.Event()
    reactor.call_later(0.0, called.set)
    assert called.wait(TIMEOUT)


def test_an_earlier_timer_wakes_a_reactor_that_sleeps_until_a_later_one(reactor):
    reactor.call_later(FAR, lambda: None)
    turn(reactor)
    called = threading.Event()
    reactor.call_later(0.001, called.set)
    assert called.wait(TIMEOUT)


def test_timers_run_in_the_order_of_their_deadlines(reactor):
    order = []
    done = threading.Event()

    def plan():
        reactor.call_later(0.02, done.set)
        reactor.call_later(0.01, partial(order.append, "late"))
        reactor.call_later(0.0, partial(order.append, "early"))

    reactor.call_soon(plan)
    assert done.wait(TIMEOUT)
    assert order == ["early", "late"]


def test_a_cancelled_timer_is_not_called(reactor):
    called = []
    timer = reactor.call_later(0.01, partial(called.append, "cancelled"))
    reactor.cancel(timer)
    done = threading.Event()
    reactor.call_later(0.02, done.set)
    assert done.wait(TIMEOUT)
    assert called == []


def test_cancelling_none_is_fine(reactor):
    reactor.cancel(None)
    assert reactor._thread is None


def test_a_timer_of_a_timer_is_called(reactor):
    called = threading.Event()
    reactor.call_later(0.0, lambda: reactor.call_later(0.0, called.set))
    assert called.wait(TIMEOUT)


def test_many_threads_may_set_and_cancel_timers(reactor):
    called = []
    kept = 50

    def work():
        for i in range(200):
            timer = reactor.call_later(0.0 if i < kept else FAR, partial(called.append, 1))
            if i >= kept:
                reactor.cancel(timer)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT)
    eventually(lambda: len(called) == 4 * kept, "all timers that were kept are called")
    assert len(reactor._timers) == 0


def test_an_exception_in_a_callback_is_logged_and_ends_nothing(reactor, caplog):
    def fail():
        raise RuntimeError("deliberate")

    with caplog.at_level(logging.ERROR, "purezmq"):
        reactor.call_soon(fail)
        turn(reactor)
    assert "deliberate" in caplog.text
    assert in_the_reactor(reactor, lambda: 7) == 7


def test_a_descriptor_that_is_closed_while_it_sleeps_ends_nothing(reactor, monkeypatch):
    sleep = reactor._sleep
    failures = [OSError("not a socket")]

    def fail_once():
        if failures:
            raise failures.pop()
        return sleep()

    monkeypatch.setattr(reactor, "_sleep", fail_once)
    called = threading.Event()
    reactor.call_soon(called.set)
    assert called.wait(TIMEOUT)
    assert not failures


def test_a_registered_descriptor_is_handled(reactor):
    reading, writing = os.pipe()
    got = []
    reactor.register(reading, READ, lambda events: got.append(os.read(reading, 1)))
    os.write(writing, b"x")
    eventually(lambda: got == [b"x"], "the octet is read")
    reactor.unregister(reading)
    os.write(writing, b"y")
    turn(reactor)
    assert got == [b"x"]
    os.close(reading)
    os.close(writing)


def test_stop_ends_the_thread_and_gives_the_descriptors_back():
    before = descriptors()
    reactor = Reactor()
    turn(reactor)
    thread = reactor._thread
    reactor.stop()
    assert not thread.is_alive()
    assert descriptors() == before


def test_after_stop_nothing_is_called():
    reactor = Reactor()
    called = []
    reactor.stop()
    reactor.call_soon(partial(called.append, 1))
    reactor.call_later(0.0, partial(called.append, 2))
    assert reactor._thread is None
    assert called == []


def test_a_reactor_with_nothing_to_do_sleeps_for_ever(reactor):
    turn(reactor)
    in_the_reactor(reactor, lambda: None)
    assert reactor._time_to_sleep() is None


# watched sockets


def test_a_socket_that_nobody_pumps_is_pumped(reactor, sock):
    reactor.watch(sock)
    sock.waker.set()
    eventually(lambda: sock.pumps == 1, "the reactor pumps")
    sock.waker.set()
    eventually(lambda: sock.pumps == 2, "the reactor pumps again")
    reactor.unwatch(sock)


def test_a_socket_that_is_waited_on_is_leased(reactor, sock, monkeypatch):
    monkeypatch.setattr(reactor_module, "LEASE", 60.0)
    sock.is_waited_on = True
    reactor.watch(sock)
    sock.waker.set()
    eventually(lambda: sock in reactor._leases, "it is leased")
    assert sock.pumps == 0
    reactor.unwatch(sock)


def test_a_socket_that_was_pumped_of_late_is_leased(reactor, sock, monkeypatch):
    monkeypatch.setattr("purezmq.engine.reactor.LEASE", 60.0)
    sock.was_pumped = True
    reactor.watch(sock)
    sock.waker.set()
    eventually(lambda: sock.asked, "the reactor asks")
    turn(reactor)
    assert sock.pumps == 0
    reactor.unwatch(sock)


def test_after_the_lease_a_socket_that_nobody_pumps_any_more_is_pumped(reactor, sock):
    sock.was_pumped = True
    reactor.watch(sock)
    sock.waker.set()
    eventually(lambda: sock.pumps == 1, "the reactor pumps")
    reactor.unwatch(sock)


def test_a_lease_goes_on_while_the_owner_pumps(reactor, sock, monkeypatch):
    monkeypatch.setattr(reactor_module, "LEASE", 0.02)
    sock.is_waited_on = True
    reactor.watch(sock)
    sock.waker.set()

    def pumping():
        sock.was_pumped = True
        return sock.asked >= 5

    eventually(pumping, "the reactor asks again and again")
    assert sock.pumps == 0
    reactor.unwatch(sock)


def test_watching_twice_is_watching_once(reactor, sock):
    reactor.watch(sock)
    reactor.watch(sock)
    sock.waker.set()
    eventually(lambda: sock.pumps == 1, "the reactor pumps")
    reactor.unwatch(sock)
    assert sock not in reactor._watched


def test_an_unwatched_socket_is_left_alone(reactor, sock):
    reactor.watch(sock)
    reactor.unwatch(sock)
    sock.waker.set()
    turn(reactor)
    assert sock.pumps == 0


def test_unwatching_what_is_not_watched_does_nothing(reactor, sock):
    reactor.unwatch(sock)
    assert sock not in reactor._watched


def test_a_lease_of_an_unwatched_socket_ends_without_consequences(reactor, sock, monkeypatch):
    monkeypatch.setattr(reactor_module, "LEASE", 60.0)
    sock.is_waited_on = True
    reactor.watch(sock)
    sock.waker.set()
    eventually(lambda: sock in reactor._leases, "it is leased")
    reactor.unwatch(sock)
    assert not reactor._timers
    turn(reactor)
    assert sock not in reactor._watched


def test_a_socket_that_is_forgotten_while_its_lease_ends_stays_forgotten(reactor, sock):
    reactor.watch(sock)
    sock.is_waited_on = True
    in_the_reactor(reactor, partial(reactor._ready, sock, 0))
    reactor._leases[sock][1].expire()

    def pumped():  # the owner closes the socket at this very moment
        reactor.unwatch(sock)
        return False

    sock.pumped = pumped
    in_the_reactor(reactor, partial(reactor._lease_over, sock))
    watched = sock in reactor._watched
    reactor.unwatch(sock)
    assert not watched


def lease_over(reactor, sock):
    """The end of a lease, now: how long the next one is, None when there is none."""
    reactor._leases[sock][1].expire()
    in_the_reactor(reactor, partial(reactor._lease_over, sock))
    return reactor._leases[sock][0] if sock in reactor._leases else None


@pytest.fixture
def leased(reactor, sock, monkeypatch):
    """A reactor whose leases end when a test wants it, and a socket that is leased."""
    monkeypatch.setattr(reactor_module, "LEASE", 10.0)
    monkeypatch.setattr(reactor_module, "LONGEST_LEASE", 30.0)
    sock.is_waited_on = True
    reactor.watch(sock)
    in_the_reactor(reactor, partial(reactor._ready, sock, 0))
    yield reactor
    reactor.unwatch(sock)


def test_a_lease_lasts_twice_as_long_when_the_owner_has_come_back(leased, sock):
    lengths = [leased._leases[sock][0]]
    for _ in range(3):
        sock.was_pumped = True
        lengths.append(lease_over(leased, sock))
    assert lengths == [10.0, 20.0, 30.0, 30.0]
    assert lease_over(leased, sock) is None
    assert sock in leased._watched


def test_only_a_longer_lease_is_ended_for_what_should_not_wait(leased, sock):
    leased.hasten(sock)
    assert sock in leased._leases
    sock.was_pumped = True
    lease_over(leased, sock)
    leased.hasten(sock)
    assert sock not in leased._leases
    assert sock in leased._watched


def test_watching_a_leased_socket_ends_the_lease(leased, sock):
    timer = leased._leases[sock][1]
    leased.watch(sock)
    assert sock not in leased._leases
    assert not timer.pending


def test_an_idle_reactor_does_not_wake_up(reactor, sock):
    reactor.watch(sock)
    turn(reactor)
    turns = []
    original = reactor._time_to_sleep
    reactor._time_to_sleep = lambda: (turns.append(1), original())[1]
    turn(reactor)
    count = len(turns)
    assert not threading.Event().wait(0.1)
    assert len(turns) == count
    reactor.unwatch(sock)


def test_a_finalizer_may_call_the_reactor_whatever_its_thread_is_doing(reactor):
    locks = [reactor._lock, reactor._pollset.waker._lock]
    taken = []
    for lock in locks:  # the collector may run, and find a socket that nobody closed, wherever something is allocated
        with lock:
            if lock.acquire(blocking=False):
                lock.release()
                taken.append(lock)
    assert taken == locks
