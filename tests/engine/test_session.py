"""One connection, its peer played by hand on a socket pair."""

import socket
import struct

import pytest

from purezmq.constants import SocketType
from purezmq.engine.errors import WouldBlock
from purezmq.engine.monitor import Kind
from purezmq.engine.session import READS_AT_ONCE
from tests.engine.helpers import Call, SessionUnderTest, open_socket, send_in_passing, shaken
from tests.helpers.waiting import TIMEOUT, eventually
from tests.helpers.wire import COMMAND, LONG, command, greeting, message, ready


@pytest.fixture
def pull(context):
    return open_socket(context, SocketType.PULL)


@pytest.fixture
def dealer(context):
    return open_socket(context, SocketType.DEALER)


def happened(core):
    return [event.kind for event in core.monitor.events]


# the handshake


def test_the_greeting_is_there_before_the_peer_says_a_word(pull):
    with SessionUnderTest(pull) as it:
        assert it.peer.read(10) == greeting()[:10]


def test_after_the_handshake_it_is_ready_and_its_pipe_is_known(pull):
    it = shaken(pull, "PUSH")
    with it:
        assert it.session.pipe.session is it.session
        assert it.session.pipe.peer_properties[b"Peer-Address"] == b"address"
        assert Kind.HANDSHAKE_SUCCEEDED in happened(pull)


def test_a_handshake_that_comes_octet_by_octet_is_a_handshake(pull):
    it = SessionUnderTest(pull)
    with it:
        for octet in greeting() + ready("PUSH") + message(b"a"):
            it.peer.send(bytes((octet,)))
            pull.events()
        assert pull.recv(TIMEOUT) == b"a"


def test_messages_that_come_with_the_handshake_are_delivered(pull):
    it = SessionUnderTest(pull)
    with it:
        it.peer.send(greeting(), ready("PUSH"), message(b"a"), message(b"b", b"c"))
        assert [pull.recv(TIMEOUT), pull.recv(TIMEOUT)] == [b"a", [b"b", b"c"]]


@pytest.mark.parametrize(
    ("kind", "peer_type", "option", "text"),
    [
        (SocketType.XPUB, "SUB", {"xpub_welcome_msg": b"welcome"}, b"welcome"),
        (SocketType.ROUTER, "DEALER", {"probe_router": True}, b""),
        (SocketType.DEALER, "ROUTER", {"probe_router": True}, b""),
    ],
    ids=["welcome", "router", "dealer"],
)
def test_what_the_pattern_says_first_comes_after_the_handshake(context, kind, peer_type, option, text):
    core = open_socket(context, kind, **option)
    with SessionUnderTest(core) as it:
        it.peer.send(greeting(), ready(peer_type))  # in one piece: our own handshake is not over when it is
        eventually(lambda: core.events() is not None and it.session.ready, "the handshake is done")
        assert it.peer.read(len(greeting())) == greeting()
        assert it.peer.read_frame().flags == COMMAND
        assert it.peer.read_frame() == (0, text)


def test_a_peer_that_is_late_with_its_handshake_is_given_up(context):
    pull = open_socket(context, SocketType.PULL, handshake_ivl=0.02)
    it = SessionUnderTest(pull)
    with it:
        it.peer.send(greeting()[:20])
        assert it.until_over() is None
        assert Kind.HANDSHAKE_FAILED_NO_DETAIL in happened(pull)
        assert len(it.peer.drain()) >= 10


def test_a_handshake_in_time_stays(context):
    pull = open_socket(context, SocketType.PULL, handshake_ivl=0.02)
    it = shaken(pull, "PUSH")
    with it:
        assert len(context.reactor._timers) == 0
        assert not it.session.closed


@pytest.mark.parametrize(
    "octets",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01" + bytes(80),
        greeting() + ready("PUB"),
        greeting(mechanism=b"CURVE"),
    ],
    ids=["http", "tls", "wrong type", "wrong mechanism"],
)
def test_a_peer_that_does_not_speak_our_language_loses_its_connection(pull, octets):
    it = SessionUnderTest(pull)
    with it:
        it.peer.send(octets)
        fault = it.until_over()
        assert fault is not None
        assert fault.fatal
        assert Kind.HANDSHAKE_FAILED_PROTOCOL in happened(pull)


