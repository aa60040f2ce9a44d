"""Watching what happens to a socket's connections: events, as messages of another socket.

Imports `socket_base`, `translate`, the engine's monitor, and the public `constants` and `error`.
"""

import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from ..constants import Errno, Event, SocketType
from ..engine.errors import EngineError
from ..engine.monitor import Happening
from ..error import from_errno
from .socket_base import SocketBase
from .translate import CORE_ERRORS, translated

if TYPE_CHECKING:
    from ..engine.socket import SocketCore
    from .context import Context

__all__ = ["Monitored"]

HEAD = struct.Struct("=Hi")
SCHEME = "inproc://"


class Reporter:
    """The PAIR that a socket's events are sent by. An event that nobody is there for, or has room for, is dropped."""

    def __init__(self, pair: "SocketCore", events: int) -> None:
        self._pair = pair
        self._events = events

    def happened(self, happening: Happening) -> None:
        """Send the event, if it is one of those that are wanted."""
        kind, endpoint, value, _ = happening
        if not kind & self._events:
            return
        with suppress(EngineError):
            self._pair.send([HEAD.pack(kind, value), endpoint.encode()], 0.0)

    def stop(self) -> None:
        """Close the PAIR; what it has sent can still be received."""
        self._pair.close()


class Monitored(SocketBase):
    """Sockets that tell what happens to their connections."""

    __slots__ = ()

    context: "Context[Any]"
    _monitor_socket: "Self | None"

    def monitor(self, addr: str | None, events: int = Event.ALL) -> None:
        """Have events sent to a PAIR socket that connects to an inproc endpoint.

        Parameters
        ----------
        addr : str
            Where to connect to: an inproc endpoint that nobody has bound. None: no longer, which is told as
            MONITOR_STOPPED, as is the end of the socket.
        events : int
            Which ones: `zmq.EVENT_…`, together by `|`.

        Raises
        ------
        ZMQError
            EPROTONOSUPPORT when the endpoint is not inproc, EADDRINUSE when it is bound, EINVAL for events that are
            none, ENOTSOCK (closed), ETERM (the context is terminated)
        """
        self._check_open()
        core = self._core
        listener = None if addr is None else self._reporter(addr, int(events))
        with core.lock:
            core.monitor.tell(listener)

    def _reporter(self, addr: str, events: int) -> Reporter:
        if not addr.startswith(SCHEME):
            raise from_errno(Errno.EPROTONOSUPPORT, f"{self!r} expected an {SCHEME} endpoint to report to, got {addr}")
        if events & ~Event.ALL:
            raise from_errno(Errno.EINVAL, f"{self!r} has no such events to report: {events:#x}")
        try:
            pair = self._core.context.socket(SocketType.PAIR)
            pair.options.linger = 0.0
            try:
                pair.bind(addr)
            except BaseException:
                pair.close()
                raise
        except CORE_ERRORS as error:
            raise translated(error) from None
        return Reporter(pair, events)

    def get_monitor_socket(self, events: int | None = None, addr: str | None = None) -> Self:
        """Return a PAIR socket that receives events, the same one at each call while it is open.

        `zmq.utils.monitor.recv_monitor_message` receives them decoded.

        Parameters
        ----------
        events : int
            As for `monitor`; None (the default): all.
        addr : str
            As for `monitor`; None (the default): an endpoint of its own.
        """
        if self._monitor_socket is not None and not self._monitor_socket.closed:
            return self._monitor_socket
        addr = addr or f"{SCHEME}monitor.s-{id(self._core):x}"
        self.monitor(addr, Event.ALL if events is None else events)
        self._monitor_socket = self.context.socket(SocketType.PAIR)
        self._monitor_socket.connect(addr)
        return self._monitor_socket

    def disable_monitor(self) -> None:
        """Send no events any more; the socket that `get_monitor_socket` returned is let go of."""
        self._monitor_socket = None
        self.monitor(None, 0)
