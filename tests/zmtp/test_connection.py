import gc
import struct
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purezmq.zmtp.connection import Connection
from purezmq.zmtp.events import Cancel, Failed, HandshakeDone, Ping, Pong, Subscribe
from purezmq.zmtp.frame import LARGE
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
    messages,
    ready,
    receive,
)

READY = b"\x04\x06\x05READY"
NEW = GREETING_3_1 + READY
MINOR_0 = GREETING_3_0 + READY
OLD_2_0 = SIGNATURE + b"\x01\x02\x00\x00"
OLD_1_0 = b"\x01\x00"


def joined(left=b"DEALER", right=b"ROUTER"):
    pair = Pair(local(left), local(right))
    pair.settle()
    assert pair.left.ready
    assert pair.right.ready
    return pair


def long_frame(flags, body):
    return bytes([flags]) + struct.pack(">Q", len(body)) + body


# messages


@given(st.lists(messages, max_size=8), st.data())
def test_messages_pass_between_two_connections_however_they_are_cut(batch, data):
    pair = joined()
    octets = b"".join(pair.left.encode(batch))
    assert sum(map(pair.left.encoded_size, batch)) == len(octets)
    assert flat(receive(pair.right, data.draw(cuts(octets)))) == batch
    assert pair.right.eof() == "in TRAFFIC, between frames"


@pytest.mark.parametrize("start", [NEW, OLD_2_0, OLD_1_0])
def test_messages_may_come_in_the_same_chunk_as_the_end_of_the_handshake(start):
    frames = b"\2\0a\2\0b" if start is OLD_1_0 else b"\0\1a\0\1b"
    done, batch = Connection(local(b"PULL")).receive(start + frames)
    assert type(done) is HandshakeDone
    assert batch == [b"a", b"b"]


@pytest.mark.parametrize("start", [NEW, OLD_2_0, OLD_1_0])
def test_a_large_message_is_received_into_its_own_memory(start):
    connection = ready(b"PULL", start)
    body = b"x" * (LARGE + 100)
    octets = b"".join(connection.encode([[body, b"a"]]))
    assert connection.encoded_size([body, b"a"]) == len(octets)
    assert connection.receive(octets[:50]) == []
    assert connection.large is not None
    count = len(connection.large)
    assert count >= LARGE
    connection.large[:] = octets[50 : 50 + count]
    assert connection.filled(count) == []
    assert connection.large is None
    assert connection.receive(octets[50 + count :]) == [[[body, b"a"]]]


@pytest.mark.parametrize("start", [NEW, OLD_2_0, OLD_1_0])
def test_the_limit_for_frames_is_kept_from_the_header_on(start):
    connection = ready(b"PULL", start, max_size=10)
    frames = b"\2\0a\x0c\0" if start is OLD_1_0 else b"\0\1a\0\x0b"
    batch, failed = receive(connection, [frames])
    assert batch == [b"a"]
    assert str(failed.error) == "in TRAFFIC: expected a frame of at most 10 octets, got one of 11"
    assert failed.error.fatal
    assert connection.state is State.CLOSED
    assert connection.receive(frames) == []


@pytest.mark.parametrize("step", [1, 2, 5, 1000])
def test_what_came_before_a_fault_is_delivered_with_any_cut(step):
    connection = Connection(local(b"PULL", max_size=100))
    octets = NEW + b"\0\1a\4\5\4PONG\1\1b\0\1c\0\xc8"
    *before, failed = flat(receive(connection, cut(octets, step)))
    assert before[1:] == [b"a", Pong(b""), [b"b", b"c"]]
    assert type(failed) is Failed


# subscriptions


@pytest.mark.parametrize("size", [0, 1, 245, 246, 248, 249, 254, 255, 256, 1000, 70_000])
@pytest.mark.parametrize("start", [NEW, MINOR_0, OLD_2_0, OLD_1_0])
def test_a_subscription_takes_the_form_that_the_peer_knows(start, size):
    topic = b"t" * size
    subscriber, publisher = ready(b"SUB", start), ready(b"XPUB", start)
    octets = subscriber.subscribe(topic) + subscriber.cancel(topic)
    expected = [Subscribe(topic), Cancel(topic)] if start is NEW else [b"\1" + topic, b"\0" + topic]
    assert flat(publisher.receive(octets)) == expected


