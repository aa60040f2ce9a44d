"""The interpreter's switch interval: short while something hurries, then what it was."""

import sys
from collections.abc import Iterator

import pytest

import purezmq as zmq
from purezmq.engine import promptness
from purezmq.engine.promptness import SWITCH, hurry, relax
from tests.engine.helpers import Call
from tests.helpers.waiting import eventually

USUAL = 0.004
FASTEST = 0.00002


@pytest.fixture(autouse=True)
def interval() -> Iterator[None]:
    """An interval that nobody else would set, and the one that was there when the test is over."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(USUAL)
    yield
    sys.setswitchinterval(before)


def short():
    return sys.getswitchinterval() == pytest.approx(SWITCH)


def usual():
    return sys.getswitchinterval() == pytest.approx(USUAL)


def test_the_interval_is_short_until_the_tail_is_written():
    hurry()
    assert short()
    relax()
    assert usual()


def test_it_is_short_until_the_last_burst_is_over():
    hurry()
    hurry()
    relax()
    assert short()
    relax()
    assert usual()


def test_an_interval_that_is_shorter_still_stays():
    sys.setswitchinterval(FASTEST)
    hurry()
    assert sys.getswitchinterval() == pytest.approx(FASTEST, abs=2e-6)
    relax()
    assert sys.getswitchinterval() == pytest.approx(FASTEST, abs=2e-6)


def test_an_interval_that_the_program_sets_meanwhile_stays():
    hurry()
    sys.setswitchinterval(0.003)
    relax()
    assert sys.getswitchinterval() == pytest.approx(0.003)


def test_threads_that_hurry_leave_the_interval_as_it_was():
    def work():
        for _ in range(500):
            hurry()
            relax()

    for call in [Call(work) for _ in range(4)]:
        call.result()
    assert usual()
    assert promptness._hurrying == 0


def burst(context):
    """A connected pair, in the midst of a burst."""
    pull, push = context.socket(zmq.PULL), context.socket(zmq.PUSH)
    pull.rcvhwm = push.sndhwm = 0
    port = pull.bind_to_random_port("tcp://127.0.0.1")
    push.connect(f"tcp://127.0.0.1:{port}")
    for _ in range(100_000):
        push.send(b"x")
        if short():
            return pull, push
    raise AssertionError("no burst begins")


def test_after_a_burst_the_interval_is_what_it_was():
    with zmq.Context() as context:
        pull, push = burst(context)
        eventually(usual, "the burst is over")
        pull.close(linger=0)
        push.close(linger=0)


def test_a_context_that_ends_amid_a_burst_leaves_the_interval_as_it_was():
    context = zmq.Context()
    for socket in burst(context):
        socket.close(linger=0)
    context.term()
    eventually(usual, "the burst is over", 2.0)
    assert promptness._hurrying == 0
