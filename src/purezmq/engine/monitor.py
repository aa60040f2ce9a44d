"""What happened to a socket's endpoints and peers, and why: kept for whoever wants to know.

A peer's fault never surfaces in the user's call, so this is where it can be seen. The log (`purezmq`, DEBUG) shows the
same events as they come.
"""

from collections import deque
from enum import Enum, auto
from typing import NamedTuple

from . import log

_KEPT = 100  # events a socket remembers


class Kind(Enum):
    """The events of libzmq's monitor (zmq_socket_monitor)."""

    LISTENING = auto()
    BIND_FAILED = auto()
    ACCEPTED = auto()
    ACCEPT_FAILED = auto()
    CONNECT_DELAYED = auto()
    CONNECTED = auto()
    CONNECT_RETRIED = auto()
    HANDSHAKE_SUCCEEDED = auto()
    HANDSHAKE_FAILED = auto()
    DISCONNECTED = auto()
    CLOSED = auto()


class Happening(NamedTuple):
    """One event: what, at which endpoint, and the number and the words that go with it."""

    kind: Kind
    endpoint: str
    value: int = 0
    reason: str = ""


class Monitor:
    """The last events of one socket."""

    def __init__(self) -> None:
        self.events: deque[Happening] = deque(maxlen=_KEPT)

    def report(self, kind: Kind, endpoint: str, value: int = 0, reason: str = "") -> None:
        """Remember an event, and log it."""
        self.events.append(Happening(kind, endpoint, value, reason))
        log.debug("%s %s %s", kind.name, endpoint, reason or value)
