"""What a `Connection` tells its owner. Messages are the common case and have no event: they come as a list of them.

Imports from this folder only.
"""

from .errors import PeerError
from .frame import Message


class _Event:
    """Equal to another one of its kind with equal fields."""

    __slots__: tuple[str, ...] = ()

    def _fields(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash(self._fields())

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({fields})"


class HandshakeDone(_Event):
    """Traffic may begin. Peers older than ZMTP 3.0 have no properties, those of ZMTP 1.0 no type either."""

    __slots__ = ("peer_type", "properties", "routing_id", "version")

    def __init__(
        self, version: tuple[int, int], peer_type: bytes, routing_id: bytes, properties: dict[bytes, bytes]
    ) -> None:
        self.version = version
        self.peer_type = peer_type
        self.routing_id = routing_id
        self.properties = properties


class Subscribe(_Event):
    """A SUBSCRIBE command came. Subscriptions in the form of messages come as messages."""

    __slots__ = ("topic",)

    def __init__(self, topic: bytes) -> None:
        self.topic = topic


class Cancel(_Event):
    """A CANCEL command came."""

    __slots__ = ("topic",)

    def __init__(self, topic: bytes) -> None:
        self.topic = topic


class Ping(_Event):
    """A PING came, and its PONG waits in `data_to_send`. `ttl` is in seconds; 0.0 asks for no timeout."""

    __slots__ = ("context", "ttl")

    def __init__(self, ttl: float, context: bytes) -> None:
        self.ttl = ttl
        self.context = context


class Pong(_Event):
    """A PONG came."""

    __slots__ = ("context",)

    def __init__(self, context: bytes) -> None:
        self.context = context


class Failed(_Event):
    """The peer broke the protocol: close the connection. Nothing comes after this."""

    __slots__ = ("error",)

    def __init__(self, error: PeerError) -> None:
        self.error = error


Event = list[Message] | HandshakeDone | Subscribe | Cancel | Ping | Pong | Failed
