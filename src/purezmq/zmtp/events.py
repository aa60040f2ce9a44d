"""What a `Connection` tells its owner. Messages are the common case and have no event: they come as a list of them.

Imports from this folder only.
"""

from dataclasses import dataclass

from .errors import PeerError
from .frame import Message


@dataclass(frozen=True, slots=True)
class HandshakeDone:
    """Traffic may begin. Peers older than ZMTP 3.0 have no properties, those of ZMTP 1.0 no type either."""

    version: tuple[int, int]
    peer_type: bytes
    routing_id: bytes
    properties: dict[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Subscribe:
    """A SUBSCRIBE command came. Subscriptions in the form of messages come as messages."""

    topic: bytes


@dataclass(frozen=True, slots=True)
class Cancel:
    """A CANCEL command came."""

    topic: bytes


@dataclass(frozen=True, slots=True)
class Ping:
    """A PING came, and its PONG waits in `data_to_send`. `ttl` is in seconds; 0.0 asks for no timeout."""

    ttl: float
    context: bytes


@dataclass(frozen=True, slots=True)
class Pong:
    """A PONG came."""

    context: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """The peer broke the protocol: close the connection. Nothing comes after this."""

    error: PeerError


Event = list[Message] | HandshakeDone | Subscribe | Cancel | Ping | Pong | Failed
