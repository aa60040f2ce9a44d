"""The TCP options: what each asks of the kernel. An option that the platform lacks changes nothing (zmq_setsockopt(3)).

Only BINDTODEVICE is refused where it does not exist: whoever sets it wants traffic kept off the other interfaces.

Imports `base` and `sockets`.
"""

import errno
import socket
import sys
from contextlib import suppress

from .base import StreamOptions
from .sockets import Socket, closed_on_error, set_buffers

# Python's socket module does not name it: asm-generic/socket.h.
_SO_BUSY_POLL = 46 if sys.platform == "linux" else None
# TCP_KEEPALIVE is macOS's name for it.
_TCP_KEEPIDLE = getattr(socket, "TCP_KEEPIDLE", None) or getattr(socket, "TCP_KEEPALIVE", None)


def open_socket(family: int, options: StreamOptions) -> socket.socket:
    """Return a non-blocking TCP socket with what must be set before it binds or connects. Raises OSError."""
    sock = Socket(family, socket.SOCK_STREAM)
    with closed_on_error(sock):
        sock.settimeout(0)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        if options.bindtodevice:
            _bind_to_device(sock, options.bindtodevice)
        set_buffers(sock, options)  # before listen or connect: the window's scale is agreed on with the first packet
        _mark_packets(sock, options)
        if _SO_BUSY_POLL is not None and options.busy_poll > 0:
            sock.setsockopt(socket.SOL_SOCKET, _SO_BUSY_POLL, options.busy_poll)
    return sock


def tune_listener(sock: socket.socket) -> None:
    """Make an address that was just in use available at once, but never to two listeners."""
    if sys.platform == "win32":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def tune_connection(sock: socket.socket, options: StreamOptions) -> None:
    """Set up a connection, accepted or about to be made. Raises OSError."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # we batch ourselves
    _mark_packets(sock, options)  # a listener's do not all pass to what it accepts
    if options.tcp_keepalive >= 0:
        _keep_alive(sock, options)
    if options.tcp_maxrt > 0 and hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(options.tcp_maxrt * 1000))


def _bind_to_device(sock: socket.socket, device: bytes) -> None:
    option = getattr(socket, "SO_BINDTODEVICE", None)
    if option is None:
        raise OSError(errno.ENOTSUP, f"BINDTODEVICE {device!r} is not possible on this platform")
    sock.setsockopt(socket.SOL_SOCKET, option, device)


def _mark_packets(sock: socket.socket, options: StreamOptions) -> None:
    """TOS and PRIORITY."""
    if options.tos:
        _set_type_of_service(sock, options.tos)
    if options.priority and hasattr(socket, "SO_PRIORITY"):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, options.priority)


def _set_type_of_service(sock: socket.socket, tos: int) -> None:
    if sock.family != socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, tos)
        return
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, tos)
    with suppress(OSError):  # for IPv4 peers of an IPv6 socket; Linux takes it, macOS does not
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, tos)


def _keep_alive(sock: socket.socket, options: StreamOptions) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, options.tcp_keepalive)
    values = (
        (_TCP_KEEPIDLE, options.tcp_keepalive_idle),
        (getattr(socket, "TCP_KEEPCNT", None), options.tcp_keepalive_cnt),
        (getattr(socket, "TCP_KEEPINTVL", None), options.tcp_keepalive_intvl),
    )
    for option, value in values:
        if option is not None and value >= 0:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
