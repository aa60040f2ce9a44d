"""The handshake with peers of every age, as scripted octets: what is sent, and when."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purezmq.zmtp.connection import Connection
from purezmq.zmtp.errors import Code, PeerRefusedError
from purezmq.zmtp.events import Failed, HandshakeDone, Subscribe
from purezmq.zmtp.mechanism import Mechanism
from purezmq.zmtp.states import State

from .helpers import (
    GREETING_3_0,
    GREETING_3_1,
    READY_PULL,
    READY_PUSH,
    SIGNATURE,
    Pair,
    cut,
    cuts,
    flat,
    local,
    receive,
)

OLD_1_0 = b"\x01\x00"
OLD_1_0_VERSIONED = SIGNATURE + b"\x00\x08" + OLD_1_0
OLD_2_0 = SIGNATURE + b"\x01\x08" + b"\x00\x00"


class Secure(Mechanism):
    name = b"SECURE"


def command(body):
    return (b"\x04" + bytes([len(body)]) if len(body) < 256 else b"\x06" + struct.pack(">Q", len(body))) + body


def failure(connection, octets):
    """The error that these octets are answered with, which must be the only event."""
    (event,) = connection.receive(octets)
    assert type(event) is Failed
    assert connection.state is State.CLOSED
    return event.error


# what is sent, and when


@pytest.mark.parametrize(("greeting", "version"), [(GREETING_3_1, (3, 1)), (GREETING_3_0, (3, 0))])
def test_the_greeting_goes_out_step_by_step_as_the_peers_comes_in(greeting, version):
    connection = Connection(local(b"PULL"))
    assert connection.data_to_send() == SIGNATURE
    assert connection.receive(greeting[:9]) == []
    assert connection.data_to_send() == b""
    assert connection.receive(greeting[9:10]) == []
    assert connection.data_to_send() == b"\x03"
    assert connection.receive(greeting[10:11]) == []
    assert connection.data_to_send() == GREETING_3_1[11:]
    assert connection.receive(greeting[11:63]) == []
    assert connection.data_to_send() == b""
    assert connection.receive(greeting[63:]) == []
    assert connection.data_to_send() == READY_PULL
    assert not connection.ready
    done = HandshakeDone(version, b"PUSH", b"", {b"Socket-Type": b"PUSH"})
    assert connection.receive(READY_PUSH) == [done]
    assert connection.ready
    assert connection.data_to_send() == b""
    assert (connection.version, connection.peer_type) == (version, b"PUSH")
    assert (connection.peer_routing_id, connection.peer_properties) == (b"", {b"Socket-Type": b"PUSH"})


def test_a_2_0_peer_gets_our_socket_type_and_identity():
    connection = Connection(local(b"PULL", routing_id=b"me"))
    signature = b"\xff" + bytes(7) + b"\x03\x7f"
    assert connection.data_to_send() == signature
    assert connection.receive(SIGNATURE) == []
    assert connection.data_to_send() == b"\x03"
    assert connection.receive(b"\x01") == []
    assert connection.data_to_send() == b"\x07"
    assert connection.receive(b"\x08") == []
    assert connection.data_to_send() == b"\x00\x02me"
    assert connection.receive(b"\x00\x04you!\x00\x01a") == [HandshakeDone((2, 0), b"PUSH", b"you!", {}), [b"a"]]
    assert connection.peer_routing_id == b"you!"
    assert connection.encode([[b"a", b"b"]]) == [b"\x01\x01a\x00\x01b"]


def test_a_1_0_peer_with_a_version_gets_our_socket_type_and_identity():
    connection = Connection(local(b"PULL", routing_id=b"me"))
    connection.data_to_send()
    connection.receive(SIGNATURE + b"\x00")
    assert connection.data_to_send() == b"\x03\x07"
    connection.receive(b"\x08")
    assert connection.data_to_send() == b"\x03\x00me"
    assert connection.receive(b"\x05\x00you!\x02\x00a") == [HandshakeDone((1, 0), b"PUSH", b"you!", {}), [b"a"]]
    assert connection.encode([[b"a", b"b"]]) == [b"\x02\x01a\x02\x00b"]


@pytest.mark.parametrize("octets", [b"\x05\x00you!", b"\xff" + bytes(7) + b"\x05\x00you!"])
def test_a_1_0_peer_takes_our_signature_for_the_header_of_our_identity(octets):
    connection = Connection(local(b"PULL", routing_id=b"me"))
    signature = connection.data_to_send()
    assert signature == b"\xff" + bytes(7) + b"\x03\x7f"
    assert connection.receive(octets + b"\x02\x00a") == [HandshakeDone((1, 0), b"", b"you!", {}), [b"a"]]
    assert connection.data_to_send() == b"me"


@pytest.mark.parametrize("socket_type", [b"PUB", b"XPUB"])
def test_a_1_0_peer_without_a_version_is_subscribed_to_everything(socket_type):
    connection = Connection(local(socket_type))
    assert connection.receive(OLD_1_0) == [HandshakeDone((1, 0), b"", b"", {}), Subscribe(b"")]


@pytest.mark.parametrize("octets", [OLD_1_0_VERSIONED, OLD_2_0])
def test_other_old_peers_send_their_subscriptions_themselves(octets):
    connection = Connection(local(b"PUB"))
    assert [type(event) for event in connection.receive(octets)] == [HandshakeDone]


def test_an_unknown_socket_type_of_an_old_peer_is_no_type():
    (done,) = receive(Connection(local(b"PULL")), [SIGNATURE + b"\x01\xee\x00\x00"])
    assert done.peer_type == b""


@pytest.mark.parametrize("major", [2, 4, 255])
def test_an_unknown_version_is_spoken_to_as_3_1(major):
    connection = Connection(local(b"PULL"))
    greeting = SIGNATURE + bytes([major, 0]) + GREETING_3_1[12:]
    (done,) = receive(connection, [greeting + READY_PUSH])
    assert done.version == (3, 1)


def test_as_server_and_the_filler_are_not_looked_at():
    connection = Connection(local(b"PULL"))
    (done,) = connection.receive(GREETING_3_1[:32] + b"\x01" + b"\xaa" * 31 + READY_PUSH)
    assert type(done) is HandshakeDone


def test_ready_says_type_then_identity_where_it_belongs_then_the_rest():
    for socket_type, identity in ((b"DEALER", b"\x08Identity\0\0\0\x02me"), (b"REP", b"")):
        connection = Connection(local(socket_type, routing_id=b"me", properties=((b"X-a", b"1"),)))
        connection.receive(GREETING_3_1)
        length = bytes([0, 0, 0, len(socket_type)])
        metadata = b"\x0bSocket-Type" + length + socket_type + identity + b"\x03X-a\0\0\0\x011"
        assert connection.data_to_send()[64:] == command(b"\x05READY" + metadata)


def test_an_empty_identity_is_announced_too():
    connection = Connection(local(b"ROUTER"))
    connection.receive(GREETING_3_1)
    assert connection.data_to_send().endswith(b"\x08Identity\0\0\0\0")


def test_properties_of_the_peer_are_kept():
    connection = Connection(local(b"ROUTER"))
    metadata = b"\x0bsocket-type\0\0\0\x03REQ\x08Identity\0\0\0\x02me\x03X-a\0\0\0\x011"
    (done,) = connection.receive(GREETING_3_1 + command(b"\x05READY" + metadata))
    properties = {b"Socket-Type": b"REQ", b"Identity": b"me", b"X-a": b"1"}
    assert done == HandshakeDone((3, 1), b"REQ", b"me", properties)


def test_a_peer_that_does_not_tell_its_type_is_let_in():
    connection = Connection(local(b"PULL"))
    assert connection.receive(GREETING_3_1 + command(b"\x05READY")) == [HandshakeDone((3, 1), b"", b"", {})]


# laws


@given(
    st.sampled_from(
        [
            GREETING_3_1 + READY_PUSH + b"\0\1a\1\1b\0\1c",
            GREETING_3_0 + READY_PUSH + b"\0\1a\1\1b\0\1c",
            OLD_2_0 + b"\0\1a\1\1b\0\1c",
            OLD_1_0_VERSIONED + b"\2\0a\2\1b\2\0c",
            OLD_1_0 + b"\2\0a\2\1b\2\0c",
        ]
    ),
    st.data(),
)
def test_any_cut_of_the_octets_gives_the_same_events_and_the_same_answers(octets, data):
    connection = Connection(local(b"PULL"))
    whole = Connection(local(b"PULL"))
    done, *rest = flat(receive(connection, data.draw(cuts(octets))))
    assert type(done) is HandshakeDone
    assert rest == [b"a", [b"b", b"c"]]
    assert [done, *rest] == flat(whole.receive(octets))
    assert connection.data_to_send() == whole.data_to_send()


@given(st.lists(st.binary(max_size=80), max_size=8), st.sampled_from([b"", SIGNATURE, GREETING_3_1, OLD_2_0, OLD_1_0]))
def test_random_octets_raise_nothing_and_a_failure_is_the_last_event(chunks, start):
    connection = Connection(local(b"XPUB", max_size=1000))
    connection.receive(start)
    events = flat(receive(connection, chunks))
    assert all(type(event) is not Failed for event in events[:-1])
    failed = bool(events) and type(events[-1]) is Failed
    assert failed == (connection.state is State.CLOSED)
    assert connection.receive(GREETING_3_1) == [] or not failed


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_both_sides_talk_at_once_so_that_neither_waits_for_the_other(step):
    pair = Pair(local(b"DEALER", routing_id=b"left"), local(b"ROUTER", routing_id=b"right"))
    pair.settle(step)
    properties = {b"Socket-Type": b"ROUTER", b"Identity": b"right"}
    assert pair.left_events == [HandshakeDone((3, 1), b"ROUTER", b"right", properties)]
    properties = {b"Socket-Type": b"DEALER", b"Identity": b"left"}
    assert pair.right_events == [HandshakeDone((3, 1), b"DEALER", b"left", properties)]


# refusals


@pytest.mark.parametrize(
    "octets",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS ClientHello
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\0",
        b"\xff" + bytes(9),
        b"\xff" * 9 + b"\0",
        b"\xff\0\0\0\0\0\0\x01\x01\0",  # an identity of 256 octets
    ],
)
def test_what_is_not_zmtp_is_refused_by_its_first_octets(octets):
    error = failure(Connection(local(b"PULL")), octets)
    assert error.fatal
    assert error.where in {"GREETING", "IDENTITY"}
    assert error.reason.startswith("expected ")


@pytest.mark.parametrize("octets", [OLD_1_0, OLD_1_0_VERSIONED, OLD_2_0])
def test_old_peers_are_refused_when_a_mechanism_is_wanted(octets):
    connection = Connection(local(b"PULL", mechanism=Secure))
    error = failure(connection, octets)
    assert str(error) == "in GREETING: expected ZMTP 3.0 or newer, for the mechanism SECURE, got an older greeting"


def test_another_mechanism_is_refused():
    connection = Connection(local(b"PULL"))
    greeting = GREETING_3_1[:12] + b"CURVE".ljust(20, b"\0") + bytes(32)
    error = failure(connection, greeting)
    assert str(error) == "in HANDSHAKE: expected the mechanism NULL, got CURVE"
    assert error.code == Code.MECHANISM_MISMATCH


def test_a_socket_type_that_does_not_fit_is_refused():
    error = failure(Connection(local(b"PULL")), GREETING_3_1 + READY_PULL)
    assert str(error) == "in HANDSHAKE: expected PUSH as the peer of PULL, got PULL"
    assert error.fatal


def test_error_is_a_refusal():
    error = failure(Connection(local(b"PULL")), GREETING_3_1 + command(b"\x05ERROR\x03400"))
    assert type(error) is PeerRefusedError
    assert error.status == 400


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", Code.MALFORMED_COMMAND),
        (b"\x05REA", Code.MALFORMED_COMMAND),
        (b"\x05HELLO", Code.UNEXPECTED_COMMAND),
        (b"\x05READY\x01", Code.INVALID_METADATA),
        (b"\x05ERROR", Code.MALFORMED_ERROR),
    ],
)
def test_other_commands_are_refused_with_the_code_for_a_monitor(body, code):
    assert failure(Connection(local(b"PULL")), GREETING_3_1 + command(body)).code == code


def test_a_routing_id_above_255_octets_is_refused():
    metadata = b"\x08Identity\0\0\x01\0" + b"x" * 256
    error = failure(Connection(local(b"ROUTER")), GREETING_3_1 + command(b"\x05READY" + metadata))
    assert error.reason == "expected at most 255 octets, got 256"


@pytest.mark.parametrize("octets", [b"\x06" + struct.pack(">Q", 65537), b"\x06" + b"\xff" * 8])
def test_a_command_above_64_kib_is_refused_when_its_header_is_there(octets):
    error = failure(Connection(local(b"PULL")), GREETING_3_1 + octets)
    assert error.reason.startswith("expected at most 65536 octets")


def test_the_limit_for_frames_counts_for_commands_of_the_handshake():
    assert failure(Connection(local(b"PULL", max_size=25)), GREETING_3_1 + READY_PUSH[:2])
    assert Connection(local(b"PULL", max_size=26)).receive(GREETING_3_1 + READY_PUSH)


def test_the_limit_for_frames_counts_for_an_identity():
    error = failure(Connection(local(b"PULL", max_size=2)), b"\x04\x00")
    assert error.reason == "expected at most 2 octets, got 3"


@pytest.mark.parametrize(
    ("start", "bad"),
    [
        (OLD_2_0[:-2], b"\x01\x00"),  # an identity with MORE
        (OLD_2_0[:-2], b"\x04\x00"),  # a command in its place
        (OLD_1_0_VERSIONED[:-2], b"\x01\x01"),
        (GREETING_3_1, b"\x05\x00"),  # a command with MORE
        (GREETING_3_1, b"\x00\x00"),  # a message before READY
    ],
)
@pytest.mark.parametrize("step", [1, 1000])
def test_frames_that_cannot_be_part_of_a_handshake_are_refused(start, bad, step):
    connection = Connection(local(b"PULL"))
    assert receive(connection, cut(start, step)) == []
    (event,) = receive(connection, cut(bad, step))
    assert event.error.reason.startswith("expected ")
    assert event.error.where in {"IDENTITY", "HANDSHAKE"}


def test_nothing_comes_after_a_failure():
    connection = Connection(local(b"PULL"))
    failure(connection, b"GET / HTTP/1.1")
    assert connection.receive(GREETING_3_1 + READY_PUSH) == []
    assert connection.large is None
    assert connection.filled(3) == []
    assert not connection.ready
