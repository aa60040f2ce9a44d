"""Peers of all ages, played octet by octet: what they are told, what they may say, on both ends of the connection."""

import itertools
from typing import Any, Final

import pytest

import purezmq as zmq
from tests.helpers import wire
from tests.helpers.dialects import DIALECTS, Dialect, Unversioned, Version31, expect
from tests.helpers.sockets import Sockets, scripted
from tests.helpers.waiting import eventually
from tests.helpers.wire import RawPeer

ROLES: Final = ("binds", "connects")
VERSION_3: Final = ("3.0", "3.1")
LENGTHS: Final = (0, 1, 253, 254, 255, 256, 65_535, 65_536, 1_000_000)
MESSAGES: Final = [[b"x" * n] for n in LENGTHS] + [
    [b"a", b""],
    [b"", b"b", b"c" * 300],
    [b"%d" % i * 70 for i in range(10)],
]


class SlowPeer(RawPeer):
    """One that writes one octet at a time."""

    def send(self, *octets: bytes) -> None:
        for octet in b"".join(octets):
            super().send(bytes((octet,)))


every_dialect = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: d.name)
every_role = pytest.mark.parametrize("role", ROLES)
every_minor = pytest.mark.parametrize("minor", [0, 1], ids=VERSION_3)


@every_dialect
@every_role
def test_a_peer_reads_what_we_send(sockets: Sockets, dialect: Dialect, role: str) -> None:
    with scripted(sockets, zmq.PUSH, role) as (sock, peer):
        dialect.greet(peer, "PUSH", b"", "PULL")
        for message in MESSAGES:
            sock.send_multipart(message)
        assert [dialect.read(peer) for _ in MESSAGES] == MESSAGES


@every_dialect
@every_role
def test_we_read_what_a_peer_sends(sockets: Sockets, dialect: Dialect, role: str) -> None:
    with scripted(sockets, zmq.PULL, role) as (sock, peer):
        dialect.greet(peer, "PULL", b"", "PUSH")
        peer.send(*(dialect.write(*message) for message in MESSAGES))
        assert [sock.recv_multipart() for _ in MESSAGES] == MESSAGES


@every_dialect
@every_role
def test_both_directions_at_once(sockets: Sockets, dialect: Dialect, role: str) -> None:
    with scripted(sockets, zmq.PAIR, role) as (sock, peer):
        dialect.greet(peer, "PAIR", b"", "PAIR")
        for message in MESSAGES:
            peer.send(dialect.write(*message))
            sock.send_multipart(message)
        assert [dialect.read(peer) for _ in MESSAGES] == MESSAGES
        assert [sock.recv_multipart() for _ in MESSAGES] == MESSAGES


@every_dialect
@every_role
def test_our_routing_id_is_announced(sockets: Sockets, dialect: Dialect, role: str) -> None:
    with scripted(sockets, zmq.DEALER, role, routing_id=b"ourselves") as (sock, peer):
        dialect.greet(peer, "DEALER", b"ourselves", "ROUTER")
        sock.send(b"after it")
        assert dialect.read(peer) == [b"after it"]


@every_dialect
@every_role
def test_a_peers_routing_id_is_known(sockets: Sockets, dialect: Dialect, role: str) -> None:
    with scripted(sockets, zmq.ROUTER, role, router_mandatory=1) as (sock, peer):
        dialect.greet(peer, "ROUTER", b"", "DEALER", b"themselves")
        peer.send(dialect.write(b"question"))
        assert sock.recv_multipart() == [b"themselves", b"question"]
        sock.send_multipart([b"themselves", b"answer"])
        assert dialect.read(peer) == [b"answer"]


@every_dialect
@every_role
def test_a_peer_without_a_routing_id_gets_one_of_five_octets(sockets: Sockets, dialect: Dialect, role: str) -> None:
    with scripted(sockets, zmq.ROUTER, role) as (sock, peer):
        dialect.greet(peer, "ROUTER", b"", "DEALER")
        peer.send(dialect.write(b"question"))
        routing_id, question = sock.recv_multipart()
        assert (len(routing_id), routing_id[:1], question) == (5, b"\0", b"question")
        sock.send_multipart([routing_id, b"answer"])
        assert dialect.read(peer) == [b"answer"]


@every_dialect
@every_role
def test_a_request_has_an_envelope_and_its_reply_too(sockets: Sockets, dialect: Dialect, role: str) -> None:
    with scripted(sockets, zmq.REQ, role) as (sock, peer):
        dialect.greet(peer, "REQ", b"", "REP")
        sock.send(b"question")
        assert dialect.read(peer) == [b"", b"question"]
        peer.send(dialect.write(b"", b"answer"))
        assert sock.recv_multipart() == [b"answer"]


