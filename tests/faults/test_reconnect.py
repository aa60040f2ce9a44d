"""Peers that go and come back, and peers that only seem to be there."""

import signal
import struct
import time
from typing import Any, Final

import pytest

import purezmq as zmq
from tests.helpers import wire
from tests.helpers.endpoints import fresh_endpoint
from tests.helpers.processes import Program
from tests.helpers.sockets import Sockets, endpoint_of, join
from tests.helpers.waiting import eventually
from tests.helpers.wire import RawListener, RawPeer

FAST: Final[dict[str, Any]] = {"reconnect_ivl": 10}
TRANSPORTS: Final = ("tcp", "ipc")
TIMES: Final = 5


@pytest.fixture(params=TRANSPORTS)
def address(request: pytest.FixtureRequest) -> Any:
    with fresh_endpoint(request.param) as text:
        yield text


def first_through(connector: Any, binder: Any, round_: int) -> int:
    """Send until something arrives: the number of what is sent next. Only what came before the first may be missing.

    A connector learns of the other's end only when it reads; what it writes until then is lost with the connection.
    """
    number = 0

    def arrived() -> bool:
        nonlocal number
        connector.send(b"%d %d" % (round_, number))
        number += 1
        return bool(binder.poll(10))

    eventually(arrived, "messages arrive again")
    return number


@pytest.mark.parametrize(("there", "here"), [("DEALER", "DEALER"), ("PULL", "PUSH"), ("PAIR", "PAIR")])
def test_messages_go_to_a_binder_that_came_back(sockets: Sockets, address: str, there: str, here: str) -> None:
    connector = sockets.connected(getattr(zmq, here), address, **FAST)
    for round_ in range(TIMES):
        binder = sockets.bound(getattr(zmq, there), address)
        last = first_through(connector, binder, round_) - 1
        first = binder.recv()
        assert first.startswith(b"%d " % round_), "nothing arrives twice"
        assert [binder.recv() for _ in range(int(first.split()[1]), last)] == [
            b"%d %d" % (round_, number) for number in range(int(first.split()[1]) + 1, last + 1)
        ]
        binder.close()


@pytest.mark.parametrize(("there", "here"), [("DEALER", "DEALER"), ("PULL", "PUSH"), ("PAIR", "PAIR"), ("REP", "REQ")])
def test_what_was_sent_before_the_binder_came_arrives(sockets: Sockets, address: str, there: str, here: str) -> None:
    connector = sockets.connected(getattr(zmq, here), address, **FAST)
    connector.send(b"early")
    assert sockets.bound(getattr(zmq, there), address).recv() == b"early"


@pytest.mark.parametrize(("there", "here"), [("DEALER", "DEALER"), ("PULL", "PUSH"), ("PAIR", "PAIR")])
def test_what_was_sent_while_the_peer_was_away_arrives_in_order(sockets: Sockets, there: str, here: str) -> None:
    with RawListener() as listener:
        connector = sockets.connected(getattr(zmq, here), listener.endpoint, **FAST)
        number = 0
        for _ in range(TIMES):
            with listener.accept() as peer:  # it knows by now that the one before has left
                for i in range(10):
                    connector.send(b"%d" % (number + i))
                peer.handshake(there)
                for _ in range(10):
                    assert peer.read_frame().body == b"%d" % number
                    number += 1


def test_replies_reach_a_dealer_that_reconnected(sockets: Sockets, address: str) -> None:
    dealer = sockets.connected(zmq.DEALER, address, routing_id=b"me", **FAST)
    for round_ in range(TIMES):
        router = sockets.bound(zmq.ROUTER, address)
        first_through(dealer, router, round_)
        assert router.recv_multipart()[0] == b"me"
        router.send_multipart([b"me", b"answer"])
        assert dealer.recv() == b"answer"
        router.close()


