"""What a transport must provide: an endpoint's text becomes a listener, or a target to dial.

A stream transport (tcp, ipc) is a module with the four functions of `StreamTransport`. It hands out plain sockets,
non-blocking and not inherited by child processes, and knows nothing of ZMTP, threads or time: whoever holds a socket
waits on it, reads it and closes it. A failure is an OSError with the errno that ZeroMQ's users know, and its text names
the endpoint. Only `PeerRefused` is none: it concerns one peer, and nobody who called us.

Imports nothing of ours.
"""

import errno
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    import socket
    from ipaddress import IPv4Network, IPv6Network

SCHEMES = frozenset({"inproc", "ipc", "tcp"})

MAX_IPC_PATH = 107 if sys.platform == "linux" else 103
"""Octets of sockaddr_un's path, less the final NUL."""

SocketAddress: TypeAlias = tuple[str, int] | tuple[str, int, int, int] | bytes


class AddressError(OSError):
    """An endpoint, or an option that goes with it, that cannot be used as it stands: the errno says in what way."""

    errno: int


class PeerRefused(Exception):
    """A peer came and was sent away: by a filter, or because its connection was already gone. The listener is well."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.errno = code


class StreamOptions(Protocol):
    """The socket options that transports look at (sizes in octets, durations in seconds); -1 leaves the system's value.

    A listener keeps the object that it is given: pass a copy that no longer changes.
    """

    sndbuf: int
    rcvbuf: int
    backlog: int
    use_fd: int
    ipv6: bool
    tos: int
    priority: int
    busy_poll: int
    bindtodevice: bytes
    tcp_keepalive: int
    tcp_keepalive_idle: int
    tcp_keepalive_cnt: int
    tcp_keepalive_intvl: int
    tcp_maxrt: float
    tcp_accept_filters: "tuple[IPv4Network | IPv6Network, ...]"
    ipc_filter_uid: frozenset[int]
    ipc_filter_gid: frozenset[int]
    ipc_filter_pid: frozenset[int]


class Address(NamedTuple):
    """Where one attempt to connect goes to, and where from if that was asked for."""

    family: int
    peer: SocketAddress
    source: SocketAddress | None = None


class Listener(Protocol):
    """A bound endpoint. `sock` is readable when somebody may be waiting; `endpoint` is LAST_ENDPOINT's text."""

    sock: "socket.socket"
    endpoint: str

    def accept(self) -> "socket.socket | None":
        """Return the next peer's connection; None when there is none after all.

        Raises PeerRefused for a peer that was sent away. Raises OSError when the system has no room for another
        connection (EMFILE, ENFILE, ENOBUFS, ENOMEM): the peer stays in the backlog, and `sock` stays readable.
        """

    def close(self) -> None:
        """Stop listening: at return the address is free. Accepted connections stay. May be called again.

        Raises OSError when something was left behind that cannot be removed; the address is free all the same.
        """


class Target(Protocol):
    """An endpoint to connect to, its text checked."""

    needs_lookup: bool
    """Whether `lookup` asks the name service, and so may block."""

    def lookup(self) -> Address:
        """Find out where the endpoint is now; anew at each attempt. Raises OSError."""

    def dial(self, address: Address, options: StreamOptions) -> "socket.socket":
        """Begin to connect; once the socket is writable, ask `finish` what became of it. Raises OSError."""


class StreamTransport(Protocol):
    """A module that moves octets. `rest` is the endpoint without its scheme, as `split` returns it."""

    def listen(self, rest: str, options: StreamOptions) -> Listener:
        """Bind and listen. A host name is resolved here and now. Raises OSError, AddressError."""

    def target(self, rest: str, options: StreamOptions) -> Target:
        """Check the text of an endpoint to connect to; neither asks nor touches the system. Raises AddressError."""

    def finish(self, sock: "socket.socket") -> None:
        """Return if a dialled socket that became writable is connected, else raise the OSError that says why not."""

    def peer_address(self, sock: "socket.socket") -> str:
        """Return the property Peer-Address of a connection, also ZAP's address; "" if the peer left already."""

    def endpoint_text(self, address: Any, /) -> str:  # noqa: ANN401 (each family's own kind)
        """Write what `getsockname` or `getpeername` returned as an endpoint."""


def split(endpoint: str) -> tuple[str, str]:
    """Split "tcp://host:port" into ("tcp", "host:port"). Raises AddressError: EINVAL, EPROTONOSUPPORT."""
    scheme, separator, rest = endpoint.partition("://")
    if not (scheme and separator and rest):
        raise AddressError(errno.EINVAL, f"expected transport://address, got {endpoint!r}")
    if scheme not in SCHEMES:
        known = ", ".join(sorted(SCHEMES))
        raise AddressError(errno.EPROTONOSUPPORT, f"{endpoint}: expected one of the transports {known}, got {scheme!r}")
    return scheme, rest
