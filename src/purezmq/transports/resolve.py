"""A tcp endpoint's text, taken apart and turned into the address that a socket binds or connects to (zmq_tcp(7)).

    host:port       host is `*`, an interface, a numeric address or a name; an IPv6 address stands in brackets, and may
                    have a zone: [fe80::1%eth0]
    source;host:port        to connect from `source`, an interface or a numeric address, with or without a port

What can be seen in the text is refused at once. What depends on the machine or the network is found out by `to_bind`,
`to_connect` and `to_connect_from`, each time anew.

Imports `base`, `interfaces` and `sockets`.
"""

import errno
import functools
import re
import socket
from typing import NamedTuple

from .._native import original
from . import interfaces
from .base import AddressError
from .sockets import Socket

InetAddress = tuple[str, int] | tuple[str, int, int, int]

_MAX_PORT = 65535
_MAX_ZONE = 2**32 - 1
_CONNECT_TEXT = r"[0-9A-Za-z\[:][0-9A-Za-z.\-:%;\[\]_*]*"


class HostPort(NamedTuple):
    """A tcp address in words. The host has lost its brackets, the port is a number, 0 for any."""

    host: str
    port: int
    endpoint: str
    """Where it is from, for the errors."""


def parse_bind(rest: str) -> HostPort:
    """Take apart what follows tcp:// in a bind; port `*` is 0. Raises AddressError (EINVAL)."""
    endpoint = f"tcp://{rest}"
    host, colon, port = rest.rpartition(":")
    if not colon:
        raise AddressError(errno.EINVAL, f"{endpoint}: expected host:port, got no port")
    if ";" in host:
        raise AddressError(errno.EINVAL, f"{endpoint}: expected one address, a source is only for connecting")
    return HostPort(_unbracketed(host, endpoint), _port_number("0" if port == "*" else port, endpoint), endpoint)


def parse_connect(rest: str) -> tuple[HostPort, HostPort | None]:
    """Take apart what follows tcp:// in a connect: the destination, and the source if any. Raises AddressError."""
    endpoint = f"tcp://{rest}"
    if not re.fullmatch(_CONNECT_TEXT, rest):
        raise AddressError(errno.EINVAL, f"{endpoint}: expected host:port or source;host:port to connect to")
    source, semicolon, destination = rest.rpartition(";")
    host, colon, port = destination.rpartition(":")
    host = _unbracketed(host, endpoint)
    if not colon or host in {"", "*"} or ";" in source:
        raise AddressError(errno.EINVAL, f"{endpoint}: expected a host and a port to connect to, got {destination!r}")
    target = HostPort(host, _port_number(port, endpoint), endpoint)
    return target, _parse_source(source, endpoint) if semicolon else None


def _parse_source(text: str, endpoint: str) -> HostPort:
    has_port = ":" in text and not text.endswith("]")
    host, _, port = text.rpartition(":") if has_port else (text, ":", "*")
    host = _unbracketed(host, endpoint)
    if not host:
        raise AddressError(errno.EINVAL, f"{endpoint}: expected a source address before the semicolon, got {text!r}")
    return HostPort(host, _port_number("0" if port == "*" else port, endpoint), endpoint)


def _unbracketed(host: str, endpoint: str) -> str:
    if host.startswith("[") != host.endswith("]"):
        raise AddressError(errno.EINVAL, f"{endpoint}: expected a pair of brackets around the address, got {host!r}")
    return host[1:-1] if host.startswith("[") else host


def _port_number(text: str, endpoint: str) -> int:
    port = _number(text, _MAX_PORT)
    if port is None:
        raise AddressError(errno.EINVAL, f"{endpoint}: expected a port number up to {_MAX_PORT}, got {text!r}")
    return port


def _number(text: str, most: int) -> int | None:
    """Return the value of decimal digits, None if they are none or too many."""
    if not re.fullmatch("[0-9]+", text):
        return None
    digits = text.lstrip("0") or "0"
    if len(digits) > len(str(most)) or int(digits) > most:
        return None
    return int(digits)


@functools.cache
def has_ipv6() -> bool:
    """Whether the kernel has IPv6 at all; without, the IPV6 option changes nothing."""
    try:
        Socket(socket.AF_INET6, socket.SOCK_STREAM).close()
    except OSError as error:
        return error.errno != errno.EAFNOSUPPORT
    return True


def family(*, ipv6: bool) -> socket.AddressFamily:
    """Return the family that sockets have for a value of IPV6: an IPv6 socket serves IPv4 peers too."""
    return socket.AF_INET6 if ipv6 and has_ipv6() else socket.AF_INET


def is_numeric(host: str) -> bool:
    """Whether no name service is needed for this host; a text with a colon is taken for an IPv6 address."""
    return ":" in host or _lookup(host, socket.AF_INET, socket.AI_NUMERICHOST) is not None


