import errno
import os
import resource
import socket

import pytest

from purezmq.engine.options import SocketOptions
from purezmq.transports import tcp
from purezmq.transports.base import AddressError, PeerRefused, split
from purezmq.transports.sockets import accept, admitting, begin_connect, naming
from tests.transports.helpers import accepted, code_of, connected, rest_of


@pytest.mark.parametrize(
    ("endpoint", "parts"),
    [
        ("tcp://*:5555", ("tcp", "*:5555")),
        ("ipc:///run/a://b", ("ipc", "/run/a://b")),
        ("inproc://name", ("inproc", "name")),
    ],
)
def test_an_endpoint_is_split_at_its_first_separator(endpoint, parts):
    assert split(endpoint) == parts


@pytest.mark.parametrize(
    "endpoint", ["", "tcp", "tcp:", "tcp:/", "tcp://", "://rest", "://", "127.0.0.1:5555", "tcp:5"]
)
def test_an_endpoint_without_transport_or_address_is_invalid(endpoint):
    with pytest.raises(AddressError) as refused:
        split(endpoint)
    assert code_of(refused) == "EINVAL"
    assert repr(endpoint) in str(refused.value)


@pytest.mark.parametrize("endpoint", ["udp://127.0.0.1:1", "TCP://127.0.0.1:1", "pgm://x", " tcp://127.0.0.1:1"])
def test_an_unknown_transport_is_not_supported(endpoint):
    with pytest.raises(AddressError) as refused:
        split(endpoint)
    assert code_of(refused) == "EPROTONOSUPPORT"
    assert "inproc, ipc, tcp" in str(refused.value)


def test_an_error_of_the_system_keeps_its_errno_and_class_and_gets_the_endpoint():
    with pytest.raises(PermissionError) as refused, naming("tcp://host:1"):
        raise OSError(errno.EACCES, "Permission denied")
    assert code_of(refused) == "EACCES"
    assert str(refused.value) == f"[Errno {errno.EACCES}] Permission denied: 'tcp://host:1'"


class Listening(socket.socket):
    """A listening socket whose accept fails."""

    code = 0

    def accept(self):
        raise OSError(self.code, os.strerror(self.code))


@pytest.mark.parametrize("name", ["ECONNABORTED", "EAGAIN", "EINTR", "EPROTO", "ENETDOWN", "EPERM"])
def test_a_peer_that_left_before_it_was_accepted_is_nobody(name):
    with Listening() as sock:
        sock.code = getattr(errno, name)
        assert accept(sock, "tcp://here:1") is None


@pytest.mark.parametrize("name", ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"])
def test_running_out_of_room_is_told(name):
    with Listening() as sock:
        sock.code = getattr(errno, name)
        with pytest.raises(OSError) as full:
            accept(sock, "tcp://here:1")
    assert code_of(full) == name
    assert "tcp://here:1" in str(full.value)


def test_a_peer_waits_in_the_backlog_until_there_are_descriptors_again(keep):
    listener = keep(tcp.listen("127.0.0.1:*", SocketOptions()))
    keep(connected("tcp", rest_of(listener)))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(listener.sock.fileno())
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        with pytest.raises(OSError) as full:
            listener.accept()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert code_of(full) == "EMFILE"
    keep(accepted(listener))


def test_a_connection_that_cannot_be_set_up_is_closed_and_its_peer_refused():
    ours, theirs = socket.socketpair()
    with theirs:
        with pytest.raises(PeerRefused) as refused, admitting(ours, "tcp://here:1"):
            raise OSError(errno.EINVAL, "Invalid argument")
        assert ours.fileno() == -1
    assert code_of(refused) == "EINVAL"
    assert "tcp://here:1" in str(refused.value)


def test_a_refusal_is_no_os_error():
    assert not issubclass(PeerRefused, OSError)


def test_a_connect_that_fails_at_once_raises():
    with socket.socket(socket.AF_UNIX) as sock, pytest.raises(FileNotFoundError):
        begin_connect(sock, b"/nonexistent/socket")