def test_a_relaxed_request_is_asked_again_when_its_server_went_away(sockets: Sockets, address: str) -> None:
    request = sockets.connected(zmq.REQ, address, req_relaxed=1, req_correlate=1, **FAST)
    for round_ in range(TIMES):
        reply = sockets.bound(zmq.REP, address)

        def answered(reply: Any = reply, answer: bytes = b"answer %d" % round_) -> bool:
            request.send(b"question")
            while reply.poll(20):  # the questions before, too: there may be several by now
                reply.recv()
                reply.send(answer)
            return bool(request.poll(20)) and bool(request.recv() == answer)

        eventually(answered, "the server that came back answers")
        request.send(b"it goes away without an answer")
        assert reply.poll(10_000)
        reply.close()


def test_a_strict_request_waits_for_ever_when_its_server_went_away(sockets: Sockets, address: str) -> None:
    request = sockets.connected(zmq.REQ, address, **FAST)
    reply = sockets.bound(zmq.REP, address)
    request.send(b"question")
    assert reply.recv() == b"question"
    reply.close()
    reply = sockets.bound(zmq.REP, address)
    request.rcvtimeo = 100
    with pytest.raises(zmq.Again):
        request.recv()
    with pytest.raises(zmq.ZMQError) as error:
        request.send(b"another")
    assert error.value.errno == zmq.EFSM
    assert reply.poll(0) == 0, "nothing is asked twice"


def test_a_subscriber_subscribes_again(sockets: Sockets, address: str) -> None:
    subscriber = sockets(zmq.SUB, **FAST)
    for topic in (b"news", b"news", b"weather", b"sports"):
        subscriber.subscribe(topic)
    subscriber.unsubscribe(b"sports")
    subscriber.connect(address)
    for _ in range(TIMES):
        publisher = sockets.bound(zmq.XPUB, address)
        assert sorted([publisher.recv(), publisher.recv()]) == [b"\x01news", b"\x01weather"], "each once"
        publisher.send(b"sports: no")
        publisher.send(b"news: yes")
        assert subscriber.recv() == b"news: yes"
        assert publisher.poll(0) == 0
        publisher.close()


def test_a_binder_serves_a_connector_that_comes_back(sockets: Sockets, address: str) -> None:
    publisher = sockets.bound(zmq.PUB, address)
    for _ in range(TIMES):
        subscriber = sockets(zmq.SUB)
        subscriber.subscribe(b"")
        subscriber.connect(address)
        join(publisher, subscriber)
        subscriber.close()


@pytest.mark.parametrize("interval", [-1, 0])
def test_without_an_interval_nobody_reconnects(sockets: Sockets, interval: int) -> None:
    with RawListener() as listener:
        push = sockets.connected(zmq.PUSH, listener.endpoint, reconnect_ivl=interval)
        with listener.accept() as peer:
            peer.handshake("PULL")
        assert listener.nobody_connects(0.3)
        with pytest.raises(zmq.ZMQError):
            eventually(lambda: push.disconnect(listener.endpoint), "the endpoint is forgotten")


def test_after_each_connection_that_came_about_the_interval_is_the_first_one_again(sockets: Sockets) -> None:
    with RawListener() as listener:
        sockets.connected(zmq.PUSH, listener.endpoint, reconnect_ivl=20, reconnect_ivl_max=60_000)
        listener.accept().close()
        begin = time.monotonic()
        for _ in range(8):
            listener.accept().close()
        assert time.monotonic() - begin < 2, "doubled each time, they would add up to five seconds"


def test_a_connection_attempt_that_gets_no_answer_is_given_up(sockets: Sockets) -> None:
    """The listener's queue is full and it does not accept, so that a SYN stays unanswered."""
    with RawListener() as listener:
        listener.sock.listen(0)
        filler = RawPeer.connect(listener.endpoint)
        push = sockets.connected(zmq.PUSH, listener.endpoint, connect_timeout=50, **FAST)
        push.send(b"in the end")
        filler.close()
        listener.accept().close()
        with listener.accept() as peer:
            peer.handshake("PULL")
            assert peer.read_frame().body == b"in the end"