def test_the_octets_of_a_subscription():
    assert ready(b"SUB", NEW).subscribe(b"abc") == b"\x04\x0d\x09SUBSCRIBEabc"
    assert ready(b"SUB", NEW).cancel(b"abc") == b"\x04\x0a\x06CANCELabc"
    assert ready(b"SUB", NEW).subscribe(b"t" * 246) == long_frame(6, b"\x09SUBSCRIBE" + b"t" * 246)
    assert ready(b"SUB", NEW).subscribe(b"t" * 245)[:2] == b"\x04\xff"
    assert ready(b"SUB", NEW).cancel(b"t" * 249) == long_frame(6, b"\x06CANCEL" + b"t" * 249)
    assert ready(b"SUB", NEW).cancel(b"t" * 248)[:2] == b"\x04\xff"
    assert ready(b"SUB", MINOR_0).subscribe(b"t" * 255) == long_frame(2, b"\1" + b"t" * 255)
    assert ready(b"SUB", OLD_2_0).cancel(b"abc") == b"\x00\x04\x00abc"
    assert ready(b"SUB", OLD_1_0).subscribe(b"abc") == b"\x05\x00\x01abc"


def test_a_3_0_peer_may_send_subscriptions_as_commands_all_the_same():
    assert ready(b"XPUB", MINOR_0).receive(b"\x04\x0d\x09SUBSCRIBEabc") == [Subscribe(b"abc")]


# heartbeats


@pytest.mark.parametrize("start", [NEW, MINOR_0])
def test_a_ping_is_answered_with_its_context(start):
    connection = ready(b"PULL", start)
    assert connection.ping(300, b"hello") == b"\x04\x0c\x04PING\x01\x2chello"
    assert connection.receive(b"\x04\x0c\x04PING\x01\x2chello") == [Ping(30.0, b"hello")]
    assert connection.data_to_send() == b"\x04\x0a\x04PONGhello"
    assert connection.data_to_send() == b""


def test_the_context_of_ping_and_pong_is_cut_to_sixteen_octets():
    connection = ready(b"PULL", NEW)
    context = b"0123456789abcdefXYZ"
    assert connection.receive(b"\x04\x1a\x04PING\0\0" + context) == [Ping(0.0, context[:16])]
    assert connection.data_to_send() == b"\x04\x15\x04PONG" + context[:16]
    assert connection.receive(b"\x04\x18\x04PONG" + context) == [Pong(context[:16])]


@pytest.mark.parametrize("start", [OLD_2_0, OLD_1_0])
def test_old_peers_are_not_pinged(start):
    assert ready(b"PULL", start).ping(10) is None


def test_a_ping_between_the_parts_of_a_message_is_answered_at_once():
    connection = ready(b"PULL", NEW)
    assert connection.receive(b"\1\1a\4\7\4PING\0\1") == [Ping(0.1, b"")]
    assert connection.data_to_send() == b"\4\5\4PONG"
    assert connection.receive(b"\0\1b") == [[[b"a", b"b"]]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\5",
        b"\7PI",
        b"\4PING",
        b"\4PING\0",
        b"\7UNKNOWN",
        b"\5READY",
        b"\5ERROR\x03400",
        b"\4JOINgroup",
        b"\4ping\0\0",
    ],
)
def test_unknown_and_malformed_commands_are_ignored(body):
    connection = ready(b"PULL", NEW)
    assert flat(connection.receive(b"\0\1a\4" + bytes([len(body)]) + body + b"\0\1b")) == [b"a", b"b"]
    assert connection.data_to_send() == b""


