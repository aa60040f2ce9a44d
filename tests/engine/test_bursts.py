"""Bursts of a context: when one begins, whom the reactor visits, and until when."""

import sys

import pytest

from purezmq.constants import SocketType
from purezmq.engine import bursts
from purezmq.engine.bursts import EAGER, GAP, Bursts
from tests.engine.helpers import Call, bound, connected, send_in_passing
from tests.helpers.waiting import TIMEOUT, eventually


class FakeReactor:
    """Calls when the test says so."""

    def __init__(self):
        self.calls = []

    def call_later(self, delay, call):
        assert delay > 0
        self.calls.append(call)

    def comes_by(self):
        (call,) = self.calls
        self.calls.clear()
        call()


class FakeSocket:
    """Has something to be routed, so many times."""

    def __init__(self, pace, visits):
        self.pace = pace
        self.visits = visits
        self.flushed = 0

    def visited(self):
        self.visits -= 1
        if self.visits < 0:
            self.pace.end(self)

    def flush(self):
        self.flushed += 1


@pytest.fixture
def clock(monkeypatch):
    """The time, which stands still unless the test moves it."""
    now = [100.0]
    monkeypatch.setattr(bursts, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def reactor():
    reactor = FakeReactor()
    yield reactor
    while reactor.calls:
        reactor.comes_by()


@pytest.fixture
def several(reactor, clock):
    return Bursts(reactor)


# when one begins


def test_the_first_message_is_no_burst(several, clock):
    assert not several.written(clock[0])


def test_more_than_a_few_that_follow_closely_are_a_burst(several, clock):
    assert [several.written(clock[0]) for _ in range(EAGER + 2)] == [False] * EAGER + [True] * 2


def test_after_a_pause_counting_begins_anew(several, clock):
    for _ in range(3):
        assert [several.written(clock[0]) for _ in range(EAGER)] == [False] * EAGER
        clock[0] += 2 * GAP


def test_the_time_that_a_call_itself_takes_is_no_pause(several, clock):
    for _ in range(EAGER + 1):
        started = clock[0]
        clock[0] += 100 * GAP
        last = several.written(started)
    assert last


def test_what_took_too_long_to_write_is_followed_by_a_burst_at_once(several, clock):
    started = clock[0]
    clock[0] += 0.2
    assert several.written(started, slow=0.1)
    clock[0] += 2 * GAP
    assert not several.written(clock[0], slow=0.1)


# who is visited


def test_a_socket_is_visited_until_it_has_nothing_more(several, reactor):
    socket = FakeSocket(several, visits=2)
    several.begin(socket)
    for _ in range(3):
        reactor.comes_by()
    assert socket.visits == -1
    assert not reactor.calls
    assert not several.sockets


def test_all_sockets_are_visited_together(several, reactor):
    long, short = FakeSocket(several, visits=3), FakeSocket(several, visits=1)
    several.begin(long)
    several.begin(short)
    for _ in range(2):
        reactor.comes_by()
    assert several.sockets == {long}
    for _ in range(2):
        reactor.comes_by()
    assert (long.visits, short.visits) == (-1, -1)
    assert not reactor.calls


def test_a_burst_that_begins_during_a_visit_is_visited(several, reactor):
    late = FakeSocket(several, visits=1)

    class Starter(FakeSocket):
        def visited(self):
            several.begin(late)
            super().visited()

    several.begin(Starter(several, visits=0))
    while reactor.calls:
        reactor.comes_by()
    assert late.visits == -1


@pytest.fixture
def hurries(monkeypatch):
    """A 1 for each time that a burst hurries, a -1 for each time that it is over."""
    hurries = []
    monkeypatch.setattr(bursts.promptness, "hurry", lambda: hurries.append(1))
    monkeypatch.setattr(bursts.promptness, "relax", lambda: hurries.append(-1))
    return hurries


class Moving(FakeSocket):
    """Goes to others when it is asked, perhaps amid a visit."""

    def __init__(self, pace, visits, others):
        super().__init__(pace, visits)
        self.others = others

    def move(self):
        before, self.pace = self.pace, self.others
        before.hand_over(self, self.others)
        before.stop()


class MovingAmidAVisit(Moving):
    def visited(self):
        if self.pace is not self.others:
            self.move()
        super().visited()


def test_a_socket_that_is_handed_over_is_visited_by_the_others(several, reactor, hurries):
    elsewhere = FakeReactor()
    others = Bursts(elsewhere)
    socket, idle = Moving(several, 1, others), Moving(several, 1, others)
    several.begin(socket)
    socket.move()
    idle.move()
    assert not several.sockets
    assert others.sockets == {socket}
    for _ in range(2):
        elsewhere.comes_by()
    assert (socket.visits, idle.visits) == (-1, 1)
    assert sorted(hurries) == [-1, -1, 1, 1]


def test_a_socket_that_is_handed_over_amid_a_visit_is_visited_by_the_others(several, reactor, hurries):
    elsewhere = FakeReactor()
    others = Bursts(elsewhere)
    socket = MovingAmidAVisit(several, 2, others)
    several.begin(socket)
    reactor.comes_by()
    assert not reactor.calls
    assert (several.sockets, others.sockets) == (set(), {socket})
    for _ in range(2):
        elsewhere.comes_by()
    assert socket.visits == -1
    assert not elsewhere.calls
    assert sorted(hurries) == [-1, -1, 1, 1]


def test_a_visit_that_comes_after_the_end_is_none(several, reactor, hurries):
    several.begin(FakeSocket(several, visits=0))
    several.stop()
    reactor.comes_by()
    assert hurries == [1, -1]
    several.begin(FakeSocket(several, visits=0))
    reactor.comes_by()
    assert hurries == [1, -1, 1, -1]


def test_after_the_last_one_another_may_begin(several, reactor):
    for _ in range(3):
        socket = FakeSocket(several, visits=1)
        several.begin(socket)
        while reactor.calls:
            reactor.comes_by()
        assert socket.visits == -1


def test_an_error_of_one_socket_does_not_end_the_visits_of_others(several, reactor):
    class Broken(FakeSocket):
        def visited(self):
            raise ZeroDivisionError

    several.begin(Broken(several, visits=1))
    with pytest.raises(ZeroDivisionError):
        reactor.comes_by()
    other = FakeSocket(several, visits=1)
    several.begin(other)
    while reactor.calls:
        reactor.comes_by()
    assert other.visits == -1


def test_a_thread_that_sleeps_between_two_messages_makes_no_burst(several, clock):
    for _ in range(3):
        assert [several.written(clock[0]) for _ in range(EAGER - 1)] == [False] * (EAGER - 1)
        several.pause()


def test_before_a_thread_sleeps_each_socket_is_flushed(several):
    sockets = [FakeSocket(several, visits=0) for _ in range(3)]
    for socket in sockets:
        several.begin(socket)
    several.pause()
    assert [socket.flushed for socket in sockets] == [1, 1, 1]


# whom a socket follows


def in_a_burst(context):
    pull = bound(context, SocketType.PULL, "inproc://burst", rcvhwm=0)
    push = connected(context, SocketType.PUSH, pull.last_endpoint, sndhwm=0)
    while not push.lanes.batch:
        push.send(b"x", TIMEOUT)
    return push


def test_a_socket_amid_a_burst_that_follows_others_is_visited_by_them(context):
    push = in_a_burst(context)
    elsewhere = FakeReactor()
    others = Bursts(elsewhere)
    push.follow(others)
    assert push not in context.reactor.bursts.sockets
    assert others.sockets == {push}
    while elsewhere.calls:
        elsewhere.comes_by()
    assert not others.sockets
    push.follow(context.reactor.bursts)
    assert push not in context.reactor.bursts.sockets


def test_a_socket_that_is_closed_amid_a_burst_is_not_visited_any_more(context):
    push = in_a_burst(context)
    push.close()
    assert push not in context.reactor.bursts.sockets
    eventually(lambda: sys.getswitchinterval() > bursts.promptness.SWITCH, "nobody hurries")


# over several sockets


def test_a_thread_that_waits_on_one_socket_has_sent_what_gathered_on_another(context):
    """Whatever was sent before one sleeps is on its way, on whichever socket: an answer may depend on it."""
    questions = bound(context, SocketType.PULL)
    answers = bound(context, SocketType.PULL)
    asks = connected(context, SocketType.PUSH, questions.last_endpoint)
    for _ in range(20):
        while not asks.lanes.batch:
            asks.send(b"before", TIMEOUT)
        asks.lanes.outgoing.append(b"question")
        assert answers.wait(1, 0.001) == 0
        while questions.recv(TIMEOUT) != b"question":
            pass
    eventually(lambda: not context.reactor.bursts.sockets, "the burst is over")


def test_threads_that_burst_on_some_sockets_and_wait_on_others_do_not_block_each_other(context):
    pairs = []
    for _ in range(3):
        one = bound(context, SocketType.PAIR)
        pairs.append((one, connected(context, SocketType.PAIR, one.last_endpoint)))

    def talk(mine, peer):
        for number in range(60):
            for _ in range(15):
                send_in_passing(mine, b"%d" % number)
            for _ in range(15):
                assert peer.recv(TIMEOUT) == b"%d" % number

    calls = [Call(talk, one, other) for one, other in pairs] + [Call(talk, other, one) for one, other in pairs]
    for call in calls:
        call.result()
