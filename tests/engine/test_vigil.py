"""When it is worth staying awake for an answer."""

import sys

import pytest

from purezmq.constants import SocketType
from purezmq.engine import pump, vigil
from purezmq.engine.vigil import LONGEST, QUICK, Vigil
from tests.engine.helpers import Call, bound, connected
from tests.helpers.waiting import TIMEOUT, eventually


@pytest.fixture(autouse=True)
def two_processors(monkeypatch):
    monkeypatch.setattr(vigil, "_PROCESSORS", 2)


@pytest.fixture
def one():
    return Vigil()


def answers_until_due(vigil):
    """How many quick answers it takes, up to the longest that it may take."""
    for count in range(LONGEST + 2):
        if vigil.due:
            return count
        vigil.slept(QUICK / 2)
    raise AssertionError("it is never due")


def test_at_first_it_sleeps(one):
    assert not one.due


def test_after_a_quick_answer_it_stays_awake(one):
    one.slept(QUICK / 2)
    assert one.due


def test_after_a_slow_answer_it_sleeps(one):
    one.slept(QUICK / 2)
    one.slept(2 * QUICK)
    assert not one.due


def test_a_reward_keeps_it_awake(one):
    one.slept(QUICK / 2)
    one.rewarded()
    assert one.due


def test_after_one_in_vain_it_sleeps(one):
    one.slept(QUICK / 2)
    one.disappointed()
    assert not one.due
    assert answers_until_due(one) == 1


def test_each_in_vain_puts_the_next_one_off_further(one):
    waits = []
    for _ in range(12):
        waits.append(answers_until_due(one))
        one.disappointed()
    assert waits[:4] == [1, 1, 3, 7]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST


def test_rewards_shorten_what_the_next_one_in_vain_costs(one):
    for _ in range(6):
        answers_until_due(one)
        one.disappointed()
    answers_until_due(one)
    for _ in range(8):
        one.rewarded()
    one.disappointed()
    assert answers_until_due(one) == 1


def test_with_one_processor_nobody_stays_awake(one, monkeypatch):
    monkeypatch.setattr(vigil, "_PROCESSORS", 1)
    for _ in range(3):
        one.slept(QUICK / 2)
    assert not one.due


@pytest.mark.parametrize("endpoint", ["tcp://127.0.0.1:*", "inproc://vigil"])
def test_awake_or_asleep_each_answer_comes(context, endpoint):
    ping = bound(context, SocketType.PAIR, endpoint)
    pong = connected(context, SocketType.PAIR, ping.last_endpoint)

    def answer():
        for _ in range(300):
            pong.send(pong.recv(TIMEOUT), TIMEOUT)

    answering = Call(answer)
    for number in range(300):
        ping._vigil.due = number % 3 > 0
        ping.send(b"%d" % number, TIMEOUT)
        assert ping.recv(TIMEOUT) == b"%d" % number
    answering.result()


@pytest.fixture
def nobody_is_interrupted():
    """A switch interval so long that a thread which does not wait goes on undisturbed."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1.0)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("nobody_is_interrupted")
def test_whoever_is_awake_does_not_miss_what_another_thread_let_in(context, monkeypatch):
    """The other thread reads the mail, takes the first message, and leaves the second to the one that waits."""
    monkeypatch.setattr(pump, "VIGIL", 0.3)
    one = bound(context, SocketType.PAIR, "inproc://vigil")
    other = connected(context, SocketType.PAIR, "inproc://vigil")
    one.send(b"question", TIMEOUT)
    one._vigil.due = True
    waiting = Call(one.recv, TIMEOUT)
    eventually(lambda: one._awake, "it is awake")
    other.send(b"first", 0)
    other.send(b"second", 0)
    assert one.recv(0) == b"first"
    assert waiting.ends(TIMEOUT / 2)
    assert waiting.result() == b"second"


@pytest.mark.parametrize("endpoint", ["tcp://127.0.0.1:*", "inproc://vigil"])
def test_a_vigil_does_not_outlast_the_time_out_nor_a_close(context, endpoint):
    ping = bound(context, SocketType.PAIR, endpoint)
    connected(context, SocketType.PAIR, ping.last_endpoint)
    for timeout in (1e-5, 1e-3):
        ping.send(b"no answer", TIMEOUT)
        ping._vigil.due = True
        assert ping.wait(1, timeout) == 0
    ping.send(b"no answer", TIMEOUT)
    ping._vigil.due = True
    waiting = Call(ping.recv, None)
    ping.close()
    assert waiting.ends()