def test_commands_of_a_2_0_peer_are_ignored():
    connection = ready(b"XPUB", OLD_2_0)
    assert connection.receive(b"\4\7\4PING\0\1\4\x0d\x09SUBSCRIBEabc\0\1a") == [[b"a"]]
    assert connection.data_to_send() == b""


# the end


@pytest.mark.parametrize(
    ("octets", "where"),
    [
        (b"", "in GREETING, 0 octets in"),
        (SIGNATURE[:3], "in GREETING, 3 octets in"),
        (GREETING_3_1[:20], "in GREETING, 20 octets in"),
        (OLD_2_0[:12], "in IDENTITY, 12 octets in"),
        (GREETING_3_1 + READY[:3], "in HANDSHAKE, 67 octets in"),
        (NEW, "in TRAFFIC, between frames"),
        (NEW + b"\0\5ab", "in TRAFFIC, 4 octets into a frame"),
        (NEW + long_frame(2, b"x" * 5000)[:-1], "in TRAFFIC, 4999 octets into a frame"),
        (b"\0", "in CLOSED"),
    ],
)
def test_when_the_peer_leaves_it_is_told_where_it_stood(octets, where):
    connection = Connection(local(b"PULL"))
    connection.receive(octets)
    assert connection.eof() == where
    assert connection.state is State.CLOSED
    assert connection.eof() == "in CLOSED"
    assert connection.receive(GREETING_3_1) == []


# every state, every input: what each kind of octets leads to

STARTS = {
    State.GREETING: b"",
    State.IDENTITY: OLD_2_0[:12],
    State.HANDSHAKE: GREETING_3_1,
    State.TRAFFIC: NEW,
    State.CLOSED: b"\0",
}
INPUTS = {
    "a greeting": GREETING_3_1,
    "an old greeting": OLD_2_0[:12],
    "a message": b"\0\1a",
    "a command": b"\x04\x07\x04PING\0\1",
    "the last command": READY_PUSH,
    "an octet that is nothing": b"\x01" * 2,
}
OUTCOMES = {
    (State.GREETING, "a greeting"): State.HANDSHAKE,
    (State.GREETING, "an old greeting"): State.IDENTITY,
    (State.IDENTITY, "a message"): State.TRAFFIC,
    (State.HANDSHAKE, "the last command"): State.TRAFFIC,
    (State.TRAFFIC, "a message"): State.TRAFFIC,
    (State.TRAFFIC, "a command"): State.TRAFFIC,
    (State.TRAFFIC, "the last command"): State.TRAFFIC,  # ignored: it means nothing any more
    (State.TRAFFIC, "an octet that is nothing"): State.TRAFFIC,  # the beginning of a frame like any other
    (
        State.TRAFFIC,
        "an old greeting",
    ): State.TRAFFIC,  # a small command without a name, and again the beginning of a frame
}  # all else: CLOSED


@pytest.mark.parametrize("got", INPUTS)
@pytest.mark.parametrize("state", STARTS)
def test_every_state_meets_every_input(state, got):
    connection = Connection(local(b"PULL", max_size=10_000))
    connection.receive(STARTS[state])
    assert connection.state is state
    events = connection.receive(INPUTS[got])
    outcome = OUTCOMES.get((state, got), State.CLOSED)
    assert connection.state is outcome
    failed = [event for event in events if type(event) is Failed]
    assert len(failed) == (outcome is State.CLOSED and state is not State.CLOSED)


def test_connections_leave_nothing_behind_without_the_collector():
    gc.disable()
    try:
        gone = []
        for octets in (
            b"",
            SIGNATURE,
            GREETING_3_1,
            NEW,
            OLD_1_0,
            b"\0",
            NEW + b"\x02" + b"\xff" * 8,
            GREETING_3_1 + READY_PULL,
        ):
            connection = Connection(local(b"PULL"))
            events = connection.receive(octets)
            connection.eof()
            gone.append(weakref.ref(connection._handshake))
            del connection, events
        assert [ref() for ref in gone] == [None] * len(gone)
    finally:
        gc.enable()
