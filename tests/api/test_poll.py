import os
import select
import signal
import socket as system_sockets
import threading
from time import monotonic

import pytest

from purezmq.api import waiting

WAITS = [waiting.wait_by_select]
if hasattr(select, "poll"):
    WAITS.append(waiting.wait_by_poll)


@pytest.fixture(params=WAITS, ids=lambda wait: wait.__name__)
def each_way(request, monkeypatch):
    monkeypatch.setattr(waiting, "wait_for_descriptors", request.param)


@pytest.fixture
def pipe():
    reader, writer = os.pipe()
    yield reader, writer
    os.close(reader)
    os.close(writer)


def test_a_poller_tells_who_is_ready(zmq, pair, each_way):
    first, second = pair(zmq.PAIR, zmq.PAIR)
    poller = zmq.Poller()
    poller.register(first)
    poller.register(second, zmq.POLLIN)
    assert poller.poll(0) == [(first, zmq.POLLOUT)]
    first.send(b"x")
    assert dict(poller.poll(1000)) == {first: zmq.POLLOUT, second: zmq.POLLIN}
    assert second.recv() == b"x"
    assert dict(poller.poll(0)) == {first: zmq.POLLOUT}


def test_registering_again_modifies_and_zero_unregisters(zmq, pair):
    first, second = pair(zmq.PAIR, zmq.PAIR)
    poller = zmq.Poller()
    poller.register(first, zmq.POLLIN)
    poller.register(second, 0)
    assert first in poller
    assert second not in poller
    poller.modify(first, zmq.POLLOUT)
    assert poller.sockets == [(first, zmq.POLLOUT)]
    poller.register(first, 0)
    assert first not in poller
    poller.register(second)
    poller.unregister(second)
    with pytest.raises(KeyError):
        poller.unregister(second)


def test_nothing_registered_is_nothing_to_wait_for(zmq):
    assert zmq.Poller().poll() == []
    assert zmq.zmq_poll([]) == []
    assert zmq.select([], [], []) == ([], [], [])


def test_time_is_in_milliseconds(zmq, pair, each_way, pipe):
    _, pull = pair(zmq.PUSH, zmq.PULL)
    poller = zmq.Poller()
    poller.register(pull, zmq.POLLIN)
    poller.register(pipe[0], zmq.POLLIN)
    begun = monotonic()
    assert poller.poll(50) == []
    assert pull.poll(50.9) == 0
    assert 0.09 < monotonic() - begun < 5
    assert poller.poll(0.9) == []


def test_descriptors_and_sockets_are_waited_for_together(zmq, pair, each_way, pipe):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    reader, writer = pipe
    poller = zmq.Poller()
    poller.register(pull, zmq.POLLIN)
    poller.register(reader, zmq.POLLIN)
    os.write(writer, b"x")
    assert poller.poll() == [(reader, zmq.POLLIN)]
    push.send(b"x")
    assert poller.poll() == [(pull, zmq.POLLIN), (reader, zmq.POLLIN)]
    os.read(reader, 1)
    assert poller.poll() == [(pull, zmq.POLLIN)]


def test_things_with_a_fileno_are_told_by_their_descriptor(zmq):
    one, other = system_sockets.socketpair()
    with one, other:
        assert zmq.zmq_poll([(one, zmq.POLLIN | zmq.POLLOUT)]) == [(one.fileno(), zmq.POLLOUT)]


def test_what_is_wrong_with_a_descriptor_is_told_unasked(zmq):
    reader, writer = os.pipe()
    os.close(writer)
    assert zmq.zmq_poll([(reader, zmq.POLLIN)], 1000) == [(reader, zmq.POLLERR)]
    os.close(reader)


@pytest.mark.parametrize(("wrong", "error"), [("x", TypeError), (None, TypeError)])
def test_what_cannot_be_waited_for_is_refused(zmq, wrong, error):
    with pytest.raises(error, match="fileno"):
        zmq.zmq_poll([(wrong, zmq.POLLIN)], 0)


def test_a_wrong_fileno_is_refused(zmq):
    class Wrong:
        def fileno(self) -> str:
            return "none"

    with pytest.raises(ValueError, match="fileno"):
        zmq.zmq_poll([(Wrong(), zmq.POLLIN)], 0)


def test_a_closed_socket_is_refused(ours, pair):
    first, second = pair(ours.PAIR, ours.PAIR)
    first.close()
    with pytest.raises(ours.ZMQError) as caught:
        ours.zmq_poll([(first, ours.POLLIN), (second, ours.POLLIN)], 0)
    assert caught.value.errno == ours.ENOTSOCK


@pytest.mark.parametrize("with_descriptor", [False, True])
def test_another_threads_message_ends_the_wait(zmq, pair, each_way, pipe, with_descriptor):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    poller = zmq.Poller()
    poller.register(pull, zmq.POLLIN)
    if with_descriptor:
        poller.register(pipe[0], zmq.POLLIN)
    timer = threading.Timer(0.05, push.send, [b"x"])
    timer.start()
    assert poller.poll(10_000) == [(pull, zmq.POLLIN)]
    timer.join()


@pytest.mark.parametrize("with_descriptor", [False, True])
def test_the_contexts_end_ends_the_wait(ours, context, pair, pipe, with_descriptor):
    _, pull = pair(ours.PUSH, ours.PULL)
    poller = ours.Poller()
    poller.register(pull, ours.POLLIN)
    if with_descriptor:
        poller.register(pipe[0], ours.POLLIN)
    timer = threading.Timer(0.05, context._core.shutdown)
    timer.start()
    with pytest.raises(ours.ContextTerminated):
        poller.poll(10_000)
    timer.join()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer signals here")
def test_a_signal_does_not_end_the_wait(ours, pair, pipe):
    _, pull = pair(ours.PUSH, ours.PULL)
    came = []
    before = signal.signal(signal.SIGALRM, lambda *_: came.append(True))
    try:
        for also in ([], [(pipe[0], ours.POLLIN)]):
            signal.setitimer(signal.ITIMER_REAL, 0.02)
            begun = monotonic()
            assert ours.zmq_poll([(pull, ours.POLLIN), *also], 60) == []
            assert monotonic() - begun >= 0.06
    finally:
        signal.signal(signal.SIGALRM, before)
    assert len(came) == 2


def test_a_socket_waits_for_itself(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    assert pull.poll(0) == 0
    assert pull.poll(0, 0) == 0
    assert push.poll(0, zmq.POLLIN | zmq.POLLOUT) == zmq.POLLOUT
    push.send(b"x")
    assert pull.poll() == zmq.POLLIN


def test_select_is_as_pythons(zmq, pair, pipe):
    first, second = pair(zmq.PAIR, zmq.PAIR)
    first.send(b"x")
    readable, writable, failed = zmq.select([second, pipe[0]], [first, pipe[1]], [first], 10)
    assert (readable, set(writable), failed) == ([second], {first, pipe[1]}, [])
    begun = monotonic()
    assert zmq.select([first], [], [], 0.05) == ([], [], [])
    assert monotonic() - begun >= 0.05
