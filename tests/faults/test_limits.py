"""High-water marks: who waits, who is refused, and what is dropped."""

import errno
import time
from typing import Any, Final

import pytest

import purezmq as zmq
from tests.helpers import wire
from tests.helpers.sockets import Sockets, endpoint_of, join
from tests.helpers.threads import Crew
from tests.helpers.waiting import eventually
from tests.helpers.wire import RawListener, RawPeer

KIBIBYTE: Final = 1024
BUFFERS: Final[dict[str, Any]] = {"sndbuf": 16_384, "rcvbuf": 16_384}


def send_until_full(sock: Any, *parts: bytes, limit: int = 20_000) -> int:
    """How many messages it takes without waiting; it must come to an end."""
    for count in range(limit):
        if not sent(sock, *parts, flags=zmq.DONTWAIT):
            return count
    raise AssertionError(f"{limit} messages were taken")


def sent(sock: Any, *parts: bytes, flags: int = 0) -> bool:
    """Whether it was taken."""
    try:
        sock.send_multipart(parts, flags)
    except zmq.Again:
        return False
    return True


@pytest.mark.parametrize("kind", ["PUSH", "DEALER", "PAIR", "REQ"])
def test_without_a_peer_a_sender_waits_or_is_refused(sockets: Sockets, kind: str) -> None:
    sock = sockets(getattr(zmq, kind), sndtimeo=20)
    for flags in (0, zmq.DONTWAIT):
        with pytest.raises(zmq.Again) as error:
            sock.send(b"for nobody", flags)
        assert error.value.errno == errno.EAGAIN
    assert not sock.poll(0, zmq.POLLOUT)


@pytest.mark.parametrize("kind", ["PUSH", "DEALER", "PAIR"])
def test_a_queue_for_a_peer_that_was_never_reached_holds_as_many_as_its_mark(sockets: Sockets, kind: str) -> None:
    with RawListener() as listener:
        endpoint = listener.endpoint
    sock = sockets.connected(getattr(zmq, kind), endpoint, sndhwm=7)
    assert send_until_full(sock, b"for later") == 7
    assert not sock.poll(0, zmq.POLLOUT)


@pytest.mark.parametrize("kind", ["PUSH", "DEALER", "REQ"])
def test_immediate_makes_no_queue_for_a_peer_that_was_never_reached(sockets: Sockets, kind: str) -> None:
    with RawListener() as listener:
        endpoint = listener.endpoint
    sock = sockets.connected(getattr(zmq, kind), endpoint, immediate=1)
    with pytest.raises(zmq.Again):
        sock.send(b"for nobody", zmq.DONTWAIT)


def test_immediate_sends_nothing_to_a_peer_that_is_not_there(sockets: Sockets) -> None:
    with RawListener() as listener:
        nobody = listener.endpoint
    pull = sockets.bound(zmq.PULL)
    push = sockets(zmq.PUSH, immediate=1)
    push.connect(nobody)
    push.connect(endpoint_of(pull))
    for number in range(100):
        push.send(b"%d" % number)
    assert [int(pull.recv()) for _ in range(100)] == list(range(100))


@pytest.mark.parametrize("sndtimeo", [0, 30])
def test_a_push_is_refused_when_its_peer_does_not_read(sockets: Sockets, sndtimeo: int) -> None:
    pull = sockets.bound(zmq.PULL, rcvhwm=10, **BUFFERS)
    push = sockets.connected(zmq.PUSH, endpoint_of(pull), sndhwm=10, **BUFFERS)
    count = send_until_full(push, bytes(8 * KIBIBYTE))
    begin = time.monotonic()
    push.sndtimeo = sndtimeo
    while sent(push, bytes(8 * KIBIBYTE)):  # a little may move on into the buffers of the kernel
        count += 1
        begin = time.monotonic()
    assert time.monotonic() - begin >= sndtimeo / 1000 * 0.9
    for _ in range(count):
        assert pull.recv() == bytes(8 * KIBIBYTE)
    push.sndtimeo = 10_000
    push.send(b"there is room again")
    assert pull.recv() == b"there is room again"


def test_a_push_that_waits_goes_on_when_its_peer_reads(sockets: Sockets, endpoint: str) -> None:
    pull = sockets.bound(zmq.PULL, endpoint, rcvhwm=5)
    push = sockets.connected(zmq.PUSH, endpoint, sndhwm=5)
    with Crew() as crew:
        crew.start(lambda: [push.send(b"%d" % i + bytes(10_000)) for i in range(2000)])
        for number in range(2000):
            assert pull.recv() == b"%d" % number + bytes(10_000)


def test_a_push_turns_to_the_peer_that_reads(sockets: Sockets) -> None:
    slow, fast = (sockets.bound(zmq.PULL, rcvhwm=1, **BUFFERS) for _ in range(2))
    push = sockets(zmq.PUSH, sndhwm=5, **BUFFERS)
    for pull in (slow, fast):
        push.connect(endpoint_of(pull))
    with Crew() as crew:
        sender = crew.start(lambda: [push.send(b"%d" % number + bytes(8 * KIBIBYTE)) for number in range(500)])
        got = 0
        while not sender.done() or fast.poll(0):
            got += bool(fast.poll(5)) and bool(fast.recv())
    assert got > 250