def test_a_peer_that_leaves_in_the_handshake_is_no_fault(pull):
    it = SessionUnderTest(pull)
    it.peer.send(greeting()[:30])
    it.peer.sock.shutdown(socket.SHUT_WR)
    assert it.until_over() is None
    it.peer.close()
    assert "GREETING" in pull.monitor.events[-1].reason


# traffic


def test_messages_keep_their_order(pull):
    it = shaken(pull, "PUSH")
    with it:
        it.peer.send(*(message(b"%d" % i) for i in range(2000)))
        assert [pull.recv(TIMEOUT) for _ in range(2000)] == [b"%d" % i for i in range(2000)]


def test_what_was_sent_before_the_end_is_delivered(pull):
    it = shaken(pull, "PUSH")
    it.peer.send(*(message(b"%d" % i) for i in range(500)))
    it.peer.close()
    assert [pull.recv(TIMEOUT) for _ in range(500)] == [b"%d" % i for i in range(500)]
    it.until_over()


def test_what_was_sent_before_a_fault_is_delivered(pull):
    it = shaken(pull, "PUSH")
    with it:
        it.peer.send(message(b"good"), bytes((LONG,)) + b"\xff" * 8)
        assert it.until_over().fatal
        assert pull.recv(0) == b"good"


def test_a_message_that_is_cut_off_is_not_delivered(pull):
    it = shaken(pull, "PUSH")
    it.peer.send(message(b"whole"), message(b"x" * 200)[:100])
    it.peer.close()
    it.until_over()
    assert pull.recv(0) == b"whole"
    assert not pull.events()


def test_a_large_message_arrives_whole(pull):
    body = bytes(range(256)) * 20_000
    it = shaken(pull, "PUSH")
    with it:
        sending = Call(it.peer.send, message(b"before"), message(body), message(b"after"))
        assert [pull.recv(TIMEOUT) for _ in range(3)] == [b"before", body, b"after"]
        sending.result()


def begin_large_message(pull, it):
    """Its header and an octet: the memory that the rest is to be read into."""
    it.stream.views.clear()
    it.peer.send(bytes((LONG,)) + struct.pack(">Q", 1 << 20))
    eventually(lambda: pull.events() is not None and it.stream.views, "the header is read")
    it.peer.send(b"x")
    eventually(lambda: pull.events() is not None and len(it.stream.views[-1]) > 1 << 19, "it has begun")
    return it.stream.views[-1]


def test_a_large_message_leaves_others_their_turn(kernel_context):
    pull = open_socket(kernel_context, SocketType.PULL)
    it = shaken(pull, "PUSH")
    with it:
        begin_large_message(pull, it)
        it.peer.send(b"x")
        it.stream.views.clear()
        it.stream.endless = True
        pull.events()
        it.stream.endless = False
        assert len(it.stream.views) == READS_AT_ONCE


def test_a_huge_length_costs_no_memory_and_the_connection_under_maxmsgsize(context):
    pull = open_socket(context, SocketType.PULL, maxmsgsize=1000)
    it = shaken(pull, "PUSH")
    with it:
        it.peer.send(bytes((LONG,)) + struct.pack(">Q", 1 << 62))
        assert it.until_over().fatal


def test_unknown_commands_are_ignored(pull):
    it = shaken(pull, "PUSH")
    with it:
        it.peer.send(command(b"WHATEVER", b"data"), message(b"a"))
        assert pull.recv(TIMEOUT) == b"a"


def test_a_message_that_no_peer_may_send_costs_the_connection(context):
    req = open_socket(context, SocketType.REQ)
    it = shaken(req, "REP")
    with it:
        it.peer.send(message(b"no delimiter"))
        assert it.until_over() is not None


@pytest.mark.parametrize(
    ("kind", "peer_type"),
    [
        (SocketType.PAIR, "PAIR"),
        (SocketType.PUB, "SUB"),
        (SocketType.SUB, "PUB"),
        (SocketType.REQ, "REP"),
        (SocketType.REP, "REQ"),
        (SocketType.DEALER, "ROUTER"),
        (SocketType.ROUTER, "DEALER"),
        (SocketType.PULL, "PUSH"),
        (SocketType.PUSH, "PULL"),
        (SocketType.XPUB, "XSUB"),
        (SocketType.XSUB, "XPUB"),
    ],
)
@pytest.mark.parametrize(
    "parts",
    [(b"",), (b"", b""), (b"", b"", b""), (b"a",), (b"a", b""), (b"\0",), (b"\1", b""), (b"a", b"b", b"", b"c")],
)
def test_no_message_of_a_peer_raises_anything_here(context, kind, peer_type, parts):
    core = open_socket(context, kind)
    it = shaken(core, peer_type)
    it.peer.send(message(*parts), command(b"SUBSCRIBE", b"t"), command(b"CANCEL", b"t"), command(b"CANCEL", b"u"))
    it.peer.close()
    it.until_over()
    assert core.events() in (0, 1, 2, 3)