@every_dialect
@every_role
def test_a_reply_goes_back_in_the_envelope_of_its_request(sockets: Sockets, dialect: Dialect, role: str) -> None:
    with scripted(sockets, zmq.REP, role) as (sock, peer):
        dialect.greet(peer, "REP", b"", "DEALER")
        peer.send(dialect.write(b"one", b"two", b"", b"question"))
        assert sock.recv_multipart() == [b"question"]
        sock.send(b"answer")
        assert dialect.read(peer) == [b"one", b"two", b"", b"answer"]


@pytest.mark.parametrize("dialect", [d for d in DIALECTS if not isinstance(d, Version31)], ids=lambda d: d.name)
@every_role
def test_to_old_publishers_subscriptions_are_messages(sockets: Sockets, dialect: Dialect, role: str) -> None:
    with scripted(sockets, zmq.SUB, role) as (sock, peer):
        sock.subscribe(b"news")
        dialect.greet(peer, "SUB", b"", "PUB")
        assert dialect.read(peer) == [b"\x01news"]
        sock.subscribe(b"weather")
        assert dialect.read(peer) == [b"\x01weather"]
        sock.unsubscribe(b"news")
        assert dialect.read(peer) == [b"\x00news"]
        peer.send(dialect.write(b"news: late"), dialect.write(b"weather", b"fine"))
        assert sock.recv_multipart() == [b"weather", b"fine"]


@every_role
def test_to_publishers_of_3_1_subscriptions_are_commands(sockets: Sockets, role: str) -> None:
    with scripted(sockets, zmq.SUB, role) as (sock, peer):
        sock.subscribe(b"news")
        Version31("3.1").greet(peer, "SUB", b"", "PUB")
        expect(peer, wire.command(b"SUBSCRIBE", b"news"))
        sock.subscribe(b"w" * 246)
        expect(peer, wire.command(b"SUBSCRIBE", b"w" * 246))
        sock.unsubscribe(b"news")
        expect(peer, wire.command(b"CANCEL", b"news"))
        sock.unsubscribe(b"w" * 246)
        expect(peer, wire.command(b"CANCEL", b"w" * 246))


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: d.name)
@pytest.mark.parametrize("length", [245, 246, 254, 255, 256])
def test_long_topics_are_framed_well_for_every_publisher(sockets: Sockets, dialect: Dialect, length: int) -> None:
    topic = b"t" * length
    with scripted(sockets, zmq.SUB, "connects") as (sock, peer):
        sock.subscribe(topic)
        dialect.greet(peer, "SUB", b"", "PUB")
        if isinstance(dialect, Version31):
            expect(peer, wire.command(b"SUBSCRIBE", topic))
        else:
            expect(peer, dialect.write(b"\x01" + topic))
        peer.send(dialect.write(topic + b"!"))
        assert sock.recv() == topic + b"!"


@pytest.mark.parametrize("dialect", [d for d in DIALECTS if not isinstance(d, Unversioned)], ids=lambda d: d.name)
@every_role
def test_every_subscriber_may_subscribe_by_messages(sockets: Sockets, dialect: Dialect, role: str) -> None:
    with scripted(sockets, zmq.XPUB, role) as (sock, peer):
        dialect.greet(peer, "XPUB", b"", "SUB")
        peer.send(dialect.write(b"\x01news"), dialect.write(b"\x01" + b"t" * 255))
        assert [sock.recv(), sock.recv()] == [b"\x01news", b"\x01" + b"t" * 255]
        sock.send(b"olds")
        sock.send(b"news today")
        assert dialect.read(peer) == [b"news today"]
        peer.send(dialect.write(b"\x00news"))
        assert sock.recv() == b"\x00news"
        sock.send(b"news tomorrow")
        sock.send_multipart([b"t" * 255, b"body"])
        assert dialect.read(peer) == [b"t" * 255, b"body"]


@every_minor
@every_role
def test_every_subscriber_of_3_x_may_subscribe_by_commands(sockets: Sockets, minor: int, role: str) -> None:
    with scripted(sockets, zmq.XPUB, role) as (sock, peer):
        peer.handshake("SUB", minor)
        peer.send(wire.command(b"SUBSCRIBE", b"news"))
        assert sock.recv() == b"\x01news"
        sock.send(b"olds")
        sock.send(b"news today")
        assert peer.read_frame() == (0, b"news today")
        peer.send(wire.command(b"CANCEL", b"news"))
        assert sock.recv() == b"\x00news"


@pytest.mark.parametrize("kind", ["PUB", "XPUB"])
@every_role
def test_a_subscription_that_has_arrived_holds_for_the_next_message(sockets: Sockets, kind: str, role: str) -> None:
    with scripted(sockets, getattr(zmq, kind), role) as (sock, peer):
        peer.handshake("SUB")
        for topic in (b"%d" % number for number in range(50)):
            peer.send(wire.message(b"\1" + topic))
            sock.send(topic)
            assert peer.read_frame() == (0, topic)


