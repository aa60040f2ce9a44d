import struct
import threading
from contextlib import contextmanager

import pytest

from purezmq.api.proxy import Direction


@contextmanager
def running(function, *arguments):
    """Run a proxy in a thread; it must end by itself."""
    ended = []

    def run() -> None:
        try:
            ended.append(function(*arguments))
        except Exception as error:  # noqa: BLE001 (whatever it is, the test looks at it)
            ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    yield ended
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def ends(context):
    """Bound and connected sockets, in pairs by name: what the proxy has, and what talks to it."""

    def make(name, inner, outer):
        inside, outside = context.socket(inner), context.socket(outer)
        inside.bind(f"inproc://{name}")
        outside.connect(f"inproc://{name}")
        outside.rcvtimeo = outside.sndtimeo = 10_000
        return inside, outside

    return make


def test_a_proxy_passes_on_both_ways_until_the_context_ends(zmq, context, ends):
    frontend, client = ends("front", zmq.ROUTER, zmq.DEALER)
    backend, worker = ends("back", zmq.DEALER, zmq.REP)
    with running(zmq.proxy, frontend, backend) as ended:
        for number in range(2500):
            client.send_multipart([b"", b"%d" % number])
            assert worker.recv() == b"%d" % number
            worker.send(b"reply")
            assert client.recv_multipart() == [b"", b"reply"]
            if number == 10:
                break
        client.close()
        worker.close()
        closing = threading.Thread(target=context.term)
        closing.start()
        while not ended:
            closing.join(0.01)
        frontend.close()
        backend.close()
        closing.join(10)
    assert isinstance(ended[0], zmq.ContextTerminated)


def test_a_proxy_shows_what_passes(ours, ends):
    frontend, push = ends("front", ours.PULL, ours.PUSH)
    backend, pull = ends("back", ours.PUSH, ours.PULL)
    capture, seen = ends("capture", ours.PUSH, ours.PULL)
    control, steer = ends("control", ours.PAIR, ours.PAIR)
    with running(ours.proxy_steerable, frontend, backend, capture, control):
        push.send_multipart([b"a", b"b"])
        assert pull.recv_multipart() == seen.recv_multipart() == [b"a", b"b"]
        steer.send(b"TERMINATE")


def test_a_proxy_on_one_socket_echoes(ours, ends):
    rep, req = ends("echo", ours.REP, ours.REQ)
    control, steer = ends("control", ours.PAIR, ours.PAIR)
    with running(ours.proxy_steerable, rep, rep, None, control):
        for text in (b"once", b"twice"):
            req.send(text)
            assert req.recv() == text
        steer.send(b"TERMINATE")


def test_a_request_that_comes_while_an_echo_goes_to_sleep_wakes_it(ours, ends):
    rep, req = ends("echo", ours.REP, ours.REQ)
    way = Direction(rep, rep, None)
    assert not way.move()
    req.send(b"between the two")
    assert way.awaits() == (rep, ours.POLLIN)
    assert way.move()
    assert req.recv() == b"between the two"


def test_a_paused_proxy_passes_nothing_on(ours, ends):
    frontend, push = ends("front", ours.PULL, ours.PUSH)
    backend, pull = ends("back", ours.PUSH, ours.PULL)
    control, steer = ends("control", ours.REP, ours.REQ)

    def command(text):
        steer.send(text)
        return steer.recv()

    with running(ours.proxy_steerable, frontend, backend, None, control):
        assert command(b"PAUSE") == b""
        push.send(b"later")
        assert pull.poll(20) == 0
        assert command(b"unknown") == b""
        assert command(b"RESUME") == b""
        assert pull.recv() == b"later"
        assert command(b"TERMINATE") == b""


def test_statistics_count_parts_and_octets(ours, ends):
    frontend, push = ends("front", ours.PULL, ours.PUSH)
    backend, pull = ends("back", ours.PUSH, ours.PULL)
    control, steer = ends("control", ours.PAIR, ours.PAIR)
    with running(ours.proxy_steerable, frontend, backend, None, control):
        push.send_multipart([b"ab", b"cde"])
        push.send(b"f")
        pull.recv_multipart()
        pull.recv_multipart()
        steer.send(b"STATISTICS")
        numbers = [struct.unpack("=Q", part)[0] for part in steer.recv_multipart()]
        steer.send(b"TERMINATE")
    assert numbers == [3, 6, 0, 0, 0, 0, 3, 6]


def test_a_proxy_takes_nothing_that_it_cannot_pass_on(ours, context, ends):
    frontend, push = ends("front", ours.PULL, ours.PUSH)
    backend = context.socket(ours.PUSH)
    control, steer = ends("control", ours.REP, ours.REQ)
    with running(ours.proxy_steerable, frontend, backend, None, control):
        push.send(b"nobody is there")
        steer.send(b"RESUME")
        steer.recv()
        steer.send(b"TERMINATE")
        steer.recv()
    assert frontend.recv(ours.DONTWAIT) == b"nobody is there"


def test_a_proxy_is_of_sockets(zmq):
    for function in (zmq.proxy, lambda *ends: zmq.device(zmq.QUEUE, *ends)):
        with pytest.raises(TypeError, match="frontend"):
            function(1, 2)


def test_a_closed_socket_ends_the_proxy(ours, context):
    frontend, backend = context.socket(ours.PULL), context.socket(ours.PUSH)
    backend.close()
    with pytest.raises(ours.ZMQError) as caught:
        ours.proxy(frontend, backend)
    assert caught.value.errno == ours.ENOTSOCK
