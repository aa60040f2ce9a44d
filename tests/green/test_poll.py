import os
import time
from contextlib import suppress

import gevent
import pytest
from gevent import socket

import purezmq
from tests.helpers.threads import Crew


@pytest.fixture
def pipe():
    reader, writer = os.pipe()
    yield reader, writer
    os.close(reader)
    os.close(writer)


def test_others_run_while_one_polls(green, pair, spawn):
    push, pull = pair(green.PUSH, green.PULL)
    poller = green.Poller()
    poller.register(push, green.POLLIN)
    poller.register(pull, green.POLLIN)
    polling = spawn(poller.poll)
    gevent.sleep(0.001)
    assert not polling.ready()
    push.send(b"x")
    assert polling.get() == [(pull, green.POLLIN)]


def test_a_poller_tells_who_has_room(green, context, spawn):
    push = context.socket(green.PUSH)
    push.bind("inproc://poller")
    poller = green.Poller()
    poller.register(push, green.POLLOUT)
    polling = spawn(poller.poll)
    with context.socket(green.PULL) as pull:
        pull.connect("inproc://poller")
        assert polling.get() == [(push, green.POLLOUT)]
    push.close(linger=0)


def test_time_is_in_milliseconds(green, pair, spawn):
    _, pull = pair(green.PUSH, green.PULL)
    poller = green.Poller()
    poller.register(pull, green.POLLIN)
    turns = []
    spawn(lambda: turns.append(gevent.sleep(0)))
    begun = time.monotonic()
    assert poller.poll(50) == []
    assert 0.04 < time.monotonic() - begun < 5
    assert turns
    assert poller.poll(0) == []


def test_descriptors_and_gevents_sockets_are_waited_for_together(green, pair, pipe, spawn):
    push, pull = pair(green.PUSH, green.PULL)
    reader, writer = pipe
    near, far = socket.socketpair()
    poller = green.Poller()
    for thing in (pull, reader, near):
        poller.register(thing, green.POLLIN)
    for tell, ready in (
        (lambda: push.send(b"x"), pull),
        (lambda: os.write(writer, b"x"), reader),
        (lambda: far.send(b"x"), near.fileno()),
    ):
        polling = spawn(poller.poll)
        gevent.sleep(0.001)
        assert not polling.ready()
        tell()
        assert polling.get() == [(ready, green.POLLIN)]
        poller.unregister(next(thing for thing in (pull, reader, near) if thing is ready or thing is near))
        poller.register(pull, green.POLLPRI)
    near.close()
    far.close()


def test_room_in_a_plain_descriptor_is_waited_for(green, pair, spawn):
    _, pull = pair(green.PUSH, green.PULL)
    near, far = socket.socketpair()
    near.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            near.send(b"x" * 10_000)
    poller = green.Poller()
    poller.register(pull, green.POLLIN)
    poller.register(near, green.POLLOUT)
    polling = spawn(poller.poll)
    gevent.sleep(0.001)
    assert not polling.ready()
    spawn(lambda: [far.recv(1_000_000) for _ in range(1_000_000)])
    assert polling.get() == [(near.fileno(), green.POLLOUT)]
    near.close()
    far.close()


def test_plain_sockets_and_those_of_other_threads_are_waited_for(ours, pair, spawn):
    _, pull = pair(ours.PUSH, ours.PULL)
    with purezmq.Context() as context, context.socket(purezmq.PAIR) as plain, context.socket(purezmq.PAIR) as other:
        plain.bind("inproc://plain")
        other.connect("inproc://plain")
        poller = ours.Poller()
        poller.register(pull, ours.POLLIN)
        poller.register(plain, ours.POLLIN)
        polling = spawn(poller.poll)
        with Crew() as crew:
            crew.start(other.send, b"x")
            assert polling.get() == [(plain, ours.POLLIN)]


def test_a_greenlet_that_is_killed_polls_no_longer(ours, pair, spawn):
    push, pull = pair(ours.PUSH, ours.PULL)
    poller = ours.Poller()
    poller.register(push, ours.POLLIN)
    poller.register(pull, ours.POLLIN)
    polling = spawn(poller.poll)
    gevent.sleep(0.001)
    assert pull._core._polls
    polling.kill()
    assert not pull._core._polls
    assert not push._core._polls


def test_with_a_closed_socket_there_is_nothing_to_wait_for(ours, pair, spawn):
    push, pull = pair(ours.PUSH, ours.PULL)
    poller = ours.Poller()
    poller.register(push, ours.POLLIN)
    poller.register(pull, ours.POLLIN)
    polling = spawn(poller.poll)
    gevent.sleep(0.001)
    pull.close()
    for poll in (polling.get, poller.poll):
        with pytest.raises(ours.ZMQError) as refused:
            poll()
        assert refused.value.errno == ours.ENOTSOCK
    assert not push._core._polls


def test_nothing_registered_is_nothing_to_wait_for(green):
    assert green.Poller().poll(0) == []


def test_what_cannot_be_waited_for_is_refused(green):
    poller = green.Poller()
    poller.register("nothing")
    with pytest.raises(TypeError):
        poller.poll()
