"""Commands and metadata (RFC 23, "Commands", "The NULL Security Mechanism"; RFC 37, "Connection Heartbeating").

A command is the length of its name, its name, its data. All functions here are about the body of a command's frame;
those that return None leave it to the caller what a malformed command means. Imports from this folder only.
"""

from collections.abc import Iterable
from struct import Struct

from .errors import Code, PeerError

READY = b"READY"
ERROR = b"ERROR"
SUBSCRIBE = b"SUBSCRIBE"
CANCEL = b"CANCEL"
PING = b"PING"
PONG = b"PONG"

SOCKET_TYPE = b"Socket-Type"
IDENTITY = b"Identity"
_CANONICAL = {name.lower(): name for name in (SOCKET_TYPE, IDENTITY)}

MAX_PROPERTIES = 256
MAX_CONTEXT = 16
"""RFC 37: the context of a PING has at most 16 octets. What is longer is cut, as libzmq does."""

_VALUE_SIZE = Struct(">I")
_TTL = Struct(">H")


def encode_command(name: bytes, data: bytes = b"") -> bytes:
    """The body of a command frame."""
    return bytes((len(name),)) + name + data


def parse_command(body: bytes) -> tuple[bytes, bytes] | None:
    """The name and the data; None if there is no name of the length that is announced."""
    start = 1 + body[0] if body else 1
    return (body[1:start], body[start:]) if start <= len(body) else None


def encode_error(reason: bytes) -> bytes:
    """ERROR with a reason of at most 255 octets."""
    return encode_command(ERROR, bytes((len(reason),)) + reason)


def parse_error(data: bytes) -> bytes:
    """The reason. Raises PeerError if it is shorter than announced."""
    if not data or len(data) <= data[0]:
        raise PeerError("expected an ERROR with a reason, got one cut short", code=Code.MALFORMED_ERROR)
    return data[1 : 1 + data[0]]


def encode_ping(ttl_tenths: int, context: bytes = b"") -> bytes:
    """PING: the time to live is in tenths of a second, 0 for none."""
    return encode_command(PING, _TTL.pack(ttl_tenths) + context[:MAX_CONTEXT])


def parse_ping(data: bytes) -> tuple[float, bytes] | None:
    """The time to live in seconds and the context; None if it is too short for a PING."""
    if len(data) < _TTL.size:
        return None
    (tenths,) = _TTL.unpack_from(data)
    return tenths / 10, data[_TTL.size :][:MAX_CONTEXT]


def encode_pong(context: bytes) -> bytes:
    """PONG: gives the context of the PING back."""
    return encode_command(PONG, context[:MAX_CONTEXT])


def encode_properties(properties: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Metadata: for each property the length of the name (1 octet), the name, that of the value (4), the value."""
    return b"".join(bytes((len(name),)) + name + _VALUE_SIZE.pack(len(value)) + value for name, value in properties)


def parse_properties(data: bytes) -> dict[bytes, bytes]:
    """The inverse. Of equal names the first counts; the RFC's own names come in its spelling, however they were sent.

    Raises PeerError for malformed metadata and for too many properties.
    """
    properties: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        value = at + 1 + data[at] + _VALUE_SIZE.size
        if value > len(data):
            raise PeerError(
                f"expected a property at octet {at} of the metadata, got one cut short", code=Code.INVALID_METADATA
            )
        name = data[at + 1 : value - _VALUE_SIZE.size]
        at = value + _VALUE_SIZE.unpack_from(data, value - _VALUE_SIZE.size)[0]
        if at > len(data):
            raise PeerError(f"expected the value of {name!r}, got one cut short", code=Code.INVALID_METADATA)
        properties.setdefault(_CANONICAL.get(name.lower(), name), data[value:at])
        if len(properties) > MAX_PROPERTIES:
            raise PeerError(f"expected at most {MAX_PROPERTIES} properties, got more", code=Code.INVALID_METADATA)
    return properties
