"""The home of sockets: limits, shutdown, the end with what is still to be delivered."""

import errno
import logging
import subprocess
import sys
import textwrap
import threading

import pytest

from purezmq.constants import SocketType
from purezmq.engine.context import ContextCore
from purezmq.engine.errors import ContextTerminated, EngineError, SocketClosed
from tests.engine.helpers import ANYWHERE, Call, bound, connected, descriptors, open_socket
from tests.helpers.endpoints import free_port
from tests.helpers.waiting import TIMEOUT, eventually
from tests.helpers.wire import RawListener, RawPeer

POLLOUT = 2


def test_an_unknown_socket_type_is_refused(context):
    with pytest.raises(EngineError) as raised:
        context.socket(99)
    assert raised.value.errno == errno.EINVAL


def test_there_are_max_sockets_at_most(context):
    context.options.max_sockets = 2
    first, _ = context.socket(0), context.socket(0)
    with pytest.raises(EngineError) as raised:
        context.socket(0)
    assert raised.value.errno == errno.EMFILE
    first.close()
    context.socket(0)


def test_sockets_inherit_what_the_context_says(context):
    context.options.ipv6 = True
    assert context.socket(int(SocketType.PUSH)).options.ipv6
    assert context.socket(int(SocketType.PUSH)).options.linger is None
    assert context.socket(int(SocketType.SUB)).options.linger == 0
    context.options.blocky = False
    assert context.socket(int(SocketType.PUSH)).options.linger == 0


def test_after_shutdown_everything_but_close_is_refused(context):
    pull = bound(context, SocketType.PULL)
    context.shutdown()
    context.shutdown()
    for call in (lambda: pull.recv(0), pull.events, lambda: pull.bind(ANYWHERE), lambda: context.socket(0)):
        with pytest.raises(ContextTerminated):
            call()
    pull.close()
    assert context.sockets == []


def test_term_waits_until_the_last_socket_is_closed(context):
    pull, push = open_socket(context, SocketType.PULL), open_socket(context, SocketType.PUSH)
    terminating = Call(context.term)
    eventually(lambda: context.terminated, "it is terminating")
    pull.close()
    assert not terminating.ends(0.02)
    push.close()
    terminating.result()


def test_term_says_in_the_log_what_it_waits_for(context, caplog, monkeypatch):
    monkeypatch.setattr("purezmq.engine.context.PATIENCE", 0.01)
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, f"tcp://127.0.0.1:{free_port()}", linger=0.5)
    push.send(b"for nobody", 0)
    push.close()
    with caplog.at_level(logging.DEBUG, "purezmq"):
        term = Call(context.term)
        eventually(lambda: f"{pull!r}: it is not closed" in caplog.text, "it says so")
        eventually(lambda: "LINGER 0.5 s, still to be delivered: <Dialer tcp://127.0.0.1" in caplog.text, "it says so")
        pull.close()
        term.result()


def test_term_in_many_threads_ends_in_all(context):
    pull = open_socket(context, SocketType.PULL)
    terminating = [Call(context.term) for _ in range(4)]
    eventually(lambda: context.terminated, "they are terminating")
    pull.close()
    for call in terminating:
        call.result()


def test_term_wakes_those_who_wait(context):
    pull = bound(context, SocketType.PULL)

    def receive_and_close():
        try:
            pull.recv(None)
        finally:
            pull.close()

    receiving = Call(receive_and_close)
    eventually(pull.waited_on, "it waits")
    Call(context.term).result()
    with pytest.raises(ContextTerminated):
        receiving.result()


def test_term_ends_the_thread_and_gives_all_descriptors_back(pump_kind):
    before = descriptors()
    context = ContextCore()
    pull = bound(context, SocketType.PULL)
    connected(context, SocketType.PUSH, pull.last_endpoint).send(b"a", TIMEOUT)
    assert pull.recv(TIMEOUT) == b"a"
    for core in context.sockets:
        core.close()
    Call(context.term).result()
    assert descriptors() == before
    assert not [thread for thread in threading.enumerate() if thread.name == "purezmq-reactor"]


