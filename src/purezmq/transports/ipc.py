"""ipc: Unix domain sockets between the processes of one machine (zmq_ipc(7)).

    path        relative or absolute. The file is replaced at bind and stays at close: whoever named it owns it.
    @name       Linux: a name in the abstract namespace, without a file
    *           bind only: a path of our own in a temporary directory; both go at close

Imports `base`, `credentials` and `sockets`.
"""

import errno
import os
import socket
import sys
from contextlib import suppress

from . import credentials
from .base import MAX_IPC_PATH, Address, AddressError, PeerRefused, StreamOptions
from .sockets import (
    Socket,
    accept,
    admitting,
    adopt,
    begin_connect,
    check_connected,
    closed_on_error,
    naming,
    set_buffers,
)

_HAS_ABSTRACT_NAMES = sys.platform == "linux"

_SEND_BUFFER = 1 << 21
"""Octets, where SNDBUF does not say otherwise and as far as the system allows it: its default is a fifth of a megabyte,
and unlike TCP's does not grow, so that large messages would cross in small pieces with a change of process for each."""


def listen(rest: str, options: StreamOptions) -> "Listener":
    """Bind a path, an abstract name or `*`, and listen; or take over USE_FD, when the text is only a label.

    Raises AddressError: EINVAL or ENAMETOOLONG for the text. OSError: ENOENT for a missing directory and so on.
    """
    family = _unix_family(rest)
    if options.use_fd >= 0:
        return Listener(adopt(options.use_fd, (family,), f"ipc://{rest}"), rest, options)
    if rest == "*":
        return _listen_anywhere(options)
    return Listener(_bind(rest, options), rest, options)


def _listen_anywhere(options: StreamOptions) -> "Listener":
    import tempfile  # noqa: PLC0415 (rarely wanted)

    with naming("ipc://*"):
        directory = tempfile.mkdtemp(prefix="tmp")
    path = f"{directory}/socket"
    try:
        return Listener(_bind(path, options), path, options, temporary=True)
    except OSError:
        with suppress(OSError):  # why it could not be bound is what matters
            _remove_temporary(path)
        raise


def _remove_temporary(path: str) -> None:
    """Raises OSError when that cannot be, but not when somebody else has cleaned up."""
    with suppress(FileNotFoundError):
        os.unlink(path)  # noqa: PTH108 (pathlib takes 2 ms to import)
    with suppress(FileNotFoundError):
        os.rmdir(os.path.dirname(path))  # noqa: PTH106, PTH120 (likewise)


def _bind(path: str, options: StreamOptions) -> socket.socket:
    address = _socket_address(path)
    with naming(f"ipc://{path}"):
        sock = _open_socket(path)
        with closed_on_error(sock):
            if not path.startswith("@"):
                # What a binder left behind; one that is still there is cut off from new peers (zmq_ipc(7)).
                with suppress(OSError):  # nothing there, or nothing that can be removed: bind will tell
                    os.unlink(path)  # noqa: PTH108 Path drops a final slash, and would unlink another file
            sock.bind(address)
            sock.listen(options.backlog)
    return sock


class Listener:
    """A listening Unix socket. `endpoint` is the text that was given, or the path that was made for `*`."""

    def __init__(self, sock: socket.socket, path: str, options: StreamOptions, *, temporary: bool = False) -> None:
        self.sock = sock
        self.endpoint = f"ipc://{path}"
        self._options = options
        self._temporary = temporary
        self._path = path
        self._owner = os.getpid()

    def __repr__(self) -> str:
        return f"<Listener {self.endpoint}>"

    def accept(self) -> socket.socket | None:
        """See `base.Listener`. A peer that no filter of user, group or process covers is refused (EACCES)."""
        accepted = accept(self.sock, self.endpoint)
        if accepted is None:
            return None
        sock, _ = accepted
        with admitting(sock, self.endpoint):
            self._check_filters(sock)
            _set_buffers(sock, self._options)
        return sock

    def _check_filters(self, sock: socket.socket) -> None:
        options = self._options
        if not (options.ipc_filter_uid or options.ipc_filter_gid or options.ipc_filter_pid):
            return
        peer = credentials.of_peer(sock)
        if peer is None or not self._covers(peer):
            raise PeerRefused(errno.EACCES, f"{self.endpoint}: peer {peer} is covered by no IPC_FILTER")

    def _covers(self, peer: credentials.Credentials) -> bool:
        wanted = set(self._options.ipc_filter_gid)
        return (
            peer.uid in self._options.ipc_filter_uid
            or peer.pid in self._options.ipc_filter_pid
            or not wanted.isdisjoint(peer.gids)
            or (bool(wanted) and not wanted.isdisjoint(credentials.all_groups(peer)))
        )

    def close(self) -> None:
        """See `base.Listener`. A path made for `*` is removed, but not by a forked child: the parent uses it."""
        self.sock.close()
        if self._temporary and self._owner == os.getpid():
            self._temporary = False
            with naming(self.endpoint):
                _remove_temporary(self._path)


