"""The connecting side: attempts, losses, delays, and when it stops trying."""

import errno
import socket
import threading

import pytest

from purezmq.constants import SocketType
from purezmq.engine.dialer import State
from purezmq.engine.errors import NoSuchEndpoint, WouldBlock
from purezmq.engine.monitor import Kind
from purezmq.transports import STREAM_TRANSPORTS
from purezmq.transports.base import Address
from tests.engine.helpers import connected, descriptors, open_socket
from tests.helpers.endpoints import free_port
from tests.helpers.waiting import TIMEOUT, eventually
from tests.helpers.wire import RawListener, greeting, ready

POLLOUT = 2
SOON = 0.01


@pytest.fixture
def nobody():
    """An endpoint where nobody listens."""
    return f"tcp://127.0.0.1:{free_port()}"


@pytest.fixture
def listener():
    with RawListener() as listener:
        yield listener


def dialer_of(core):
    (dialer,) = core.endpoints._dialers
    return dialer


def happened(core, kind):
    return [event for event in core.monitor.events if event.kind is kind]


def reaches(core, state):
    dialer = dialer_of(core)

    def there():
        with core.lock:
            return dialer.state is state

    eventually(there, f"the dialer is {state}")
    return dialer


# states


def test_it_is_connected_when_somebody_listens(context, listener):
    push = connected(context, SocketType.PUSH, listener.endpoint)
    with listener.accept():
        dialer = reaches(push, State.CONNECTED)
        assert happened(push, Kind.CONNECTED)
        assert not dialer.session.ready


def test_it_tries_again_when_nobody_listens(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, reconnect_ivl=SOON)
    eventually(lambda: len(happened(push, Kind.CONNECT_RETRIED)) >= 3, "it retries")
    assert happened(push, Kind.CLOSED)[0].value == errno.ECONNREFUSED


def test_it_tries_again_after_a_loss(context, listener):
    push = connected(context, SocketType.PUSH, listener.endpoint, reconnect_ivl=SOON)
    for i in range(3):
        with listener.accept() as peer:
            peer.handshake("PULL")
            push.send(b"%d" % i, TIMEOUT)
            assert peer.read_frame().body == b"%d" % i
    assert dialer_of(push).state is not State.STOPPED


@pytest.mark.parametrize("when", ["before a word", "in the greeting", "before READY"])
def test_it_tries_again_when_the_peer_leaves_in_the_handshake(context, listener, when):
    connected(context, SocketType.PUSH, listener.endpoint, reconnect_ivl=SOON)
    with listener.accept() as peer:
        if when == "in the greeting":
            peer.send(greeting()[:20])
        elif when == "before READY":
            peer.send(greeting())
    with listener.accept() as peer:
        peer.handshake("PULL")


def test_it_tries_again_when_the_handshake_is_late(context, listener):
    connected(context, SocketType.PUSH, listener.endpoint, reconnect_ivl=SOON, handshake_ivl=0.02)
    with listener.accept(), listener.accept() as peer:
        peer.handshake("PULL")


def test_it_tries_again_when_the_peer_is_silent(context, listener):
    connected(
        context, SocketType.PUSH, listener.endpoint, reconnect_ivl=SOON, heartbeat_ivl=SOON, heartbeat_timeout=0.02
    )
    with listener.accept() as silent:
        silent.handshake("PULL")
        with listener.accept() as peer:
            peer.handshake("PULL")


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.0 400 Bad Request\r\n\r\n", greeting(mechanism=b"PLAIN"), greeting() + ready("PUSH")],
    ids=["http", "mechanism", "type"],
)
def test_it_stops_when_the_peer_breaks_the_protocol(context, listener, answer):
    push = connected(context, SocketType.PUSH, listener.endpoint, reconnect_ivl=SOON)
    with listener.accept() as peer:
        peer.send(answer)
        reaches(push, State.STOPPED)
    with pytest.raises(WouldBlock):
        push.send(b"x", 0)
    push.disconnect(listener.endpoint)
    with pytest.raises(NoSuchEndpoint):
        push.disconnect(listener.endpoint)


