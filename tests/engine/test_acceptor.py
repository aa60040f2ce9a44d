"""The binding side: accepting, pausing when there is no room, and stopping."""

import errno
import socket

import pytest

from purezmq.constants import SocketType
from purezmq.engine import acceptor as acceptor_module
from purezmq.engine.monitor import Kind
from purezmq.transports import STREAM_TRANSPORTS
from purezmq.transports.base import PeerRefused
from tests.engine.helpers import Peer, bound, descriptors, open_socket
from tests.helpers.waiting import TIMEOUT, eventually
from tests.helpers.wire import RawPeer, greeting, message


class FakeListener:
    """A listener of which the test says who comes, or what goes wrong. It is readable while there is something."""

    endpoint = "tcp://fake:1"

    def __init__(self):
        self.sock, self._far = socket.socketpair()
        self.sock.settimeout(0)
        self.coming = []
        self.accepts = 0
        self.closed = False

    def comes(self, what):
        """A stream to be accepted, or an error to be raised for as long as it stands first in the row."""
        self.coming.append(what)
        self._far.send(b"!")

    def accept(self):
        self.accepts += 1
        if not self.coming:
            return None
        first = self.coming[0]
        if isinstance(first, OSError):
            raise first
        self.coming.pop(0)
        self.sock.recv(1)
        if isinstance(first, PeerRefused):
            raise first
        return first

    def better(self):
        """What went wrong does so no longer."""
        self.coming.pop(0)
        self.sock.recv(1)

    def close(self):
        self.closed = True
        self.sock.close()
        self._far.close()


def stream_and_peer():
    near, far = socket.socketpair()
    near.settimeout(0)
    return near, Peer(far)


@pytest.fixture
def listener(monkeypatch):
    listener = FakeListener()
    monkeypatch.setattr(STREAM_TRANSPORTS["tcp"], "listen", lambda rest, options: listener)
    monkeypatch.setattr(STREAM_TRANSPORTS["tcp"], "peer_address", lambda sock: "fake")
    yield listener
    listener.close()


@pytest.fixture
def pull(listener, context):
    return bound(context, SocketType.PULL, "tcp://fake:1")


def reports(core, kind):
    return [event for event in core.monitor.events if event.kind is kind]


def test_whoever_comes_is_accepted(pull, listener):
    for i in range(3):
        stream, peer = stream_and_peer()
        with peer:
            listener.comes(stream)
            peer.shake_hands("PUSH")
            peer.send(message(b"%d" % i))
            assert pull.recv(TIMEOUT) == b"%d" % i
    assert len(reports(pull, Kind.ACCEPTED)) == 3


def test_a_refused_peer_is_reported_and_others_are_accepted(pull, listener):
    listener.comes(PeerRefused(errno.EPERM, "filtered"))
    stream, peer = stream_and_peer()
    with peer:
        listener.comes(stream)
        assert peer.read(10) == greeting()[:10]
    (refusal,) = reports(pull, Kind.ACCEPT_FAILED)
    assert (refusal.value, refusal.reason) == (errno.EPERM, "filtered")


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
def test_without_room_for_another_connection_it_pauses_and_tries_again(pull, listener, monkeypatch, code):
    monkeypatch.setattr(acceptor_module, "PAUSE", 0.01)
    listener.comes(OSError(code, "no room"))
    eventually(lambda: pull.events() is not None and len(reports(pull, Kind.ACCEPT_FAILED)) >= 3, "it tries again")
    with pull.lock:
        listener.better()
    stream, peer = stream_and_peer()
    with peer:
        listener.comes(stream)
        assert peer.read(10) == greeting()[:10]


def test_while_it_pauses_it_does_not_try(pull, listener, monkeypatch):
    monkeypatch.setattr(acceptor_module, "PAUSE", 3600.0)
    listener.comes(OSError(errno.EMFILE, "no room"))
    eventually(lambda: pull.events() is not None and listener.accepts, "it has tried")
    for _ in range(100):
        pull.events()
    assert listener.accepts == 1


def test_unbind_while_it_pauses_ends_the_pause(pull, listener, monkeypatch):
    monkeypatch.setattr(acceptor_module, "PAUSE", 0.02)
    listener.comes(OSError(errno.EMFILE, "no room"))
    eventually(lambda: pull.events() is not None and listener.accepts, "it has tried")
    pull.unbind("tcp://fake:1")
    eventually(lambda: not pull.reactor._timers, "the pause is over")
    assert listener.accepts == 1
    assert listener.closed


def test_existing_connections_work_while_it_pauses(pull, listener, monkeypatch):
    monkeypatch.setattr(acceptor_module, "PAUSE", 3600.0)
    stream, peer = stream_and_peer()
    with peer:
        listener.comes(stream)
        peer.shake_hands("PUSH")
        listener.comes(OSError(errno.EMFILE, "no room"))
        peer.send(message(b"a"))
        assert pull.recv(TIMEOUT) == b"a"


def test_many_at_once_are_all_accepted(context):
    pull = bound(context, SocketType.PULL, backlog=500)
    peers = [RawPeer.connect(pull.last_endpoint) for _ in range(200)]
    for peer in peers:
        assert peer.read(10) == greeting()[:10]
    for peer in peers:
        peer.close()
    eventually(lambda: pull.events() == 0 and not pull.endpoints._acceptors[0].sessions, "all are gone")


def test_peers_that_leave_at_once_leak_nothing(context):
    pull = bound(context, SocketType.PULL)
    with RawPeer.connect(pull.last_endpoint) as peer:
        peer.read(10)
    eventually(lambda: pull.events() == 0 and not pull.endpoints._acceptors[0].sessions, "all are gone")
    before = descriptors()
    for i in range(60):
        peer = RawPeer.connect(pull.last_endpoint)
        if i % 3 == 0:
            peer.read(10)
        peer.reset() if i % 2 else peer.close()
    with RawPeer.connect(pull.last_endpoint) as last:  # the others were accepted before
        last.read(10)
    eventually(lambda: pull.events() == 0 and not pull.endpoints._acceptors[0].sessions, "all are gone")
    assert descriptors() == before


def test_out_of_descriptors_bind_is_an_error_and_leaves_nothing(context, monkeypatch):
    pull = open_socket(context, SocketType.PULL)

    def out_of_descriptors(rest, options):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(STREAM_TRANSPORTS["tcp"], "listen", out_of_descriptors)
    with pytest.raises(OSError) as raised:
        pull.bind("tcp://127.0.0.1:*")
    assert raised.value.errno == errno.EMFILE
    assert reports(pull, Kind.BIND_FAILED)
    assert pull.last_endpoint == ""