@pytest.mark.parametrize("endpoint", ["inproc"], indirect=True)
@pytest.mark.parametrize("bind_first", [True, False])
@pytest.mark.parametrize(("sndhwm", "rcvhwm"), [(1, 1), (3, 4), (10, 2)])
def test_over_inproc_the_marks_of_both_ends_are_summed(
    sockets: Sockets, endpoint: str, sndhwm: int, rcvhwm: int, bind_first: bool
) -> None:
    pull, push = sockets(zmq.PULL, rcvhwm=rcvhwm), sockets(zmq.PUSH, sndhwm=sndhwm)
    ends = [lambda: pull.bind(endpoint), lambda: push.connect(endpoint)]
    for open_it in ends if bind_first else reversed(ends):
        open_it()
    count = send_until_full(push, b"one")
    assert count == sndhwm + rcvhwm
    for _ in range(count):
        assert pull.recv() == b"one"
    eventually(lambda: push.poll(0, zmq.POLLOUT), "there is room again")


@pytest.mark.parametrize("endpoint", ["inproc"], indirect=True)
@pytest.mark.parametrize(("sndhwm", "rcvhwm"), [(0, 1), (1, 0), (0, 0)])
def test_over_inproc_there_is_no_mark_if_either_end_has_none(
    sockets: Sockets, endpoint: str, sndhwm: int, rcvhwm: int
) -> None:
    pull = sockets.bound(zmq.PULL, endpoint, rcvhwm=rcvhwm)
    push = sockets.connected(zmq.PUSH, endpoint, sndhwm=sndhwm)
    for number in range(5000):
        push.send(b"%d" % number, zmq.DONTWAIT)
    assert [int(pull.recv()) for _ in range(5000)] == list(range(5000))


def test_the_mark_counts_messages_and_not_their_parts(sockets: Sockets) -> None:
    sockets.bound(zmq.PULL, "inproc://parts", rcvhwm=2)
    push = sockets.connected(zmq.PUSH, "inproc://parts", sndhwm=3)
    assert send_until_full(push, *[b"part"] * 10) == 5


@pytest.mark.parametrize("kind", ["PUB", "XPUB"])
def test_a_publisher_drops_for_a_subscriber_that_is_behind_and_never_waits(sockets: Sockets, kind: str) -> None:
    publisher = sockets.bound(getattr(zmq, kind), sndhwm=10, sndtimeo=0, **BUFFERS)
    subscriber = sockets(zmq.SUB, rcvhwm=10, **BUFFERS)
    subscriber.subscribe(b"")
    subscriber.connect(endpoint_of(publisher))
    join(publisher, subscriber)
    for number in range(1000):
        publisher.send(b"%d " % number + bytes(8 * KIBIBYTE))
    assert publisher.poll(0, zmq.POLLOUT)
    got = [int(subscriber.recv().split()[0])]
    while subscriber.poll(100):
        got.append(int(subscriber.recv().split()[0]))
    assert got == sorted(set(got)), "in order, none twice"
    assert 10 <= len(got) < 900, "what the queues hold arrives, the rest is dropped"
    join(publisher, subscriber)  # and it gets what is new


@pytest.mark.parametrize("kind", ["PUB", "XPUB"])
def test_a_publisher_that_must_not_drop_waits_for_the_slowest(sockets: Sockets, kind: str) -> None:
    publisher = sockets.bound(getattr(zmq, kind), "inproc://nodrop", sndhwm=3, xpub_nodrop=1)
    subscribers = [sockets(zmq.SUB, rcvhwm=hwm) for hwm in (2, 1000)]
    for subscriber in subscribers:
        subscriber.subscribe(b"")
        subscriber.connect("inproc://nodrop")
    join(publisher, *subscribers)
    count = send_until_full(publisher, b"to all or to none")
    assert 0 < count <= 5
    for subscriber in subscribers:
        assert [subscriber.recv() for _ in range(count)] == [b"to all or to none"] * count
        assert not subscriber.poll(0)
    eventually(lambda: sent(publisher, b"again", flags=zmq.DONTWAIT), "there is room again")


def test_a_router_drops_what_nobody_can_get(sockets: Sockets) -> None:
    router = sockets.bound(zmq.ROUTER, sndtimeo=0)
    router.send_multipart([b"nobody", b"text"])
    assert router.poll(0, zmq.POLLOUT)


def test_a_mandatory_router_says_who_is_not_there(sockets: Sockets) -> None:
    router = sockets.bound(zmq.ROUTER, router_mandatory=1)
    with pytest.raises(zmq.ZMQError) as error:
        router.send_multipart([b"nobody", b"text"])
    assert error.value.errno == errno.EHOSTUNREACH


def test_a_mandatory_router_waits_for_a_peer_whose_queue_is_full(sockets: Sockets) -> None:
    router = sockets.bound(zmq.ROUTER, router_mandatory=1, sndhwm=5, **BUFFERS)
    with RawPeer.connect(endpoint_of(router)) as slow:
        slow.handshake("DEALER", identity=b"slow")
        slow.send(wire.message(b"hello"))
        assert router.recv_multipart() == [b"slow", b"hello"]
        send_until_full(router, b"slow", bytes(8 * KIBIBYTE))
        router.sndtimeo = 20
        eventually(lambda: not sent(router, b"slow", bytes(8 * KIBIBYTE)), "it waits, and gives up")


def test_a_mark_may_be_changed_while_the_socket_is_in_use(sockets: Sockets) -> None:
    sockets.bound(zmq.PULL, "inproc://live", rcvhwm=1)
    push = sockets.connected(zmq.PUSH, "inproc://live", sndhwm=1)
    push.sndhwm = 4
    assert send_until_full(push, b"one") == 5