def test_a_connection_that_never_comes_about_is_given_up_in_time(context, monkeypatch):
    class Nowhere:
        needs_lookup = False

        def lookup(self):
            return Address(socket.AF_INET, ("192.0.2.1", 1))

        def dial(self, address, options):
            sock, other = socket.socketpair()
            others.append(other)
            sock.settimeout(0)
            while True:  # a socket that never becomes writable
                try:
                    sock.send(bytes(100_000))
                except BlockingIOError:
                    return sock

    others = []
    monkeypatch.setattr(STREAM_TRANSPORTS["tcp"], "target", lambda rest, options: Nowhere())
    push = connected(context, SocketType.PUSH, "tcp://nowhere:1", connect_timeout=0.02, reconnect_ivl=SOON)
    eventually(lambda: len(others) >= 3, "it gives up and tries again")
    assert happened(push, Kind.CLOSED)[0].value == errno.ETIMEDOUT
    push.options.linger = 0.0
    push.close()
    for other in others:
        other.close()


# RECONNECT_IVL, RECONNECT_STOP


@pytest.mark.parametrize("interval", [0.0, -1.0])
def test_without_an_interval_it_tries_once_and_forgets(context, nobody, interval):
    push = connected(context, SocketType.PUSH, nobody, reconnect_ivl=interval)
    eventually(lambda: not push.endpoints._dialers, "it is forgotten")
    assert not happened(push, Kind.CONNECT_RETRIED)
    with pytest.raises(NoSuchEndpoint):
        push.disconnect(nobody)


def test_without_an_interval_a_lost_connection_is_forgotten(context, listener):
    push = connected(context, SocketType.PUSH, listener.endpoint, reconnect_ivl=0.0)
    with listener.accept() as peer:
        peer.handshake("PULL")
    eventually(lambda: not push.endpoints._dialers, "it is forgotten")
    with pytest.raises(WouldBlock):
        push.send(b"x", 0)


def test_it_stops_when_refused_if_asked_to(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, reconnect_ivl=SOON, reconnect_stop=1)
    reaches(push, State.STOPPED)
    assert not happened(push, Kind.CONNECT_RETRIED)


def test_it_stops_when_the_handshake_fails_if_asked_to(context, listener):
    push = connected(context, SocketType.PUSH, listener.endpoint, reconnect_ivl=SOON, reconnect_stop=2)
    listener.accept().close()
    reaches(push, State.STOPPED)


def test_after_the_handshake_a_loss_is_no_failed_handshake(context, listener):
    connected(context, SocketType.PUSH, listener.endpoint, reconnect_ivl=SOON, reconnect_stop=2)
    with listener.accept() as peer:
        peer.handshake("PULL")
    with listener.accept() as peer:
        peer.handshake("PULL")


# looking names up


class Named:
    """A target whose address has to be asked for."""

    needs_lookup = True

    def __init__(self, port, answers):
        self.port = port
        self.answers = answers
        self.threads = []

    def lookup(self):
        self.threads.append(threading.current_thread())
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        return Address(socket.AF_INET, ("127.0.0.1", self.port))

    def dial(self, address, options):
        sock = socket.socket(address.family)
        sock.settimeout(0)
        sock.connect_ex(address.peer)
        return sock


def named(monkeypatch, listener, *answers):
    target = Named(listener.sock.getsockname()[1], list(answers))
    monkeypatch.setattr(STREAM_TRANSPORTS["tcp"], "target", lambda rest, options: target)
    return target


def test_a_name_is_looked_up_in_another_thread(context, listener, monkeypatch):
    target = named(monkeypatch, listener)
    connected(context, SocketType.PUSH, "tcp://name:1")
    with listener.accept() as peer:
        peer.handshake("PULL")
    assert target.threads[0] is not threading.current_thread()
    assert target.threads[0].name != "purezmq-reactor"