# heartbeats

HEARTBEAT: Final[dict[str, Any]] = {"heartbeat_ivl": 50, "heartbeat_timeout": 150}


def test_a_peer_that_answers_no_ping_is_dropped_and_tried_again(sockets: Sockets) -> None:
    with RawListener() as listener:
        sockets.connected(zmq.DEALER, listener.endpoint, heartbeat_ttl=1000, **HEARTBEAT, **FAST)
        with listener.accept() as silent:
            silent.handshake("ROUTER")
            begin = time.monotonic()
            assert silent.read_frame() == (wire.COMMAND, b"\x04PING\x00\x0a"), "1000 ms are ten tenths"
            silent.until_closed()
            assert 0.1 < time.monotonic() - begin < 5
        with listener.accept() as second:
            second.handshake("ROUTER")


def test_a_binder_drops_a_peer_that_answers_no_ping(sockets: Sockets) -> None:
    router = sockets.bound(zmq.ROUTER, **HEARTBEAT)
    with RawPeer.connect(endpoint_of(router)) as silent:
        silent.handshake("DEALER")
        silent.until_closed()


@pytest.mark.parametrize("said", [wire.command(b"PONG"), wire.message(b"busy"), wire.command(b"PING", b"\0\0")])
def test_whoever_says_anything_after_a_ping_stays(sockets: Sockets, said: bytes) -> None:
    pull = sockets.bound(zmq.PULL, **HEARTBEAT)
    with RawPeer.connect(endpoint_of(pull)) as peer:
        peer.handshake("PUSH")
        pings = 0
        while pings < 10:
            pings += peer.read_frame().body.startswith(b"\x04PING")
            peer.send(said)
        peer.send(wire.message(b"the end"))
        while pull.recv() != b"the end":
            pass


def test_a_peer_that_asks_for_it_is_dropped_when_it_falls_silent(sockets: Sockets) -> None:
    pull = sockets.bound(zmq.PULL)
    with RawPeer.connect(endpoint_of(pull)) as peer:
        peer.handshake("PUSH")
        begin = time.monotonic()
        peer.send(wire.command(b"PING", struct.pack(">H", 2) + b"ttl"))
        assert peer.read_frame() == (wire.COMMAND, b"\x04PONGttl")
        peer.until_closed()
        assert 0.15 < time.monotonic() - begin < 5


def test_a_peer_that_stays_within_its_ttl_stays(sockets: Sockets) -> None:
    pull = sockets.bound(zmq.PULL)
    with RawPeer.connect(endpoint_of(pull)) as peer:
        peer.handshake("PUSH")
        peer.send(wire.command(b"PING", struct.pack(">H", 3) + b"ttl"))
        for number in range(5):
            assert pull.poll(150) == bool(number)
            for _ in range(bool(number)):
                assert pull.recv() == b"still here"
            peer.send(wire.message(b"still here"))
        assert pull.recv() == b"still here"


STOPPABLE: Final = """
import sys
import purezmq as zmq

router = zmq.Context().socket(zmq.ROUTER)
router.bind("tcp://127.0.0.1:*")
print(router.last_endpoint.decode(), flush=True)
while True:
    print(router.recv_multipart()[-1].decode(), flush=True)
"""


def test_a_stopped_process_is_dropped_and_served_again_when_it_goes_on(sockets: Sockets) -> None:
    with Program.script(STOPPABLE) as program:
        # IMMEDIATE: without a connection there is no queue, so that POLLOUT tells whether there is one.
        dealer = sockets(zmq.DEALER, immediate=1, handshake_ivl=200, **HEARTBEAT, **FAST)
        dealer.connect(program.line())
        dealer.send(b"one")
        assert program.line() == "one"
        program.signal(signal.SIGSTOP)
        eventually(lambda: not dealer.poll(0, zmq.POLLOUT), "the connection is dropped")
        program.signal(signal.SIGCONT)
        dealer.send(b"two")
        assert program.line() == "two"
