"""The endpoints of a Socket: bind, connect, and what undoes them.

Imports `socket_base`, `translate`, the limit of ipc's paths, and the public `constants` and `error`.
"""

import errno
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

from ..constants import Errno
from ..error import ZMQBindError, ZMQError
from ..transports.base import MAX_IPC_PATH
from .socket_base import SocketBase
from .translate import CORE_ERRORS, translated, with_address

__all__ = ["IPC_PATH_MAX_LEN", "Endpoints"]

IPC_PATH_MAX_LEN = MAX_IPC_PATH
"""The longest path of an ipc endpoint, in octets."""

FIRST_EPHEMERAL, LAST_EPHEMERAL = 49152, 65536

S = TypeVar("S", bound=SocketBase)


class Bound(Generic[S]):
    """What `bind` and `connect` return: `with` undoes them at its end."""

    def __init__(self, socket: S, kind: str, address: str | bytes, undo: Callable[[str | bytes], None]) -> None:
        self._socket = socket
        self._kind = kind
        self._address = address
        self._undo = undo

    def __repr__(self) -> str:
        return f"<SocketContext({self._kind}={self._address!r})>"

    def __enter__(self) -> S:
        return self._socket

    def __exit__(
        self,
        error: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._socket.closed:
            self._undo(self._address)


class Endpoints(SocketBase):
    """Where a Socket's peers are."""

    __slots__ = ()

    def bind(self, addr: str | bytes) -> Bound[Self]:
        """Let peers connect to this address.

        Parameters
        ----------
        addr : str
            `tcp://interface:port`, with `*` for all interfaces, and `*` or 0 for any port; `ipc://path`, `ipc://@name`
            on Linux, or `ipc://*`; `inproc://name`. What it came to is in `last_endpoint`.

        Returns
        -------
        a context manager
            that unbinds at its end; ignore it to stay bound

        Raises
        ------
        ZMQError
            EADDRINUSE, EADDRNOTAVAIL, EINVAL, EPROTONOSUPPORT, ENODEV (no such interface), ENOENT (no such directory),
            ENAMETOOLONG, ENOTSOCK (closed) and others; the text ends with the address
        """
        text = _text(addr)
        self._do(self._core.bind, addr, text)
        return Bound(self, "bind", self._core.last_endpoint, self.unbind)

    def connect(self, addr: str | bytes) -> Bound[Self]:
        """Connect to a peer at this address; now, or as soon as it is there.

        Parameters
        ----------
        addr : str
            `tcp://host:port`, or `tcp://source:port;host:port` to choose where from; `ipc://path`, `inproc://name`.

        Returns
        -------
        a context manager
            that disconnects at its end; ignore it to stay connected

        Raises
        ------
        ZMQError
            EINVAL, EPROTONOSUPPORT, ENAMETOOLONG, ENOTSOCK (closed) and others; the text ends with the address
        """
        text = _text(addr)
        self._do(self._core.connect, addr, text)
        return Bound(self, "connect", addr, self.disconnect)

    def unbind(self, addr: str | bytes) -> None:
        """Undo `bind`: at return the address is free again, and the peers that came by it are gone.

        `addr` is what `last_endpoint` said after `bind`. Raises ZMQError: ENOENT when it is not bound.
        """
        self._do(self._core.unbind, addr, _text(addr))

    def disconnect(self, addr: str | bytes) -> None:
        """Undo `connect`, with the address that was given there. Raises ZMQError: ENOENT when it is not connected."""
        self._do(self._core.disconnect, addr, _text(addr))

    def _do(self, operation: Callable[[str], None], addr: str | bytes, text: str) -> None:
        self._check_open()
        try:
            operation(text)
        except CORE_ERRORS as error:
            raise with_address(_explained(translated(error), text), addr) from None

    def bind_to_random_port(
        self,
        addr: str,
        min_port: int = FIRST_EPHEMERAL,
        max_port: int = LAST_EPHEMERAL,
        max_tries: int = 100,
    ) -> int:
        """Bind to a port that is free.

        Parameters
        ----------
        addr : str
            `tcp://interface`, without a port.
        min_port, max_port : int
            The first port to try, and the first not to; by default the system chooses.
        max_tries : int
            How many ports to try.

        Returns
        -------
        int
            the port

        Raises
        ------
        ZMQBindError
            when none of those tried was free
        ZMQError
            as `bind`, for any other reason
        """
        if (min_port, max_port) == (FIRST_EPHEMERAL, LAST_EPHEMERAL):
            self.bind(f"{addr}:*")
            return int(self._core.last_endpoint.rpartition(":")[2])
        import random  # noqa: PLC0415 (rarely wanted)

        for _ in range(max_tries):
            port = random.randrange(min_port, max_port)  # noqa: S311 (nothing depends on its being secret)
            try:
                self.bind(f"{addr}:{port}")
            except ZMQError as error:
                if error.errno not in {Errno.EADDRINUSE, errno.EACCES if sys.platform == "win32" else None}:
                    raise
            else:
                return port
        raise ZMQBindError(
            f"Could not bind socket to random port: {max_tries} of {min_port}…{max_port - 1} are in use."
        )


def _text(addr: str | bytes) -> str:
    if isinstance(addr, bytes):
        return addr.decode("utf-8", "surrogateescape")
    if not isinstance(addr, str):
        raise TypeError(f"Expected addr to be str, got addr={addr!r}")
    return addr


def _explained(error: ZMQError, endpoint: str) -> ZMQError:
    """Say more than the system does of what is wrong with an ipc path."""
    scheme, _, path = endpoint.partition("://")
    if scheme == "ipc" and error.errno == errno.ENAMETOOLONG:
        error.strerror = (
            f'The ipc path "{path}" is longer than the {IPC_PATH_MAX_LEN} octets that the system allows; '
            "zmq.IPC_PATH_MAX_LEN tells this limit"
        )
    elif scheme == "ipc" and error.errno == errno.ENOENT:
        error.strerror = f'No such file or directory for ipc path "{path}".'
    return error
