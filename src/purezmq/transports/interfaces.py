"""The addresses of a network interface by its name ("eth0"), which zmq_tcp(7) allows for binding and as a source.

The standard library knows the names of interfaces but not their addresses, so the kernel is asked: for IPv4 by ioctl
(Linux, macOS), for IPv6 through /proc (Linux). Where it cannot be asked, a name has no address.

Imports `sockets`.
"""

import socket
import struct
import sys
from typing import TYPE_CHECKING

from .sockets import Socket

if TYPE_CHECKING:
    from ipaddress import IPv6Address

_SIOCGIFADDR = {"linux": 0x8915, "darwin": 0xC0206921}
_IFREQ_SIZE = 40
_IFREQ_IPV4 = slice(20, 24)  # struct ifreq: 16 octets of name, then a sockaddr_in, whose address is at 4
_IF_INET6 = "/proc/net/if_inet6"


def exists(name: str) -> bool:
    """Whether there is an interface of this name."""
    try:
        return socket.if_nametoindex(name) > 0
    except (OSError, ValueError):  # no such interface; no name that one could have
        return False


def ipv4_address(name: str) -> str | None:
    """Return the first IPv4 address of the interface, None if it has none."""
    if sys.platform not in _SIOCGIFADDR:
        return None
    from fcntl import ioctl  # noqa: PLC0415 (not on Windows)

    with Socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            answer = ioctl(sock, _SIOCGIFADDR[sys.platform], struct.pack(f"{_IFREQ_SIZE}s", name.encode()))
        except OSError:  # EADDRNOTAVAIL: it has none; ENODEV: it went away
            return None
    return socket.inet_ntoa(answer[_IFREQ_IPV4])


def ipv6_address(name: str) -> tuple[str, int] | None:
    """Return an IPv6 address of the interface and its zone or 0; a link-local one only if it has no other."""
    found = [address for interface, address in _ipv6_addresses() if interface == name]
    if not found:
        return None
    best = min(found, key=lambda address: address.is_link_local)
    return str(best), socket.if_nametoindex(name) if best.is_link_local else 0


def _ipv6_addresses() -> "list[tuple[str, IPv6Address]]":
    """Each interface's name with each of its addresses."""
    from ipaddress import IPv6Address  # noqa: PLC0415 (rarely wanted)

    try:
        with open(_IF_INET6, encoding="ascii") as file:  # noqa: PTH123 (pathlib takes 2 ms to import)
            lines = file.read().splitlines()
    except FileNotFoundError:  # not Linux, or a kernel without IPv6
        return []
    # A line of if_inet6: address in hex, interface's index, prefix length, scope, flags, name.
    rows = [line.split() for line in lines]
    return [(row[5], IPv6Address(bytes.fromhex(row[0]))) for row in rows]
