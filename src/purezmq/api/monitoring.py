"""Watching what happens to a socket's connections: events, as messages of another socket.

Imports `socket_base`, `translate`, the engine's monitor, and the public `constants` and `error`.
"""

import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from ..constants import Errno, Event, SocketType
from ..engine.errors import EngineError
from ..engine.monitor import Happening
from ..engine.place import Place
from ..error import from_errno
from .socket_base import SocketBase
from .translate import CORE_ERRORS, translated

if TYPE_CHECKING:
    from ..engine.socket import SocketCore
    from ..patterns.message import Part
    from .context import Context

__all__ = ["Monitored"]

SCHEME = "inproc://"


def version_1(kind: int, values: Sequence[int], where: Place) -> "list[Part]":
    """Two parts: the event with its first value, and the endpoint."""
    return [struct.pack("=Hi", kind, values[0]), _encoded(where.endpoint)]


def version_2(kind: int, values: Sequence[int], where: Place) -> "list[Part]":
    """The event, the number of values, the values, the local and the remote endpoint: each a part of its own."""
    numbers = [struct.pack("=q", number) for number in (kind, len(values), *values)]
    return [*numbers, *map(_encoded, where.ends())]


def _encoded(endpoint: str) -> bytes:
    return endpoint.encode(errors="surrogateescape")  # a path may be any octets


Format: TypeAlias = Callable[[int, Sequence[int], Place], "list[Part]"]

FORMATS: dict[int, tuple[Format, frozenset[int]]] = {
    1: (version_1, frozenset({SocketType.PAIR})),
    2: (version_2, frozenset({SocketType.PAIR, SocketType.PUB, SocketType.PUSH})),
}
"""What the versions' messages look like, and which types of socket may send them."""


class Reporter:
    """The socket that events are sent by. An event that nobody is there for, or has room for, is dropped."""

    def __init__(self, sender: "SocketCore", events: int, write: Format) -> None:
        self._sender = sender
        self._events = events
        self._write = write

    def wants(self, kind: int) -> bool:
        """Whether this is one of the events that were asked for."""
        return bool(kind & self._events)

    def happened(self, happening: Happening, where: Place) -> None:
        """Send the event, if it is wanted."""
        self.tell(happening.kind, [happening.value], where)

    def tell(self, kind: int, values: Sequence[int], where: Place) -> None:
        """Likewise. Version 2 looks at both ends even if not: at a connection's end it is too late to ask for them."""
        message = self._write(kind, values, where)
        if self.wants(kind):
            with suppress(EngineError):
                self._sender.send(message, 0.0)

    def stop(self) -> None:
        """Close the socket; what it has sent can still be received."""
        self._sender.close()


class Monitored(SocketBase):
    """Sockets that tell what happens to their connections."""

    __slots__ = ()

    context: "Context[Any]"
    _monitor_socket: "Self | None"

    def monitor(
        self,
        addr: str | None,
        events: int = Event.ALL,
        *,
        version: int = 1,
        type: int = SocketType.PAIR,  # noqa: A002 (libzmq's name for it)
    ) -> None:
        """Have events sent to a socket that connects to an inproc endpoint.

        Parameters
        ----------
        addr : str
            Where to connect to: an inproc endpoint that nobody has bound. None: no longer, which is told as
            MONITOR_STOPPED, as is the end of the socket.
        events : int
            Which ones: `zmq.EVENT_…`, together by `|`. PIPES_STATS is not among the default (all of version 1).
        version : int
            How the messages look. 1 (the default): the event with its value, and the endpoint. 2: the event, any number
            of values, and both ends of the connection. `zmq.utils.monitor` decodes both.
        type : int
            Of the socket that sends the events. PAIR (the default); in version 2 also PUSH, or PUB, whose subscribers
            choose by the event's 8 octets.

        Raises
        ------
        ZMQError
            EPROTONOSUPPORT when the endpoint is not inproc, EADDRINUSE when it is bound, EINVAL for a version, a type
            or events that there are not, ENOTSOCK (closed), ETERM (the context is terminated)
        """
        self._check_open()
        core = self._core
        self._check_format(int(events), version, type)
        listener = None if addr is None else self._reporter(addr, int(events), version, type)
        with core.lock:
            core.monitor.tell(listener)

    def _check_format(self, events: int, version: int, socket_type: int) -> None:
        if version not in FORMATS:
            raise from_errno(Errno.EINVAL, f"{self!r} expected version 1 or 2 for its monitor, got {version}")
        if version == 1 and events & ~Event.ALL_V1:
            raise from_errno(Errno.EINVAL, f"{self!r} has no such events to report in version 1: {events:#x}")
        types = FORMATS[version][1]
        if socket_type not in types:
            wanted = " or ".join(sorted(SocketType(one).name for one in types))
            text = f"{self!r} expected {wanted} for its monitor of version {version}, got {socket_type!r}"
            raise from_errno(Errno.EINVAL, text)

    def _reporter(self, addr: str, events: int, version: int, socket_type: int) -> Reporter:
        if not addr.startswith(SCHEME):
            raise from_errno(Errno.EPROTONOSUPPORT, f"{self!r} expected an {SCHEME} endpoint to report to, got {addr}")
        try:
            sender = self._core.context.socket(socket_type)
            sender.options.linger = 0.0
            try:
                sender.bind(addr)
            except BaseException:
                sender.close()
                raise
        except CORE_ERRORS as error:
            raise translated(error) from None
        return Reporter(sender, events, FORMATS[version][0])

    def monitor_pipes_stats(self) -> None:
        """Have one event PIPES_STATS sent for each peer: how many messages wait for it, and how many from it.

        The monitor is of version 2, for `zmq.EVENT_PIPES_STATS` is none of version 1. The counts are those of this
        moment, without what the kernel has of them.

        Raises
        ------
        ZMQError
            EINVAL when PIPES_STATS is not monitored, EAGAIN when there are no peers, ENOTSOCK (closed), ETERM
        """
        self._check_open()
        core = self._core
        with core.lock:
            reporter = core.monitor.listener
            if not isinstance(reporter, Reporter) or not reporter.wants(Event.PIPES_STATS):
                raise from_errno(Errno.EINVAL, f"{self!r} has no monitor for PIPES_STATS")
            try:
                queues = core.queues()
            except CORE_ERRORS as error:
                raise translated(error) from None
            if not queues:
                raise from_errno(Errno.EAGAIN, f"{self!r} has no peers whose messages could be counted")
            for where, egress, ingress in queues:
                reporter.tell(Event.PIPES_STATS, (egress, ingress), where)

    def get_monitor_socket(self, events: int | None = None, addr: str | None = None, *, version: int = 1) -> Self:
        """Return a PAIR socket that receives events, the same one at each call while it is open.

        `zmq.utils.monitor.recv_monitor_message` receives them decoded.

        Parameters
        ----------
        events : int
            As for `monitor`; None (the default): all of the version.
        addr : str
            As for `monitor`; None (the default): an endpoint of its own.
        version : int
            As for `monitor`.
        """
        if self._monitor_socket is not None and not self._monitor_socket.closed:
            return self._monitor_socket
        addr = addr or f"{SCHEME}monitor.s-{id(self._core):x}"
        if events is None:
            events = Event.ALL_V1 if version == 1 else Event.ALL_V2
        self.monitor(addr, events, version=version)
        self._monitor_socket = self.context.socket(SocketType.PAIR)
        self._monitor_socket.connect(addr)
        return self._monitor_socket

    def disable_monitor(self) -> None:
        """Send no events any more; the socket that `get_monitor_socket` returned is let go of."""
        self._monitor_socket = None
        self.monitor(None, 0)