def to_bind(where: HostPort, *, ipv6: bool) -> InetAddress:
    """Resolve the address to bind. A host name is looked up, which may block. Raises AddressError."""
    if where.host == "*":
        return ("::", where.port, 0, 0) if family(ipv6=ipv6) == socket.AF_INET6 else ("0.0.0.0", where.port)  # noqa: S104 asked for
    if interfaces.exists(where.host):
        return _of_interface(where, ipv6=ipv6)
    found = _resolve(where, ipv6=ipv6, names=True)
    if found is None:
        kind = "" if ipv6 else "IPv4 "
        text = (
            f"{where.endpoint}: expected an {kind}address of this machine, an interface or a name, got {where.host!r}"
        )
        raise AddressError(errno.ENODEV, text)
    return found


def to_connect(where: HostPort, *, ipv6: bool) -> InetAddress:
    """Resolve the address to connect to. A host name is looked up, which may block. Raises AddressError."""
    found = _resolve(where, ipv6=ipv6, names=True)
    if found is None:
        text = f"{where.endpoint}: host {where.host!r} has no {'' if ipv6 else 'IPv4 '}address that can be found"
        raise AddressError(errno.EHOSTUNREACH, text)
    return found


def to_connect_from(where: HostPort, *, ipv6: bool) -> InetAddress:
    """Resolve the address to connect from: an interface or a numeric address. Raises AddressError."""
    if interfaces.exists(where.host):
        return _of_interface(where, ipv6=ipv6)
    found = _resolve(where, ipv6=ipv6, names=False)
    if found is None:
        text = f"{where.endpoint}: expected an interface or a numeric address to connect from, got {where.host!r}"
        raise AddressError(errno.ENODEV, text)
    return found


def _of_interface(where: HostPort, *, ipv6: bool) -> InetAddress:
    if family(ipv6=ipv6) == socket.AF_INET6:
        if address := interfaces.ipv6_address(where.host):
            return address[0], where.port, 0, address[1]
    elif host := interfaces.ipv4_address(where.host):
        return host, where.port
    version = "IPv6" if ipv6 else "IPv4"
    raise AddressError(errno.ENODEV, f"{where.endpoint}: interface {where.host} has no {version} address")


def _resolve(where: HostPort, *, ipv6: bool, names: bool) -> InetAddress | None:
    """Return the first address of the host, in the family that IPV6 asks for; None if there is none."""
    host, percent, zone = where.host.rpartition("%") if "%" in where.host else (where.host, "", "")
    scope = _zone_index(zone, where.endpoint) if percent else 0
    flags = 0 if names and not is_numeric(where.host) else socket.AI_NUMERICHOST
    if family(ipv6=ipv6) == socket.AF_INET:
        found = _lookup(host, socket.AF_INET, flags)
        return (found[0], where.port) if found else None
    if found := _lookup(host, socket.AF_INET6, flags):
        return found[0], where.port, 0, scope or found[1]
    found = _lookup(host, socket.AF_INET, flags)
    return (f"::ffff:{found[0]}", where.port, 0, 0) if found else None


def _lookup(host: str, of_family: socket.AddressFamily, flags: int) -> tuple[str, int] | None:
    """Return the first address of the host, and its zone."""
    if not host:  # getaddrinfo would take it for the local host
        return None
    if of_family == socket.AF_INET and _is_ipv4(host):
        return host, 0
    try:
        name = host.encode() if host.isascii() else host  # for a str Python imports the tables of IDNA: 1 ms
        found = original("socket", "getaddrinfo")(name, None, of_family, socket.SOCK_STREAM, 0, flags)
    except (socket.gaierror, ValueError):  # not found; not even a possible name
        return None
    address = found[0][4]
    return str(address[0]), address[3] if len(address) == 4 else 0  # noqa: PLR2004 an IPv6 address has four fields


def _is_ipv4(host: str) -> bool:
    """Whether the host is an IPv4 address as everybody writes it; the system's resolver knows older ways, too."""
    try:
        socket.inet_pton(socket.AF_INET, host)
    except (OSError, ValueError):
        return False
    return True


def _zone_index(zone: str, endpoint: str) -> int:
    """RFC 4007: the zone of an IPv6 address, an interface's name or its index."""
    if index := _number(zone, _MAX_ZONE):
        return index
    if interfaces.exists(zone):
        return socket.if_nametoindex(zone)
    text = f"{endpoint}: expected the zone to be an interface's name or index, got {zone!r}"
    raise AddressError(errno.EINVAL, text)


def endpoint_text(sock_address: InetAddress) -> str:
    """Write an address as an endpoint: numeric, IPv6 in brackets."""
    host, port = numeric_host(sock_address), sock_address[1]
    return f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"


def numeric_host(sock_address: InetAddress) -> str:
    """Write an IP address, with its zone if it has one."""
    if len(sock_address) == 2:  # noqa: PLR2004 an IPv4 address, which Python has written already
        return sock_address[0]
    return socket.getnameinfo(sock_address, socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)[0]
