"""The words that the tests of the transports are written in."""

import errno
import select
import socket

import pytest

from purezmq.engine.options import SocketOptions
from purezmq.transports import STREAM_TRANSPORTS
from purezmq.transports.base import Listener

PATIENCE = 10.0


def has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6_loopback(), reason="no IPv6 loopback here")
needs_linux = pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="what only Linux has")


def wait_readable(sock):
    assert select.select([sock], [], [], PATIENCE)[0], "nothing to read came"


def wait_writable(sock):
    assert select.select([], [sock], [], PATIENCE)[1], "it did not become writable"


def dial(scheme, rest, options=None):
    """Begin to connect, as the engine does."""
    options = options or SocketOptions()
    target = STREAM_TRANSPORTS[scheme].target(rest, options)
    return target.dial(target.lookup(), options)


def connected(scheme, rest, options=None):
    """Connect, and wait until it is done."""
    sock = dial(scheme, rest, options)
    try:
        wait_writable(sock)
        STREAM_TRANSPORTS[scheme].finish(sock)
    except BaseException:
        sock.close()
        raise
    return sock


def accepted(listener: Listener):
    """Wait for a peer, and accept it."""
    wait_readable(listener.sock)
    sock = listener.accept()
    assert sock is not None
    return sock


def rest_of(listener: Listener) -> str:
    """What a peer connects to."""
    return listener.endpoint.partition("://")[2]


def read(sock, count):
    """Exactly so many octets."""
    octets = b""
    while len(octets) < count:
        wait_readable(sock)
        chunk = sock.recv(count - len(octets))
        assert chunk, f"the stream ended after {len(octets)} of {count} octets"
        octets += chunk
    return octets


def fill(sock, octets):
    """Write the octets again and again until the kernel takes no more: what it took."""
    taken = bytearray()
    try:
        while True:
            taken += octets[: sock.send(octets)]
    except BlockingIOError:
        return bytes(taken)


def code_of(error: pytest.ExceptionInfo) -> str:
    """The errno's name."""
    return errno.errorcode[error.value.errno]
