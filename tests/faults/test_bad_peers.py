"""What a peer does wrong costs that peer its connection, some memory at most, and nobody else anything."""

import contextlib
import random
import select
import struct
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

import purezmq as zmq
from tests.helpers import wire
from tests.helpers.resources import memory
from tests.helpers.sockets import Sockets, endpoint_of, join, receive_all
from tests.helpers.waiting import eventually
from tests.helpers.wire import RawListener, RawPeer

HANDSHAKE_IVL: Final = 300
SOON: Final = 5.0
"""Seconds in which a connection must be closed."""

MEBIBYTE: Final = 1 << 20

HTTP: Final = b"GET /index.html HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\n\r\n"
TLS: Final = bytes.fromhex("16030100c8010000c40303") + random.Random("tls").randbytes(194)


def noise(seed: int) -> bytes:
    return random.Random(seed).randbytes(5000)


def after_handshake(*octets: bytes) -> bytes:
    """A good beginning, and then this."""
    return b"".join((wire.greeting(), wire.ready("PUSH"), *octets))


def long_header(size: int, flags: int = 0) -> bytes:
    return struct.pack(">BQ", flags | wire.LONG, size)


FAULTS: Final = {
    "an HTTP client": HTTP,
    "a TLS client": TLS,
    "an SSH client": b"SSH-2.0-OpenSSH_9.2\r\n" + bytes(300),
    **{f"noise {seed}": noise(seed) for seed in range(5)},
    "noise after the signature": wire.signature() + b"\x03\x01" + noise(1)[:52],
    "noise after the greeting": wire.greeting() + noise(2),
    "another mechanism": wire.greeting(mechanism=b"CURVE"),
    "an unknown mechanism": wire.greeting(mechanism=b"HOMEMADE"),
    "the wrong type": wire.greeting() + wire.ready("PULL"),
    "an unknown type": wire.greeting() + wire.ready("PUSHPULL"),
    "a message before READY": wire.greeting() + wire.message(b"too early"),
    "another command before READY": wire.greeting() + wire.command(b"HELLO", b"there"),
    "ERROR instead of READY": wire.greeting() + wire.command(b"ERROR", b"\x02no"),
    "READY with a lying length": wire.greeting() + wire.command(b"READY", b"\x0bSocket-Type\x00\x00\xff\xffPUSH"),
    "READY with half a property": wire.greeting() + wire.command(b"READY", b"\x0bSocket"),
    "an empty command": wire.greeting() + wire.frame(b"", wire.COMMAND),
    "a command longer than itself": wire.greeting() + wire.frame(b"\xffREADY", wire.COMMAND),
    "a READY of a gigabyte": wire.greeting() + long_header(1 << 30, wire.COMMAND) + b"\x05READY",
    "a length beyond 2^63": after_handshake(long_header((1 << 63) + 1)),
    "a length of all ones": after_handshake(long_header((1 << 64) - 1)),
    "a ZMTP 1.0 frame without flags": wire.frame_v1(b"") + b"\x00\x00",
}

UNFINISHED: Final = {
    "nothing": b"",
    "an octet": b"\xff",
    "half a signature": wire.signature()[:5],
    "a signature": wire.signature(),
    "half a greeting": wire.greeting()[:40],
    "a greeting": wire.greeting(),
    "half a READY": wire.greeting() + wire.ready("PUSH")[:10],
    "half a ZMTP 1.0 identity": b"\x14\x00somebody",
    "half a ZMTP 2.0 greeting": wire.signature() + b"\x01",
}


class Conversation:
    """A PULL, with a good PUSH that must not notice anything."""

    def __init__(self, sockets: Sockets, **options: Any) -> None:
        self.pull = sockets.bound(zmq.PULL, **options)
        self.endpoint = endpoint_of(self.pull)
        self.push = sockets.connected(zmq.PUSH, self.endpoint)
        self.count = 0
        self.goes_on()

    def goes_on(self) -> None:
        """What the good peer sends arrives, and nothing besides."""
        sent = [b"%d" % (self.count + i) for i in range(100)]
        self.count += len(sent)
        for text in sent:
            self.push.send(text)
        assert receive_all(self.pull, len(sent)) == sent
        assert self.pull.poll(0) == 0


@contextlib.contextmanager
def bounded_memory(mebibytes: int) -> Iterator[None]:
    """The block takes no more memory than that, for good."""
    before = memory()
    yield
    taken = (memory() - before) // MEBIBYTE
    assert taken < mebibytes, f"{taken} MiB were taken"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_peer_loses_its_connection(sockets: Sockets, fault: str) -> None:
    talk = Conversation(sockets)
    with bounded_memory(20), RawPeer.connect(talk.endpoint) as bad:
        bad.sock.settimeout(SOON)
        with contextlib.suppress(ConnectionError):  # it may be over before all was said
            bad.send(FAULTS[fault])
        bad.until_closed()
        talk.goes_on()
    talk.goes_on()


