"""A forked child: what it inherits is the parent's, and it can do all of its own."""

import os
import signal
import sys
import threading
import traceback

import pytest

from purezmq.constants import SocketType
from purezmq.engine.context import ContextCore
from purezmq.engine.errors import ContextTerminated, SocketClosed
from tests.engine.helpers import bound, connected, send_in_passing
from tests.helpers.waiting import TIMEOUT, eventually

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


def in_a_child(function):
    """Run it in a forked child: the child's exit status, 0 if nothing was raised."""
    child = os.fork()
    if not child:
        status = 1
        try:
            function()
            status = 0
        except BaseException:  # noqa: BLE001 (nothing of pytest's may run in the child)
            traceback.print_exc()
        finally:
            os._exit(status)
    ended = []

    def has_ended():
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            ended.append(os.waitstatus_to_exitcode(status))
        return bool(pid)

    try:
        eventually(has_ended, "the child has ended")
    except AssertionError:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    return ended[0]


@pytest.fixture
def push_and_pull(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    push.send(b"before", TIMEOUT)
    assert pull.recv(TIMEOUT) == b"before"
    return push, pull


def test_in_the_child_the_parents_sockets_are_closed(push_and_pull, context):
    push, pull = push_and_pull

    def child():
        for call in (lambda: push.send(b"x", 0), lambda: pull.recv(None), pull.events):
            with pytest.raises(SocketClosed):
                call()
        with pytest.raises(ContextTerminated):
            context.socket(0)
        push.close()
        pull.close()
        context.term()

    assert in_a_child(child) == 0


def test_the_parent_goes_on_undisturbed(push_and_pull, context):
    push, pull = push_and_pull

    def child():
        push.close()
        pull.close()
        context.term()

    for i in range(3):
        assert in_a_child(child) == 0
        push.send(b"%d" % i, TIMEOUT)
        assert pull.recv(TIMEOUT) == b"%d" % i


def test_a_child_may_use_a_context_of_its_own(push_and_pull):
    def child():
        context = ContextCore()
        pull = bound(context, SocketType.PULL)
        push = connected(context, SocketType.PUSH, pull.last_endpoint)
        push.send(b"in the child", TIMEOUT)
        assert pull.recv(TIMEOUT) == b"in the child"
        push.close()
        pull.close()
        context.term()

    assert in_a_child(child) == 0


def test_a_child_may_talk_to_its_parent(push_and_pull):
    _, pull = push_and_pull
    endpoint = pull.last_endpoint

    def child():
        context = ContextCore()
        push = connected(context, SocketType.PUSH, endpoint)
        push.send(b"from the child", TIMEOUT)
        push.close()
        context.term()

    assert in_a_child(child) == 0
    assert pull.recv(TIMEOUT) == b"from the child"


def test_the_end_of_a_connection_is_seen_although_a_child_lives(push_and_pull):
    push, pull = push_and_pull
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    try:
        push.close()
        eventually(lambda: pull.events() == 0 and not pull.endpoints.pipes(), "the connection has ended")
    finally:
        os.close(writing)
        os.close(reading)
        os.waitpid(child, 0)


def test_locks_that_other_threads_hold_do_not_hold_the_child_up(push_and_pull, context):
    push, pull = push_and_pull
    held, done = threading.Event(), threading.Event()

    def hold():
        with push.lock, context.reactor._lock, context._changed:
            held.set()
            done.wait(TIMEOUT)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(TIMEOUT)

    def child():
        push.close()
        pull.close()
        context.shutdown()
        context.term()

    try:
        assert in_a_child(child) == 0
    finally:
        done.set()
        thread.join()


def test_a_burst_is_the_parents(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    sent = [b"%d" % number for number in range(300)]
    for part in sent:
        send_in_passing(push, part)
    assert pull.recv(TIMEOUT) == sent[0]
    assert pull.lanes.ready
    push.lanes.outgoing.append(b"last")
    push.lanes.batch = 100

    def use_both():
        with pytest.raises(SocketClosed):
            send_in_passing(push, b"from the child")
        assert not pull.lanes.ready
        with pytest.raises(SocketClosed):
            pull.recv(0)

    assert in_a_child(use_both) == 0
    push.gathered()
    push.flush()
    assert [pull.recv(TIMEOUT) for _ in range(300)] == [*sent[1:], b"last"]


def test_the_switch_interval_of_a_child_is_not_that_of_a_burst(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    usual = sys.getswitchinterval()
    while not push.lanes.batch:
        push.send(b"x", TIMEOUT)

    def look():
        assert sys.getswitchinterval() == usual

    assert in_a_child(look) == 0
