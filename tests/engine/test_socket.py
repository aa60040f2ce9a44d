"""A socket over tcp: sending, receiving, bursts, closing with and without LINGER."""

import errno
import socket
import threading

import pytest

from purezmq.constants import SocketType
from purezmq.engine.errors import NoSuchEndpoint, SocketClosed, WouldBlock
from purezmq.patterns.errors import UsageError
from tests.engine.helpers import ANYWHERE, Call, bound, connected, descriptors, open_socket
from tests.helpers.endpoints import free_port
from tests.helpers.waiting import TIMEOUT, eventually
from tests.helpers.wire import RawListener, RawPeer, message

POLLIN, POLLOUT = 1, 2


@pytest.fixture
def nobody():
    """An endpoint where nobody listens."""
    return f"tcp://127.0.0.1:{free_port()}"


def fill(core, part):
    count = 0
    while True:
        try:
            core.send(part, 0)
        except WouldBlock:
            return count
        count += 1


# send and receive


def test_messages_go_both_ways(context):
    one = bound(context, SocketType.PAIR)
    other = connected(context, SocketType.PAIR, one.last_endpoint)
    other.send(b"hello", TIMEOUT)
    assert one.recv(TIMEOUT) == b"hello"
    one.send([b"hi", b"there"], TIMEOUT)
    assert other.recv(TIMEOUT) == [b"hi", b"there"]


def test_without_a_message_recv_does_not_wait_longer_than_it_may(context):
    pull = bound(context, SocketType.PULL)
    for timeout in (0, 0.01):
        with pytest.raises(WouldBlock):
            pull.recv(timeout)


def test_without_a_peer_send_does_not_wait_longer_than_it_may(context):
    push = bound(context, SocketType.PUSH)
    for timeout in (0, 0.01):
        with pytest.raises(WouldBlock):
            push.send(b"x", timeout)
        with pytest.raises(WouldBlock):
            push.check_send(b"x", timeout)


