"""Who is at the other end of a Unix socket, as the kernel saw it when the connection was made (unix(7), SO_PEERCRED).

Linux tells user, group and process; macOS and the BSDs user and groups (LOCAL_PEERCRED); others nothing.

Imports nothing of ours.
"""

import os
import socket
import struct
import sys
from typing import NamedTuple

if sys.platform != "win32":
    import pwd

_UCRED = struct.Struct("iII")  # Linux: pid, uid, gid
_XUCRED = struct.Struct("IIh2x16I")  # macOS, BSD: version, uid, number of groups, groups
_SOL_LOCAL = 0


class Credentials(NamedTuple):
    """The peer's user, groups (the first is its main one) and process, None where the platform does not tell."""

    uid: int
    gids: tuple[int, ...]
    pid: int | None


def of_peer(sock: socket.socket) -> Credentials | None:
    """Return the credentials of the process at the other end; None where the platform does not tell. Raises OSError."""
    if hasattr(socket, "SO_PEERCRED"):
        return _from_ucred(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size))
    if hasattr(socket, "LOCAL_PEERCRED"):
        return _from_xucred(sock.getsockopt(_SOL_LOCAL, socket.LOCAL_PEERCRED, _XUCRED.size))
    return None


def _from_ucred(octets: bytes) -> Credentials:
    pid, uid, gid = _UCRED.unpack(octets)
    return Credentials(uid, (gid,), pid)


def _from_xucred(octets: bytes) -> Credentials:
    _version, uid, count, *groups = _XUCRED.unpack(octets)
    return Credentials(uid, tuple(groups[:count]), None)


def all_groups(peer: Credentials) -> set[int]:
    """Return the groups of the peer, with those that the user database gives its user."""
    try:
        name = pwd.getpwuid(peer.uid).pw_name
    except KeyError:  # a user without an entry has no more groups
        return set(peer.gids)
    return {*peer.gids, *os.getgrouplist(name, peer.gids[0])}