# out


def test_the_first_message_is_in_the_kernel_before_send_returns(kernel_context):
    push = open_socket(kernel_context, SocketType.PUSH)
    it = shaken(push, "PULL")
    with it:
        push.send(b"now", 0)
        it.peer.sock.settimeout(0)
        assert it.peer.read(5) == message(b"now")


def test_a_burst_arrives_without_another_call(context):
    push = open_socket(context, SocketType.PUSH, sndhwm=0)
    context.reactor.watch(push)  # as bind and connect do
    it = shaken(push, "PULL")
    with it:
        sent = [b"%d" % i for i in range(1000)]
        for part in sent:
            send_in_passing(push, part)
        assert [it.peer.read_frame().body for _ in sent] == sent


def test_a_peer_that_never_reads_makes_the_sender_wait_at_the_high_water_mark(context):
    push = open_socket(context, SocketType.PUSH, sndhwm=10)
    it = shaken(push, "PULL")
    with it:

        def send_until_full():
            for _ in range(10_000):
                push.send(bytes(10_000), 0)

        with pytest.raises(WouldBlock):
            send_until_full()
        assert len(it.session.pipe.outbox) == 10
        assert not push.events()


def test_a_sender_that_waits_goes_on_when_the_peer_reads(context):
    push = open_socket(context, SocketType.PUSH, sndhwm=5)
    context.reactor.watch(push)  # as bind and connect do
    it = shaken(push, "PULL")
    with it:

        def send_all():
            for i in range(300):
                push.send(i.to_bytes(4, "big") * 3000, TIMEOUT)

        sending = Call(send_all)
        got = [it.peer.read_frame().body[:4] for _ in range(300)]
        sending.result()
        assert got == [i.to_bytes(4, "big") for i in range(300)]


# high-water mark in


def test_at_the_high_water_mark_nothing_more_is_read(context):
    pull = open_socket(context, SocketType.PULL, rcvhwm=10)
    it = shaken(pull, "PUSH")
    with it:
        it.peer.send(*[message(b"x")] * 10)
        eventually(lambda: pull.events() and it.session.pipe.stalled, "the pipe is stalled")
        it.peer.send(message(b"later"))
        for _ in range(10):
            pull.events()
        assert len(it.session.pipe.inbox) == 10


def test_reading_goes_on_when_half_of_the_messages_are_received(context):
    pull = open_socket(context, SocketType.PULL, rcvhwm=10)
    it = shaken(pull, "PUSH")
    with it:
        it.peer.send(*[message(b"x")] * 10)
        eventually(lambda: pull.events() and it.session.pipe.stalled, "the pipe is stalled")
        it.peer.send(message(b"later"))
        for _ in range(6):
            pull.recv(TIMEOUT)
        pipe = it.session.pipe
        eventually(lambda: pull.events() and len(pipe.inbox) + pipe.lent == 6, "the next message is read")


def test_a_peer_that_left_while_we_were_not_reading_is_noticed_later(context):
    pull = open_socket(context, SocketType.PULL, rcvhwm=2)
    it = shaken(pull, "PUSH")
    it.peer.send(*[message(b"x")] * 2)
    eventually(lambda: pull.events() and it.session.pipe.stalled, "the pipe is stalled")
    it.peer.send(message(b"last"))
    it.peer.close()
    assert [pull.recv(TIMEOUT) for _ in range(3)] == [b"x", b"x", b"last"]
    it.until_over()


def test_conflate_keeps_the_newest_message_whatever_the_high_water_mark(context):
    pull = open_socket(context, SocketType.PULL, rcvhwm=1, conflate=True)
    it = shaken(pull, "PUSH")
    with it:
        it.peer.send(message(b"old"))
        eventually(pull.events, "the first message is there")
        it.peer.send(message(b"new"))
        eventually(lambda: pull.events() and it.session.pipe.inbox[0] == b"new", "the newest is there", 0.5)


