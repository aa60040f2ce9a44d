"""What happened to a socket's endpoints and peers, and why: kept for whoever wants to know.

A peer's fault never surfaces in the user's call, so this is where it can be seen. The log (`purezmq`, DEBUG) shows the
same events as they come.
"""

from collections import deque
from enum import IntEnum
from typing import NamedTuple, Protocol

from . import log
from .place import Place

_KEPT = 100  # events a socket remembers


class Kind(IntEnum):
    """The events of libzmq's monitor (zmq_socket_monitor(3)), with its numbers."""

    CONNECTED = 0x0001
    CONNECT_DELAYED = 0x0002
    CONNECT_RETRIED = 0x0004
    LISTENING = 0x0008
    BIND_FAILED = 0x0010
    ACCEPTED = 0x0020
    ACCEPT_FAILED = 0x0040
    CLOSED = 0x0080
    CLOSE_FAILED = 0x0100
    DISCONNECTED = 0x0200
    MONITOR_STOPPED = 0x0400
    HANDSHAKE_FAILED_NO_DETAIL = 0x0800
    HANDSHAKE_SUCCEEDED = 0x1000
    HANDSHAKE_FAILED_PROTOCOL = 0x2000
    HANDSHAKE_FAILED_AUTH = 0x4000


class Happening(NamedTuple):
    """One event: what, at which endpoint, and the number and the words that go with it."""

    kind: Kind
    endpoint: str
    value: int = 0
    reason: str = ""


class Listener(Protocol):
    """Whoever is told of each event, with the socket's lock held."""

    def happened(self, happening: Happening, where: Place) -> None:
        """One more event, and which ends it concerns."""

    def stop(self) -> None:
        """There are no more."""


class Monitor:
    """The last events of one socket, and who is told of the next."""

    def __init__(self) -> None:
        self.events: deque[Happening] = deque(maxlen=_KEPT)
        self.listener: Listener | None = None

    def report(self, kind: Kind, where: Place, value: int = 0, reason: str = "") -> None:
        """Remember an event, tell it, and log it."""
        happening = Happening(kind, where.endpoint, value, reason)
        self.events.append(happening)
        if self.listener is not None:
            self.listener.happened(happening, where)
        log.debug("%s %s %s", kind.name, where.endpoint, reason or value)

    def tell(self, listener: Listener | None) -> None:
        """From now on tell this listener, and no longer the one before; None: nobody."""
        before, self.listener = self.listener, listener
        if before is not None:
            before.happened(Happening(Kind.MONITOR_STOPPED, ""), Place("", bound=True))
            before.stop()