@pytest.mark.parametrize("kind", ["PUB", "XPUB"])
@pytest.mark.parametrize("dialect", [d for d in DIALECTS if isinstance(d, Unversioned)], ids=lambda d: d.name)
@every_role
def test_subscribers_of_1_0_get_everything(sockets: Sockets, dialect: Dialect, role: str, kind: str) -> None:
    with scripted(sockets, getattr(zmq, kind), role) as (sock, peer):
        dialect.greet(peer, kind, b"", "SUB")
        peer.sock.settimeout(0.02)
        number = itertools.count()

        def published() -> Any:
            sock.send(b"%d" % next(number))
            try:
                return peer.sock.recv(1)
            except TimeoutError:
                return None

        first = eventually(published, "a message reaches a subscriber that asked for none")
        peer.sock.settimeout(10)
        rest = peer.read(first[0])
        sock.send_multipart([b"anything", b"at all"])
        message = [rest[1:]]
        while message != [b"anything", b"at all"]:
            assert message[0].isdigit()
            message = dialect.read(peer)


@every_role
def test_we_greet_in_stages_and_do_not_wait_for_the_whole_greeting(sockets: Sockets, role: str) -> None:
    with scripted(sockets, zmq.PULL, role) as (_, peer):
        expect(peer, wire.signature())
        peer.send(wire.signature())
        expect(peer, b"\x03")
        peer.send(b"\x03")
        expect(peer, wire.greeting()[11:])
        peer.send(wire.greeting()[11:])
        expect(peer, wire.ready("PULL"))


@every_role
def test_ready_is_sent_without_waiting_for_the_peers(sockets: Sockets, role: str) -> None:
    with scripted(sockets, zmq.ROUTER, role) as (_, peer):
        peer.send(wire.greeting())
        expect(peer, wire.greeting() + wire.ready("ROUTER", (b"Identity", b"")))


@every_dialect
@every_role
def test_octets_may_come_one_at_a_time(sockets: Sockets, dialect: Dialect, role: str) -> None:
    with scripted(sockets, zmq.PULL, role) as (sock, peer):
        slow = SlowPeer(peer.sock)
        dialect.greet(slow, "PULL", b"", "PUSH")
        slow.send(dialect.write(b"one", b"", b"x" * 300))
        assert sock.recv_multipart() == [b"one", b"", b"x" * 300]


@pytest.mark.parametrize("version", [(2, 0), (3, 2), (4, 0), (255, 255)], ids=lambda v: "{}.{}".format(*v))
@every_role
def test_later_versions_are_spoken_to_in_3_1(sockets: Sockets, version: tuple[int, int], role: str) -> None:
    with scripted(sockets, zmq.SUB, role) as (sock, peer):
        sock.subscribe(b"news")
        peer.send(wire.greeting()[:10] + bytes(version) + wire.greeting()[12:], wire.ready("PUB"))
        expect(peer, wire.greeting() + wire.ready("SUB") + wire.command(b"SUBSCRIBE", b"news"))


@pytest.mark.parametrize("context", [b"", b"c", b"sixteen octets!!"])
@every_minor
@every_role
def test_a_ping_is_answered_with_its_context(sockets: Sockets, role: str, minor: int, context: bytes) -> None:
    with scripted(sockets, zmq.PULL, role) as (_, peer):
        peer.handshake("PUSH", minor)
        peer.send(wire.command(b"PING", b"\0\0" + context))
        expect(peer, wire.command(b"PONG", context))


@every_minor
@every_role
def test_commands_between_the_frames_of_a_message_do_not_touch_it(sockets: Sockets, role: str, minor: int) -> None:
    with scripted(sockets, zmq.PULL, role) as (sock, peer):
        peer.handshake("PUSH", minor)
        peer.send(wire.frame(b"one", wire.MORE), wire.command(b"PING", b"\0\0!"), wire.frame(b"two", wire.MORE))
        peer.send(wire.command(b"UNHEARD-OF", b"data"), wire.frame(b"three"))
        assert sock.recv_multipart() == [b"one", b"two", b"three"]
        expect(peer, wire.command(b"PONG", b"!"))


@every_role
def test_a_long_frame_may_be_short(sockets: Sockets, role: str) -> None:
    with scripted(sockets, zmq.PULL, role) as (sock, peer):
        peer.handshake("PUSH")
        peer.send(wire.frame(b"one", wire.MORE | wire.LONG), wire.frame(b"", wire.LONG))
        assert sock.recv_multipart() == [b"one", b""]


@every_role
def test_property_names_are_known_in_any_case_and_unknown_ones_are_no_fault(sockets: Sockets, role: str) -> None:
    with scripted(sockets, zmq.ROUTER, role) as (sock, peer):
        peer.send(wire.greeting())
        properties = (b"SOCKET-TYPE", b"DEALER"), (b"X-Other", b"?"), (b"identity", b"themselves"), (b"Resource", b"")
        peer.send(wire.command(b"READY", b"".join(wire.prop(*p) for p in properties)), wire.message(b"here"))
        assert sock.recv_multipart() == [b"themselves", b"here"]
