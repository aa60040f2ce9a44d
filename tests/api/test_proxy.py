import importlib
import struct
import threading
from contextlib import contextmanager

import pytest

from purezmq.api import proxy as proxies
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
    made = []

    def make(name, inner, outer, **options):
        inside, outside = context.socket(inner), context.socket(outer)
        for option, value in options.items():
            setattr(outside, option, value)
        inside.bind(f"inproc://{name}")
        outside.connect(f"inproc://{name}")
        outside.rcvtimeo = outside.sndtimeo = 10_000
        made.extend((inside, outside))
        return inside, outside

    make.made = made
    return make


@pytest.fixture
def serving(context, ends):
    """Run a proxy until the end of the block, and end it with the context, as both libraries can."""

    @contextmanager
    def serve(function, *arguments):
        with running(function, *arguments) as ended:
            yield ended
            closing = threading.Thread(target=context.term)
            closing.start()
            while not ended:
                closing.join(0.01)
            for socket in ends.made:
                socket.close(linger=0)
            closing.join(10)

    return serve


@pytest.fixture
def monitored_queue(zmq):
    return importlib.import_module(f"{zmq.__name__}.devices").monitored_queue


def test_a_proxy_passes_on_both_ways_until_the_context_ends(zmq, ends, serving):
    frontend, client = ends("front", zmq.ROUTER, zmq.DEALER)
    backend, worker = ends("back", zmq.DEALER, zmq.REP)
    with serving(zmq.proxy, frontend, backend) as ended:
        for number in range(11):
            client.send_multipart([b"", b"%d" % number])
            assert worker.recv() == b"%d" % number
            worker.send(b"reply")
            assert client.recv_multipart() == [b"", b"reply"]
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


def test_a_proxy_is_of_sockets(zmq, context):
    ends = [context.socket(zmq.PULL), context.socket(zmq.PUSH)]
    for function in (zmq.proxy, lambda *ends: zmq.device(zmq.QUEUE, *ends)):
        with pytest.raises(TypeError, match="frontend"):
            function(1, 2)
    with pytest.raises(TypeError, match="capture"):
        zmq.proxy(*ends, 3)
    with pytest.raises(TypeError, match="control"):
        zmq.proxy_steerable(*ends, None, 4)


def test_a_closed_socket_ends_the_proxy(ours, context):
    frontend, backend = context.socket(ours.PULL), context.socket(ours.PUSH)
    backend.close()
    with pytest.raises(ours.ZMQError) as caught:
        ours.proxy(frontend, backend)
    assert caught.value.errno == ours.ENOTSOCK


def test_a_monitored_queue_says_what_comes_from_where(zmq, ends, serving, monitored_queue):
    inner, alice = ends("in", zmq.PAIR, zmq.PAIR)
    outer, bob = ends("out", zmq.PAIR, zmq.PAIR)
    monitor, seen = ends("monitor", zmq.PUSH, zmq.PULL)
    with serving(monitored_queue, inner, outer, monitor) as ended:
        for number in range(3):
            alice.send_multipart([b"hello", b"%d" % number])
            assert bob.recv_multipart() == [b"hello", b"%d" % number]
            bob.send(b"")
            assert alice.recv_multipart() == [b""]
            assert seen.recv_multipart() == [b"in", b"hello", b"%d" % number]
            assert seen.recv_multipart() == [b"out", b""]
    assert isinstance(ended[0], zmq.ContextTerminated)


def test_the_prefixes_of_a_monitored_queue_can_be_chosen(zmq, ends, serving, monitored_queue):
    inner, alice = ends("in", zmq.PAIR, zmq.PAIR)
    outer, bob = ends("out", zmq.PAIR, zmq.PAIR)
    monitor, seen = ends("monitor", zmq.PUSH, zmq.PULL)
    with serving(monitored_queue, inner, outer, monitor, b"", b"two"):
        alice.send(b"hello")
        assert seen.recv_multipart() == [b"", b"hello"]
        bob.send(b"hello")
        assert seen.recv_multipart() == [b"two", b"hello"]


@pytest.mark.parametrize("letter", [[b"text"], [b"", b"text", b"and more"]])
def test_between_two_routers_the_sender_names_the_receiver(zmq, ends, serving, monitored_queue, letter):
    inner, alice = ends("in", zmq.ROUTER, zmq.DEALER, routing_id=b"alice")
    outer, bob = ends("out", zmq.ROUTER, zmq.DEALER, routing_id=b"bob")
    monitor, seen = ends("monitor", zmq.PUSH, zmq.PULL)
    with serving(monitored_queue, inner, outer, monitor):
        alice.send_multipart([b"bob", *letter])
        assert bob.recv_multipart() == [b"alice", *letter]
        bob.send_multipart([b"alice", *letter])
        assert alice.recv_multipart() == [b"bob", *letter]
        assert seen.recv_multipart() == [b"in", b"bob", b"alice", *letter]
        assert seen.recv_multipart() == [b"out", b"alice", b"bob", *letter]


def test_a_monitored_queue_on_one_socket_echoes(ours, ends, serving):
    rep, req = ends("echo", ours.REP, ours.REQ)
    monitor, seen = ends("monitor", ours.PUSH, ours.PULL)
    with serving(proxies.monitored_queue, rep, rep, monitor):
        req.send(b"hello")
        assert req.recv() == b"hello"
        assert seen.recv_multipart() == [b"in", b"hello"]


def test_a_monitored_queue_is_of_sockets_and_of_bytes(zmq, context, monitored_queue):
    ends = [context.socket(kind) for kind in (zmq.PULL, zmq.PUSH, zmq.PUB)]
    for number, name in enumerate(("in_socket", "out_socket", "mon_socket")):
        with pytest.raises(TypeError, match=name):
            monitored_queue(*ends[:number], "no socket", *ends[number + 1 :])
    for prefixes, name in (("in", b"out"), "in_prefix"), ((b"in", None), "out_prefix"):
        with pytest.raises(TypeError, match=name):
            monitored_queue(*ends, *prefixes)


def test_a_closed_monitor_ends_the_queue(ours, ends, context):
    inner, push = ends("in", ours.PULL, ours.PUSH)
    outer, pull = ends("out", ours.PUSH, ours.PULL)
    monitor = context.socket(ours.PUB)
    monitor.close()
    push.send(b"once")
    with pytest.raises(ours.ZMQError) as caught:
        proxies.monitored_queue(inner, outer, monitor)
    assert caught.value.errno == ours.ENOTSOCK
    assert pull.recv() == b"once"