@pytest.mark.parametrize("silence", UNFINISHED)
def test_who_does_not_end_the_handshake_in_time_loses_its_connection(sockets: Sockets, silence: str) -> None:
    talk = Conversation(sockets, handshake_ivl=HANDSHAKE_IVL)
    with RawPeer.connect(talk.endpoint) as bad:
        bad.sock.settimeout(SOON)
        bad.send(UNFINISHED[silence])
        talk.goes_on()
        bad.until_closed()
    talk.goes_on()


@pytest.mark.parametrize("octets", [5, 64, 90, 100], ids=lambda n: f"after-{n}-octets")
def test_a_reset_anywhere_in_the_stream_delivers_nothing_of_what_was_cut(sockets: Sockets, octets: int) -> None:
    talk = Conversation(sockets)
    stream = after_handshake(wire.frame(b"cut" * 30, wire.MORE), wire.frame(b"off"))
    for _ in range(20):
        bad = RawPeer.connect(talk.endpoint)
        bad.send(stream[:octets])
        bad.reset()
    talk.goes_on()


def test_a_reset_between_two_parts_delivers_neither(sockets: Sockets) -> None:
    talk = Conversation(sockets)
    bad = RawPeer.connect(talk.endpoint)
    bad.handshake("PUSH")
    bad.send(wire.message(b"whole"), wire.frame(b"one of two", wire.MORE))
    assert talk.pull.recv() == b"whole"
    bad.reset()
    talk.goes_on()


def test_messages_before_the_fault_are_delivered(sockets: Sockets) -> None:
    talk = Conversation(sockets)
    with RawPeer.connect(talk.endpoint) as bad:
        bad.send(after_handshake(wire.message(b"still"), wire.message(b"good"), long_header((1 << 64) - 1)))
        bad.until_closed()
    assert receive_all(talk.pull, 2) == [b"still", b"good"]
    talk.goes_on()


@pytest.mark.parametrize("size", [1 << 32, 1 << 40, (1 << 63) - 1])
def test_a_length_that_is_only_claimed_takes_no_memory(sockets: Sockets, size: int) -> None:
    talk = Conversation(sockets)
    with bounded_memory(20), contextlib.ExitStack() as peers:
        for _ in range(20):
            bad = peers.enter_context(RawPeer.connect(talk.endpoint))
            bad.handshake("PUSH")
            bad.send(long_header(size), b"the first of many octets")
        talk.goes_on()
    talk.goes_on()


def test_a_message_at_the_limit_arrives_and_one_beyond_it_ends_the_connection(sockets: Sockets) -> None:
    talk = Conversation(sockets, maxmsgsize=1000)
    with RawPeer.connect(talk.endpoint) as bad:
        bad.handshake("PUSH")
        bad.send(wire.message(b"x" * 1000))
        assert talk.pull.recv() == b"x" * 1000
        bad.send(long_header(1001))
        bad.until_closed()  # at once: not one octet of the body has come
    talk.goes_on()


def test_the_limit_is_for_each_part(sockets: Sockets) -> None:
    talk = Conversation(sockets, maxmsgsize=1000)
    with RawPeer.connect(talk.endpoint) as peer:
        peer.handshake("PUSH")
        peer.send(wire.message(b"x" * 1000, b"y" * 1000))
        assert talk.pull.recv_multipart() == [b"x" * 1000, b"y" * 1000]


def test_a_peer_that_sends_and_is_not_read_is_held_at_the_high_water_mark(sockets: Sockets) -> None:
    pull = sockets.bound(zmq.PULL, rcvhwm=10)
    with bounded_memory(60), RawPeer.connect(endpoint_of(pull)) as greedy:
        greedy.handshake("PUSH")
        greedy.sock.settimeout(0.5)
        sent = 0
        with contextlib.suppress(TimeoutError):
            while sent < 400:
                greedy.send(wire.message(b"x" * MEBIBYTE))
                sent += 1
        assert sent < 50, "it is made to wait"


def publish_until_read(publisher: Any, peer: RawPeer) -> None:
    """A publisher does not tell when it has a subscription: publish until something comes of it."""

    def published() -> bool:
        publisher.send(b"probe")
        return bool(select.select([peer.sock], [], [], 0.005)[0])

    eventually(published, "the subscription takes effect")


@pytest.mark.parametrize("kind", ["PUB", "XPUB"])
def test_a_subscriber_that_never_reads_costs_a_queue_and_the_others_nothing(sockets: Sockets, kind: str) -> None:
    publisher = sockets.bound(getattr(zmq, kind), sndhwm=10, sndbuf=65_536)
    good = sockets(zmq.SUB, rcvhwm=0)
    good.subscribe(b"")
    good.connect(endpoint_of(publisher))
    with bounded_memory(40), RawPeer.connect(endpoint_of(publisher)) as idle:
        idle.handshake("SUB")
        idle.send(wire.command(b"SUBSCRIBE"))
        publish_until_read(publisher, idle)
        join(publisher, good)
        for number in range(200):
            publisher.send(b"%d:" % number + bytes(MEBIBYTE))
            assert good.recv().startswith(b"%d:" % number)