def test_wait_tells_what_there_is(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    assert pull.wait(POLLIN, 0) == 0
    assert push.wait(POLLIN | POLLOUT, TIMEOUT) == POLLOUT
    push.send(b"a", 0)
    assert pull.wait(POLLIN | POLLOUT, TIMEOUT) == POLLIN
    assert pull.events() == POLLIN


def test_usage_errors_are_the_patterns(context):
    pull = bound(context, SocketType.PULL)
    with pytest.raises(UsageError):
        pull.send(b"x", None)
    rep = bound(context, SocketType.REP)
    with pytest.raises(UsageError):
        rep.send(b"x", None)


def test_the_peers_properties_come_with_the_message(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint, metadata=((b"X-key", b"value"),))
    push.send(b"a", TIMEOUT)
    pull.wait(POLLIN, TIMEOUT)
    received, properties = pull.recv_from(0)
    assert received == b"a"
    assert properties[b"Peer-Address"] == b"127.0.0.1"
    assert properties[b"X-key"] == b"value"


def test_messages_wait_for_a_peer_that_comes_later(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, reconnect_ivl=0.01)
    for i in range(10):
        push.send(b"%d" % i, 0)
    pull = bound(context, SocketType.PULL, nobody)
    assert [pull.recv(TIMEOUT) for _ in range(10)] == [b"%d" % i for i in range(10)]


def test_a_burst_without_any_further_call_arrives(context):
    pull = bound(context, SocketType.PULL, rcvhwm=0)
    push = connected(context, SocketType.PUSH, pull.last_endpoint, sndhwm=0)
    for i in range(5000):
        push.send(b"%d" % i, TIMEOUT)
    assert [pull.recv(TIMEOUT) for _ in range(5000)] == [b"%d" % i for i in range(5000)]


def test_the_mark_of_each_peer_is_its_own(context):
    with RawListener() as deaf:
        push = connected(context, SocketType.PUSH, deaf.endpoint, sndhwm=3)
        pull = bound(context, SocketType.PULL)
        push.connect(pull.last_endpoint)
        for _ in range(100):
            push.send(b"x", TIMEOUT)
        received = 0
        while received < 90:
            pull.recv(TIMEOUT)
            received += 1


def test_a_higher_mark_is_room_at_once(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, sndhwm=3)
    assert fill(push, b"x") == 3
    push.options.sndhwm = 5
    with push.lock:
        push.hwm_changed()
    assert fill(push, b"x") == 2


def test_a_higher_mark_lets_a_waiting_sender_go_on(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, sndhwm=3, reconnect_ivl=60.0)
    fill(push, b"x")
    eventually(lambda: push.events() == 0 and push.endpoints._dialers[0].state.name == "WAITING", "nobody is there")
    sending = Call(push.send, b"x", 2.0)
    eventually(push.waited_on, "it waits")
    push.options.sndhwm = 5
    with push.lock:
        push.hwm_changed()
    assert sending.ends(1.0)


def test_a_lower_mark_drops_nothing(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, sndhwm=5, reconnect_ivl=0.01)
    for i in range(5):
        push.send(b"%d" % i, 0)
    push.options.sndhwm = 2
    with push.lock:
        push.hwm_changed()
    with pytest.raises(WouldBlock):
        push.send(b"x", 0)
    pull = bound(context, SocketType.PULL, nobody)
    assert [pull.recv(TIMEOUT) for _ in range(5)] == [b"%d" % i for i in range(5)]


def test_unwritten_messages_go_to_the_next_connection_once_each(context):
    body = bytes(50_000)
    with RawListener() as listener:
        push = connected(context, SocketType.PUSH, listener.endpoint, sndhwm=0, reconnect_ivl=0.01)
        with listener.accept() as first:
            first.handshake("PULL")
            for i in range(400):
                push.send([b"%d" % i, body], TIMEOUT)
            got = [first.read_frame().body for _ in range(20)][::2]
            first.reset()
        with listener.accept() as second:
            second.handshake("PULL")
            numbers = []
            while not numbers or numbers[-1] != 399:
                numbers.append(int(second.read_frame().body))
                assert second.read_frame().body == body
    assert [int(number) for number in got] == list(range(10))
    assert numbers == list(range(numbers[0], 400))
    assert numbers[0] >= 10


# closing


def test_a_closed_socket_says_so(context):
    pull = bound(context, SocketType.PULL)
    pull.close()
    pull.close()
    for call in (pull.events, lambda: pull.recv(0), lambda: pull.bind(ANYWHERE), lambda: pull.send(b"x", 0)):
        with pytest.raises(SocketClosed):
            call()
    assert "closed" in repr(pull)


def test_close_frees_the_address_at_once(context):
    endpoint = bound(context, SocketType.PULL).last_endpoint
    for _ in range(20):
        context.sockets[0].close()
        bound(context, SocketType.PULL, endpoint)


def test_unbind_frees_the_address_at_once(context):
    pull = bound(context, SocketType.PULL)
    endpoint = pull.last_endpoint
    for _ in range(20):
        pull.unbind(endpoint)
        pull.bind(endpoint)


def test_close_delivers_what_is_queued(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    for i in range(500):
        push.send(b"%d" % i, TIMEOUT)
    push.close()
    assert [pull.recv(TIMEOUT) for _ in range(500)] == [b"%d" % i for i in range(500)]
    eventually(lambda: context.sockets == [pull], "the sender has ended")


def test_close_delivers_what_was_sent_before_the_connection_was_made(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    push.send(b"a", 0)
    push.close()
    assert pull.recv(TIMEOUT) == b"a"
    eventually(lambda: context.sockets == [pull], "the sender has ended")


def test_close_waits_for_a_peer_that_comes_later_and_then_ends(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, reconnect_ivl=0.01)
    push.send(b"a", 0)
    eventually(lambda: push.endpoints._dialers[0].state.name == "WAITING", "nobody is there")
    push.close()
    pull = bound(context, SocketType.PULL, nobody)
    assert pull.recv(TIMEOUT) == b"a"
    eventually(lambda: context.sockets == [pull], "the sender has ended", 2.0)


def test_linger_zero_throws_away_what_is_queued(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, linger=0.0)
    push.send(b"a", 0)
    push.close()
    assert context.sockets == []


def test_linger_ends_the_waiting_for_a_peer_that_never_comes(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, linger=0.02)
    push.send(b"a", 0)
    push.close()
    eventually(lambda: context.sockets == [], "the socket has ended", 2.0)


def test_linger_ends_the_waiting_for_a_peer_that_never_reads(context):
    push = bound(context, SocketType.PUSH, linger=0.02)
    with RawPeer.connect(push.last_endpoint) as peer:
        peer.handshake("PULL")
        push.wait(POLLOUT, TIMEOUT)
        fill(push, bytes(100_000))
        push.close()
        eventually(lambda: context.sockets == [], "the socket has ended", 2.0)


def test_close_ends_every_connection_also_without_reconnecting(context):
    with RawListener() as listener:
        push = open_socket(context, SocketType.PUSH, reconnect_ivl=0.0)
        peers = []
        for _ in range(4):
            push.connect(listener.endpoint)
            peer = listener.accept()
            peer.handshake("PULL")
            peers.append(peer)
        eventually(lambda: push.events() and all(d.session.ready for d in push.endpoints._dialers), "all are connected")
        dialers = list(push.endpoints._dialers)
        push.close()
        finished = [dialer.finished for dialer in dialers]
        for dialer in dialers:
            dialer.stop()
        for peer in peers:
            peer.close()
    assert finished == [True] * 4


def test_close_gives_all_descriptors_back(context):
    context.reactor.call_later(0.0, lambda: None)
    eventually(lambda: not context.reactor._timers, "the reactor runs")
    before = descriptors()
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    push.send(b"a", TIMEOUT)
    assert pull.recv(TIMEOUT) == b"a"
    push.close()
    pull.close()
    eventually(lambda: context.sockets == [], "both have ended")
    assert descriptors() == before


def test_close_under_a_call_that_waits_gives_all_descriptors_back(context):
    context.reactor.call_later(0.0, lambda: None)
    eventually(lambda: not context.reactor._timers, "the reactor runs")
    before = descriptors()
    pull = bound(context, SocketType.PULL)
    receiving = [Call(pull.recv, None) for _ in range(3)]
    eventually(lambda: pull._followers == 2, "all wait")
    pull.close()
    for call in receiving:
        with pytest.raises(SocketClosed):
            call.result()
    assert descriptors() == before


def test_a_peer_is_told_nothing_more_after_unbind(context):
    push = bound(context, SocketType.PUSH)
    endpoint = push.last_endpoint
    with RawPeer.connect(endpoint) as peer:
        peer.handshake("PULL")
        push.send(b"a", TIMEOUT)
        push.unbind(endpoint)
        assert peer.until_closed() == message(b"a")
    with pytest.raises(WouldBlock):
        push.send(b"b", 0)
    with pytest.raises(NoSuchEndpoint):
        push.unbind(endpoint)


def test_what_came_before_unbind_stays_readable(context):
    pull = bound(context, SocketType.PULL)
    endpoint = pull.last_endpoint
    push = connected(context, SocketType.PUSH, endpoint)
    push.send(b"a", TIMEOUT)
    pull.wait(POLLIN, TIMEOUT)
    pull.unbind(endpoint)
    assert pull.recv(0) == b"a"


def test_after_disconnect_nothing_more_is_sent_also_with_immediate(context):
    with RawListener() as listener:
        push = connected(context, SocketType.PUSH, listener.endpoint, immediate=True)
        with listener.accept() as peer:
            peer.handshake("PULL")
            push.wait(POLLOUT, TIMEOUT)
            while not push.endpoints.pipes()[0].outbox:  # what the kernel does not take waits there
                push.send(bytes(100_000), TIMEOUT)
            push.disconnect(listener.endpoint)
            with pytest.raises(WouldBlock):
                push.send(b"too late", 0)


def test_with_immediate_nothing_is_queued_for_a_peer_that_is_not_there(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, immediate=True)
    with pytest.raises(WouldBlock):
        push.send(b"x", 0.02)


# a hundred times


def test_peers_that_come_and_go_leave_nothing_behind(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    push.send(b"first", TIMEOUT)
    pull.recv(TIMEOUT)
    push.close()
    eventually(lambda: context.sockets == [pull], "the sender has ended")
    eventually(lambda: pull.events() == 0 and not pull.endpoints.pipes(), "its connection is gone")
    before = len(descriptors())
    for i in range(50):
        push = connected(context, SocketType.PUSH, pull.last_endpoint)
        push.send(b"%d" % i, TIMEOUT)
        push.close()
        assert pull.recv(TIMEOUT) == b"%d" % i
    eventually(lambda: context.sockets == [pull], "the senders have ended")
    eventually(lambda: pull.events() == 0 and not pull.endpoints.pipes(), "their connections are gone")
    assert len(descriptors()) == before


def test_opening_and_closing_in_many_threads_leaves_nothing_behind(context):
    pull = bound(context, SocketType.PULL)

    def work():
        for _ in range(20):
            push = connected(context, SocketType.PUSH, pull.last_endpoint)
            push.send(b"x", TIMEOUT)
            push.close()

    working = [Call(work) for _ in range(4)]
    assert [pull.recv(TIMEOUT) for _ in range(80)] == [b"x"] * 80
    for call in working:
        call.result()
    eventually(lambda: context.sockets == [pull], "the senders have ended")
    assert set(context.reactor._watched) <= {pull}


def test_out_of_descriptors_is_an_error_of_the_call(context, monkeypatch):
    push = open_socket(context, SocketType.PUSH)

    def out_of_descriptors(*_args, **_kwargs):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(socket.socket, "__init__", out_of_descriptors)
    for call in (push.bind, push.connect):
        with pytest.raises(OSError) as raised:
            call("tcp://127.0.0.1:5555")
        assert raised.value.errno == errno.EMFILE
    monkeypatch.undo()
    assert push.endpoints.pipes() == []
    assert threading.active_count() < 50