def test_a_name_is_looked_up_anew_for_each_attempt(context, listener, monkeypatch):
    target = named(monkeypatch, listener)
    connected(context, SocketType.PUSH, "tcp://name:1", reconnect_ivl=SOON)
    for _ in range(3):
        with listener.accept() as peer:
            peer.handshake("PULL")
    assert len(target.threads) >= 3


def test_a_name_that_is_unknown_now_is_asked_for_again(context, listener, monkeypatch):
    unknown = socket.gaierror(socket.EAI_NONAME, "unknown")
    named(monkeypatch, listener, unknown, unknown)
    connected(context, SocketType.PUSH, "tcp://name:1", reconnect_ivl=SOON)
    with listener.accept() as peer:
        peer.handshake("PULL")


def test_close_does_not_wait_for_a_look_up(context, listener, monkeypatch):
    asked, answer = threading.Event(), threading.Event()

    class Slow(Named):
        def lookup(self):
            asked.set()
            assert answer.wait(TIMEOUT)
            return super().lookup()

    target = Slow(listener.sock.getsockname()[1], [])
    monkeypatch.setattr(STREAM_TRANSPORTS["tcp"], "target", lambda rest, options: target)
    push = connected(context, SocketType.PUSH, "tcp://name:1")
    assert asked.wait(TIMEOUT)
    push.close()
    assert context.sockets == []
    answer.set()


# descriptors


def test_running_out_of_descriptors_is_an_error_of_connect(context, nobody, monkeypatch):
    push = open_socket(context, SocketType.PUSH)
    before = descriptors()

    def out_of_descriptors(*_args, **_kwargs):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(socket.socket, "__init__", out_of_descriptors)
    with pytest.raises(OSError) as raised:
        push.connect(nobody)
    monkeypatch.undo()
    assert raised.value.errno == errno.EMFILE
    assert push.endpoints._dialers == []
    assert push.events() == 0
    assert descriptors() == before


def test_running_out_of_descriptors_later_is_one_more_failed_attempt(context, listener, monkeypatch):
    push = connected(context, SocketType.PUSH, listener.endpoint, reconnect_ivl=0.05)
    peer = listener.accept()
    peer.handshake("PULL")
    dialer = dialer_of(push)
    original = dialer._target.dial
    failures = []

    def out_of_descriptors(address, options):
        if len(failures) < 3:
            failures.append(1)
            raise OSError(errno.EMFILE, "Too many open files")
        return original(address, options)

    monkeypatch.setattr(dialer._target, "dial", out_of_descriptors, raising=False)
    peer.close()
    with listener.accept() as again:
        again.handshake("PULL")
    assert len(failures) == 3


def test_attempts_leak_nothing(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, reconnect_ivl=0.001)
    eventually(lambda: len(happened(push, Kind.CONNECT_RETRIED)) >= 2, "it retries")
    dialer = dialer_of(push)
    before = len(descriptors() - {f"{dialer._stream.fileno()}" if dialer._stream else ""})
    eventually(lambda: len(happened(push, Kind.CONNECT_RETRIED)) >= 30, "it retries")
    assert len(descriptors()) <= before + 1


# IMMEDIATE


def test_the_pipe_is_there_from_the_beginning(context, nobody):
    push = connected(context, SocketType.PUSH, nobody)
    assert push.events() == POLLOUT
    assert dialer_of(push).pipe is not None


def test_with_immediate_the_pipe_comes_and_goes_with_the_connection(context, listener):
    push = connected(context, SocketType.PUSH, listener.endpoint, immediate=True, reconnect_ivl=60.0)
    assert push.events() == 0
    with listener.accept() as peer:
        peer.handshake("PULL")
        assert push.wait(POLLOUT, TIMEOUT) == POLLOUT
    eventually(lambda: push.events() == 0, "there is no peer")