def test_a_client_that_never_reads_its_replies_costs_a_queue_and_the_others_nothing(sockets: Sockets) -> None:
    router = sockets.bound(zmq.ROUTER, sndhwm=10, sndbuf=65_536)
    good = sockets.connected(zmq.DEALER, endpoint_of(router), routing_id=b"good")
    with bounded_memory(60), RawPeer.connect(endpoint_of(router)) as idle:
        idle.handshake("DEALER", identity=b"idle")
        idle.send(wire.message(b"hello"))
        assert router.recv_multipart() == [b"idle", b"hello"]
        good.send(b"hello")
        assert router.recv_multipart() == [b"good", b"hello"]
        for number in range(200):
            router.send_multipart([b"idle", bytes(MEBIBYTE)])
            router.send_multipart([b"good", b"%d" % number])
            assert good.recv() == b"%d" % number


def test_many_bad_peers_at_once_do_not_disturb_a_good_one(sockets: Sockets) -> None:
    talk = Conversation(sockets)
    with bounded_memory(40), contextlib.ExitStack() as peers:
        bad = [peers.enter_context(RawPeer.connect(talk.endpoint)) for _ in range(100)]
        for peer, octets in zip(bad, 5 * list(FAULTS.values()), strict=False):
            with contextlib.suppress(ConnectionError):
                peer.send(octets)
        talk.goes_on()
        for peer in bad:
            peer.until_closed()
    talk.goes_on()


CONNECTING_FAULTS: Final[dict[str, Callable[[RawPeer], None]]] = {
    "HTTP": lambda peer: peer.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" * 3),
    "wrong type": lambda peer: peer.send(wire.greeting(), wire.ready("SUB")),
    "another mechanism": lambda peer: peer.send(wire.greeting(mechanism=b"PLAIN")),
    "ERROR": lambda peer: peer.send(wire.greeting(), wire.command(b"ERROR", b"\x02no")),
    "beyond 2^63": lambda peer: peer.send(after_handshake(long_header((1 << 64) - 1))),
    "beyond MAXMSGSIZE": lambda peer: peer.send(after_handshake(long_header(100_001))),
}


@pytest.mark.parametrize("fault", CONNECTING_FAULTS)
def test_a_server_that_breaks_the_protocol_is_left_for_good(sockets: Sockets, fault: str) -> None:
    with RawListener() as listener:
        good = sockets.bound(zmq.PUSH)
        pull = sockets(zmq.PULL, reconnect_ivl=20, maxmsgsize=100_000)
        pull.connect(listener.endpoint)
        pull.connect(endpoint_of(good))
        with listener.accept() as bad:
            CONNECTING_FAULTS[fault](bad)
            bad.sock.settimeout(SOON)
            bad.until_closed()
        assert listener.nobody_connects(0.3)
        good.send(b"undisturbed")
        assert pull.recv() == b"undisturbed"


@pytest.mark.parametrize("said", [b"", wire.signature(), wire.greeting(), after_handshake(long_header(10_000))])
def test_a_server_that_goes_away_is_tried_again(sockets: Sockets, said: bytes) -> None:
    with RawListener() as listener:
        pull = sockets.connected(zmq.PULL, listener.endpoint, reconnect_ivl=20)
        for _ in range(3):
            with listener.accept() as peer:
                peer.send(said)
        with listener.accept() as peer:
            peer.handshake("PUSH")
            peer.send(wire.message(b"at last"))
            assert pull.recv() == b"at last"


def test_a_server_that_is_silent_is_tried_again(sockets: Sockets) -> None:
    with RawListener() as listener:
        sockets.connected(zmq.PULL, listener.endpoint, reconnect_ivl=20, handshake_ivl=100)
        with listener.accept() as silent:
            silent.until_closed()
        with listener.accept() as second:
            assert second.read(10) == wire.signature()


def test_a_reply_in_a_foreign_envelope_ends_the_connection_and_the_request_can_go_elsewhere(sockets: Sockets) -> None:
    with RawListener() as listener:
        request = sockets.connected(zmq.REQ, listener.endpoint, req_relaxed=1)
        with listener.accept() as bad:
            bad.handshake("REP")
            request.send(b"question")
            assert [bad.read_frame().body, bad.read_frame().body] == [b"", b"question"]
            bad.send(wire.message(b"no envelope", b"answer"))
            bad.until_closed()
        reply = sockets.bound(zmq.REP)
        request.connect(endpoint_of(reply))

        def answered() -> bytes:
            request.send(b"again")
            return bytes(request.recv()) if request.poll(50) else b""

        def serve() -> bool:
            if reply.poll(0):
                reply.recv()
                reply.send(b"answer")
            return answered() == b"answer"

        eventually(serve, "the good server answers")
