"""TCP over IPv4 and IPv6 (RFC 23, "ZMTP over TCP"; addresses as zmq_tcp(7) has them).

`resolve` reads the addresses and `tuning` sets the options; here are the listener, the target and what becomes of them.

Imports `base`, `resolve`, `sockets` and `tuning`.
"""

import errno
import socket
from typing import TYPE_CHECKING

from . import resolve, tuning
from .base import Address, PeerRefused, StreamOptions
from .sockets import (
    accept,
    admitting,
    adopt,
    begin_connect,
    check_connected,
    closed_on_error,
    naming,
)

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address


def listen(rest: str, options: StreamOptions) -> "Listener":
    """Bind `*`, an interface, a numeric address or a host name, and listen; or take over USE_FD.

    Raises AddressError: EINVAL for the text, ENODEV for a host that is not here. OSError: EADDRINUSE and so on.
    """
    if options.use_fd >= 0:
        sock = adopt(options.use_fd, (socket.AF_INET, socket.AF_INET6), f"tcp://{rest}")
    else:
        sock = _bind(rest, options)
    return Listener(sock, options)


def _bind(rest: str, options: StreamOptions) -> socket.socket:
    where = resolve.parse_bind(rest)
    with naming(where.endpoint):
        address = resolve.to_bind(where, ipv6=options.ipv6)
        sock = tuning.open_socket(_family_of(address), options)
        with closed_on_error(sock):
            tuning.tune_listener(sock)
            sock.bind(address)
            sock.listen(options.backlog)
    return sock


class Listener:
    """A listening TCP socket. `endpoint` is numeric and says the port that the kernel chose for `*`."""

    def __init__(self, sock: socket.socket, options: StreamOptions) -> None:
        self.sock = sock
        self.endpoint = resolve.endpoint_text(sock.getsockname())
        self._options = options

    def __repr__(self) -> str:
        return f"<Listener {self.endpoint}>"

    def accept(self) -> socket.socket | None:
        """See `base.Listener`. A peer that no accept filter covers is refused (EACCES)."""
        accepted = accept(self.sock, self.endpoint)
        if accepted is None:
            return None
        sock, address = accepted
        with admitting(sock, self.endpoint):
            self._check_filters(str(address[0]))
            tuning.tune_connection(sock, self._options)
        return sock

    def _check_filters(self, host: str) -> None:
        filters = self._options.tcp_accept_filters
        if filters and not any(_unmapped(host) in network for network in filters):
            raise PeerRefused(errno.EACCES, f"{self.endpoint}: peer {host} is covered by no TCP_ACCEPT_FILTER")

    def close(self) -> None:
        """See `base.Listener`."""
        self.sock.close()


def _unmapped(host: str) -> "IPv4Address | IPv6Address":
    """Return the address; an IPv4 peer of a dual-stack listener is an IPv4 peer."""
    from ipaddress import IPv6Address, ip_address  # noqa: PLC0415 (whoever set a filter has imported it)

    address = ip_address(host)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def target(rest: str, options: StreamOptions) -> "Target":
    """Check host:port or source;host:port. Raises AddressError (EINVAL)."""
    return Target(*resolve.parse_connect(rest), ipv6=options.ipv6)


class Target:
    """A TCP endpoint to connect to. A host name is resolved at each lookup, and its first address taken."""

    def __init__(self, destination: resolve.HostPort, source: resolve.HostPort | None, *, ipv6: bool) -> None:
        self.needs_lookup = not resolve.is_numeric(destination.host)
        self._destination = destination
        self._source = source
        self._ipv6 = ipv6

    def __repr__(self) -> str:
        return f"<Target {self._destination.endpoint}>"

    def lookup(self) -> Address:
        """See `base.Target`. A name or an interface that is not there (yet) is an OSError like others: try again."""
        source = resolve.to_connect_from(self._source, ipv6=self._ipv6) if self._source else None
        peer = resolve.to_connect(self._destination, ipv6=self._ipv6)
        return Address(_family_of(peer), peer, source)

    def dial(self, address: Address, options: StreamOptions) -> socket.socket:
        """See `base.Target`."""
        with naming(self._destination.endpoint):
            sock = tuning.open_socket(address.family, options)
            with closed_on_error(sock):
                tuning.tune_connection(sock, options)
                if address.source is not None:
                    # Several connections may share a source port when their destinations differ.
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    sock.bind(address.source)
                begin_connect(sock, address.peer)
        return sock


def finish(sock: socket.socket) -> None:
    """See `base.StreamTransport`. A socket that met itself is refused: nobody listens there.

    That happens to whoever keeps dialling a free local port until the kernel picks this very port as the source; the
    port is then taken, and the listener that is awaited cannot bind it.
    """
    check_connected(sock)
    if sock.getsockname() == sock.getpeername():
        raise ConnectionRefusedError(errno.ECONNREFUSED, "the connection met itself: nobody listens there")


def peer_address(sock: socket.socket) -> str:
    """See `base.StreamTransport`: the IP address without the port."""
    try:
        return resolve.numeric_host(sock.getpeername())
    except OSError:  # ENOTCONN: it left already, and reading will tell
        return ""


def endpoint_text(address: resolve.InetAddress) -> str:
    """See `base.StreamTransport`."""
    return resolve.endpoint_text(address)


def _family_of(address: resolve.InetAddress) -> socket.AddressFamily:
    return socket.AF_INET if len(address) == 2 else socket.AF_INET6  # noqa: PLR2004 Python's form of the two