def test_term_delivers_what_is_queued(context):
    with RawListener() as listener:
        push = connected(context, SocketType.PUSH, listener.endpoint)
        for i in range(100):
            push.send(b"%d" % i, 0)
        push.close()
        terminating = Call(context.term)
        with listener.accept() as peer:
            peer.handshake("PULL")
            assert [peer.read_frame().body for _ in range(100)] == [b"%d" % i for i in range(100)]
            peer.until_closed()
            terminating.result()


def test_term_waits_for_a_peer_that_reads_slowly(context):
    push = bound(context, SocketType.PUSH)
    with RawPeer.connect(push.last_endpoint) as peer:
        peer.handshake("PULL")
        push.wait(POLLOUT, TIMEOUT)
        for _ in range(200):
            push.send(bytes(100_000), TIMEOUT)
        push.close()
        terminating = Call(context.term)
        assert not terminating.ends(0.02)
        assert sum(len(peer.read_frame().body) == 100_000 for _ in range(200)) == 200
        terminating.result()


def test_term_waits_no_longer_than_linger(context):
    push = connected(context, SocketType.PUSH, f"tcp://127.0.0.1:{free_port()}", linger=0.02)
    push.send(b"a", 0)
    push.close()
    assert Call(context.term).ends(2.0)


def test_inproc_connections_to_nobody_do_not_hold_term_up(context):
    push = connected(context, SocketType.PUSH, "inproc://nobody")
    push.send(b"a", 0)
    push.close()
    Call(context.term).result()


PRELUDE = """
import sys, threading
from purezmq.engine.context import ContextCore
context = ContextCore()
"""


def exit_of(program, *args):
    """Run a program to its end."""
    return subprocess.run(
        [sys.executable, "-c", PRELUDE + textwrap.dedent(program), *args],
        timeout=TIMEOUT,
        check=False,
        capture_output=True,
        text=True,
    )


def test_the_end_of_the_interpreter_delivers_what_was_sent(context):
    pull = bound(context, SocketType.PULL)
    program = """
        push = context.socket(8)
        push.connect(sys.argv[1])
        for i in range(1000):
            push.send(b"%d" % i, None)
    """
    ended = Call(exit_of, program, pull.last_endpoint)
    assert [pull.recv(TIMEOUT) for _ in range(1000)] == [b"%d" % i for i in range(1000)]
    assert (ended.result().returncode, ended.result().stderr) == (0, "")


def test_the_end_of_the_interpreter_is_not_disturbed_by_threads_that_wait(context):
    dealer = bound(context, SocketType.DEALER, rcvhwm=1)
    program = """
        dealer = context.socket(5)
        dealer.connect(sys.argv[1])
        thread = threading.Thread(target=dealer.recv, args=(None,), daemon=True)
        thread.start()
        while not dealer.waited_on():
            pass
        for i in range(200):
            dealer.send(bytes(100_000), None)
    """
    ended = Call(exit_of, program, dealer.last_endpoint)
    assert sum(len(dealer.recv(TIMEOUT)) == 100_000 for _ in range(200)) == 200
    assert (ended.result().returncode, ended.result().stderr) == (0, "")


def test_a_thread_that_waits_at_the_interpreters_exit_sees_nothing_of_it(kernel_context):
    with RawListener() as listener:
        dealer = connected(kernel_context, SocketType.DEALER, listener.endpoint)
        with listener.accept() as peer:
            peer.handshake("ROUTER")
            for _ in range(100):
                dealer.send(bytes(100_000), TIMEOUT)
            receiving = Call(dealer.recv, None)
            eventually(dealer.waited_on, "it waits")
            dealer.deliver()
            peer.until_closed()
        eventually(lambda: not kernel_context.sockets, "all is delivered")
        was_disturbed = receiving.ends(0.1)
        with dealer.lock:
            dealer._gone = SocketClosed
            dealer.changed()
    assert receiving.ends()
    assert not was_disturbed


def test_a_program_that_left_everything_open_ends(context):
    program = """
        for kind in range(11):
            context.socket(kind).bind("tcp://127.0.0.1:*")
    """
    ended = exit_of(program)
    assert (ended.returncode, ended.stderr) == (0, "")