# heartbeats


def test_a_ping_is_answered_with_its_context(pull):
    it = shaken(pull, "PUSH")
    with it:
        it.peer.send(command(b"PING", b"\0\0context"))
        eventually(lambda: pull.events() is not None, "it is pumped")
        assert it.peer.read_frame() == (COMMAND, b"\4PONGcontext")


def test_pings_go_out_at_the_interval(context):
    pull = open_socket(context, SocketType.PULL, heartbeat_ivl=0.01, heartbeat_ttl=5.0, heartbeat_timeout=60.0)
    it = shaken(pull, "PUSH")
    with it:
        assert [it.peer.read_frame() for _ in range(3)] == [(COMMAND, b"\4PING" + struct.pack(">H", 50))] * 3


def test_a_silent_peer_is_given_up(context):
    pull = open_socket(context, SocketType.PULL, heartbeat_ivl=0.01, heartbeat_timeout=0.03)
    it = shaken(pull, "PUSH")
    with it:
        assert it.until_over() is None
        assert Kind.DISCONNECTED in happened(pull)


def test_a_peer_that_asked_for_it_is_given_up_when_silent(pull):
    it = shaken(pull, "PUSH")
    with it:
        it.peer.send(command(b"PING", struct.pack(">H", 1)))
        assert it.until_over() is None


def test_peers_of_old_versions_get_no_pings(context):
    pull = open_socket(context, SocketType.PULL, heartbeat_ivl=0.01)
    it = SessionUnderTest(pull)
    with it:
        it.peer.send(b"\xff" + bytes(8) + b"\x7f\x01\x08\x00\x00")
        it.until_ready()
        assert len(context.reactor._timers) == 0


def test_a_peer_is_not_taken_for_silent_while_we_do_not_read(context):
    pull = open_socket(context, SocketType.PULL, rcvhwm=1, heartbeat_ivl=0.01, heartbeat_timeout=0.02)
    it = shaken(pull, "PUSH")
    with it:
        it.peer.send(message(b"x"), message(b"y"))
        eventually(lambda: it.session.closed or it.session.pipe.stalled, "the pipe is stalled")
        for _ in range(20):
            if it.session.closed:
                break
            it.peer.send(command(b"PONG"))
            it.peer.read_frame()
        assert not it.session.closed


# the end


def test_a_retiring_session_writes_what_is_queued_and_ends(context):
    push = open_socket(context, SocketType.PUSH)
    context.reactor.watch(push)  # as bind and connect do
    it = shaken(push, "PULL")
    with it:
        while len(it.session.pipe.outbox) < 20:
            push.send(bytes(10_000), 0)
        with push.lock:
            it.session.retire()
            assert not it.session.finished
        draining = Call(it.peer.drain)
        it.until_over()
        assert draining.result().endswith(message(bytes(10_000)))


def test_a_session_with_nothing_to_write_retires_at_once(pull):
    it = shaken(pull, "PUSH")
    with it, pull.lock:
        it.session.retire()
        assert it.session.finished


def test_a_retiring_session_is_not_kept_by_a_peer_that_never_stops_talking(context):
    dealer = open_socket(context, SocketType.DEALER, rcvhwm=5)
    it = shaken(dealer, "ROUTER")
    with it:
        it.peer.send(*[message(b"x")] * 5)
        eventually(lambda: dealer.events() and it.session.pipe.stalled, "the pipe is stalled")
        with dealer.lock:
            it.session.retire()
        assert it.until_over() is None
        assert Call(it.peer.drain).ends()


def test_the_descriptor_is_given_back_at_the_end(pull):
    it = shaken(pull, "PUSH")
    it.peer.close()
    it.until_over()
    assert it.near.fileno() == -1


def test_messages_stay_readable_after_the_end(pull):
    it = shaken(pull, "PUSH")
    it.peer.send(message(b"a"), message(b"b"))
    it.peer.close()
    it.until_over()
    assert [pull.recv(0), pull.recv(0)] == [b"a", b"b"]


def test_the_memory_of_a_large_message_that_was_cut_off_is_given_back(context):
    pull = open_socket(context, SocketType.PULL)
    it = shaken(pull, "PUSH")
    lent = begin_large_message(pull, it)
    it.peer.close()
    it.until_over()
    with pytest.raises(ValueError, match="released"):
        len(lent)
