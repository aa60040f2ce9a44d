"""What the stream transports do alike with their sockets. Imports `base`."""

import errno
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .._native import original
from .base import AddressError, PeerRefused, SocketAddress, StreamOptions

if TYPE_CHECKING:
    SystemSocket = socket.socket
else:
    SystemSocket = original("socket", "socket")


class Socket(SystemSocket):
    """A socket of the system's, and so are those that it accepts."""

    __slots__ = ()

    def accept(self) -> "tuple[Socket, Any]":
        """Accept a connection: the socket, and the address of the peer."""
        fd, address = self._accept()  # type: ignore[attr-defined]
        return Socket(self.family, self.type, self.proto, fileno=fd), address


@contextmanager
def naming(endpoint: str) -> Iterator[None]:
    """Give an OSError of the system, which says what went wrong, the endpoint, which says where."""
    try:
        yield
    except AddressError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, endpoint) from error


@contextmanager
def closed_on_error(sock: socket.socket) -> Iterator[None]:
    """Close the socket if what follows fails."""
    try:
        yield
    except BaseException:
        sock.close()
        raise


def adopt(fd: int, families: tuple[int, ...], endpoint: str) -> socket.socket:
    """Take over the listening descriptor that the caller prepared (USE_FD); it is closed with the listener.

    A descriptor that does not fit stays the caller's.
    """
    with naming(endpoint):
        sock = Socket(fileno=fd)
    if sock.family not in families or not _listens(sock):
        sock.detach()
        text = f"{endpoint}: expected USE_FD to be a listening socket of this transport, got descriptor {fd}"
        raise AddressError(errno.EINVAL, text)
    sock.settimeout(0)
    sock.set_inheritable(False)
    return sock


def _listens(sock: socket.socket) -> bool:
    # Only Linux is known to answer for every family; elsewhere the caller is believed, as libzmq believes everywhere.
    return sys.platform != "linux" or bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


# The peer left before it was accepted, or nobody is there. Linux also reports here what happened to the connection on
# the network (accept(2), "Error handling"), and EPERM for one that the firewall forbids.
_NOBODY_AFTER_ALL = {
    getattr(errno, name)
    for name in (
        *("EAGAIN", "EWOULDBLOCK", "EINTR", "ECONNABORTED", "ECONNRESET", "EPROTO", "EPERM", "ETIMEDOUT"),
        *("ENETDOWN", "ENOPROTOOPT", "EHOSTDOWN", "ENONET", "EHOSTUNREACH", "EOPNOTSUPP", "ENETUNREACH"),
    )
    if hasattr(errno, name)
}


def accept(listening: socket.socket, endpoint: str) -> tuple[socket.socket, SocketAddress] | None:
    """Accept one connection, non-blocking, and its address; None when there is none after all."""
    try:
        sock, address = listening.accept()
    except OSError as error:
        if error.errno in _NOBODY_AFTER_ALL:
            return None
        raise OSError(error.errno, error.strerror, endpoint) from error
    sock.settimeout(0)
    return sock, address


@contextmanager
def admitting(sock: socket.socket, endpoint: str) -> Iterator[None]:
    """Set an accepted connection up: if that fails, its peer is refused and the connection closed."""
    try:
        with closed_on_error(sock):
            yield
    except OSError as error:
        code = error.errno or errno.ECONNABORTED
        raise PeerRefused(code, f"{endpoint}: a connection could not be set up: {error.strerror}") from error


# What connect() answers on a non-blocking socket that is on its way; on Linux, EWOULDBLOCK is a failure (no free port,
# or an ipc listener with a full backlog), on Windows it is the usual answer.
_ON_ITS_WAY = {0, errno.EINPROGRESS, errno.EINTR} | ({errno.EWOULDBLOCK} if os.name == "nt" else set())


def begin_connect(sock: socket.socket, peer: SocketAddress) -> None:
    """Begin to connect a non-blocking socket. Raises OSError."""
    code = sock.connect_ex(peer)
    if code not in _ON_ITS_WAY:
        raise OSError(code, os.strerror(code))


def check_connected(sock: socket.socket) -> None:
    """Raise the OSError that ended the attempt to connect, if one did."""
    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


def set_buffers(sock: socket.socket, options: StreamOptions) -> None:
    """SNDBUF and RCVBUF."""
    if options.sndbuf >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, options.sndbuf)
    if options.rcvbuf >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, options.rcvbuf)