def target(rest: str, options: StreamOptions) -> "Target":  # noqa: ARG001 the same for every transport
    """Check a path or an abstract name. Raises AddressError (EINVAL, ENAMETOOLONG)."""
    family = _unix_family(rest)
    if rest == "*":
        raise AddressError(errno.EINVAL, "ipc://*: expected a path or @name to connect to")
    return Target(rest, Address(family, _socket_address(rest)))


class Target:
    """A Unix socket to connect to."""

    needs_lookup = False

    def __init__(self, path: str, address: Address) -> None:
        self._path = path
        self._address = address

    def __repr__(self) -> str:
        return f"<Target ipc://{self._path}>"

    def lookup(self) -> Address:
        """See `base.Target`."""
        return self._address

    def dial(self, address: Address, options: StreamOptions) -> socket.socket:
        """See `base.Target`. Done at once or not at all; a full backlog is EAGAIN."""
        with naming(f"ipc://{self._path}"):
            sock = _open_socket(self._path)
            with closed_on_error(sock):
                _set_buffers(sock, options)
                begin_connect(sock, address.peer)
        return sock


def finish(sock: socket.socket) -> None:
    """See `base.StreamTransport`."""
    check_connected(sock)


def peer_address(sock: socket.socket) -> str:
    """See `base.StreamTransport`: localhost:uid:gid:pid, without what the platform does not tell."""
    try:
        peer = credentials.of_peer(sock)
    except OSError:  # ENOTCONN: it left already, and reading will tell
        return ""
    if peer is None:
        return "localhost"
    gid = peer.gids[0] if peer.gids else ""
    return f"localhost:{peer.uid}:{gid}:{'' if peer.pid is None else peer.pid}"


def endpoint_text(address: str | bytes) -> str:
    """See `base.StreamTransport`. Who connects has no name: "ipc://"."""
    name = os.fsdecode(address)
    return f"ipc://@{name[1:]}" if name.startswith("\0") else f"ipc://{name}"


def _unix_family(rest: str) -> int:
    family: int | None = getattr(socket, "AF_UNIX", None)
    if family is None:
        raise AddressError(errno.EPROTONOSUPPORT, f"ipc://{rest}: this platform's Python has no Unix domain sockets")
    return family


def _set_buffers(sock: socket.socket, options: StreamOptions) -> None:
    if options.sndbuf < 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
    set_buffers(sock, options)


def _open_socket(path: str) -> socket.socket:
    sock = Socket(_unix_family(path), socket.SOCK_STREAM)
    sock.settimeout(0)
    return sock


def _socket_address(path: str) -> bytes:
    """Return the octets of sockaddr_un's path. An abstract name starts with NUL there, and is as long as it is."""
    octets = os.fsencode(path)
    if len(octets) > MAX_IPC_PATH:
        text = f"ipc://{path}: expected a path of at most {MAX_IPC_PATH} octets, got {len(octets)}"
        raise AddressError(errno.ENAMETOOLONG, text)
    if b"\0" in octets:
        raise AddressError(errno.EINVAL, f"ipc://{path!r}: expected a path without NUL")
    if not path.startswith("@"):
        return octets
    if path == "@" or not _HAS_ABSTRACT_NAMES:
        raise AddressError(errno.EINVAL, f"ipc://{path}: expected @ and a name, which only Linux has")
    return b"\0" + octets[1:]
