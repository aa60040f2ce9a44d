"""ZMTP by hand: octets as RFC 13, 15, 23 and 37 write them, and a peer that sends just these.

Nothing of purezmq is used here, so that a mistake in it cannot hide itself.
"""

import contextlib
import socket
import struct
from types import TracebackType
from typing import Final, NamedTuple, Self

from .waiting import TIMEOUT

MORE: Final = 1
LONG: Final = 2
COMMAND: Final = 4

TYPES: Final = ("PAIR", "PUB", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH", "XPUB", "XSUB")
"""By their numbers, as the greeting of ZMTP 2.0 has them."""


def signature(routing_id: bytes = b"") -> bytes:
    """The first ten octets, which a ZMTP 1.0 peer reads as the head of a long identity frame."""
    return b"\xff" + struct.pack(">Q", len(routing_id) + 1) + b"\x7f"


def greeting(minor: int = 1, mechanism: bytes = b"NULL", routing_id: bytes = b"") -> bytes:
    """The 64 octets of ZMTP 3.x."""
    return signature(routing_id) + bytes((3, minor)) + mechanism.ljust(20, b"\0") + bytes(32)


def frame(body: bytes, flags: int = 0) -> bytes:
    """A frame of ZMTP 2.0 and later; long when it must be, or when the flags say so."""
    if len(body) > 255 or flags & LONG:
        return struct.pack(">BQ", flags | LONG, len(body)) + body
    return bytes((flags, len(body))) + body


def message(*parts: bytes) -> bytes:
    """The frames of a message, for ZMTP 2.0 and later."""
    return b"".join(frame(part, MORE) for part in parts[:-1]) + frame(parts[-1])


def frame_v1(body: bytes, flags: int = 0) -> bytes:
    """A frame of ZMTP 1.0: the length counts the flags."""
    size = len(body) + 1
    head = bytes((size,)) if size < 255 else b"\xff" + struct.pack(">Q", size)
    return head + bytes((flags,)) + body


def message_v1(*parts: bytes) -> bytes:
    """The frames of a message, for ZMTP 1.0."""
    return b"".join(frame_v1(part, MORE) for part in parts[:-1]) + frame_v1(parts[-1])


def command(name: bytes, data: bytes = b"") -> bytes:
    """A command frame."""
    return frame(bytes((len(name),)) + name + data, COMMAND)


def prop(name: bytes, value: bytes) -> bytes:
    """A property of READY."""
    return bytes((len(name),)) + name + struct.pack(">I", len(value)) + value


def ready(socket_type: str, *properties: tuple[bytes, bytes]) -> bytes:
    """The READY command, with Socket-Type first."""
    return command(b"READY", b"".join(prop(*p) for p in ((b"Socket-Type", socket_type.encode()), *properties)))


class Frame(NamedTuple):
    """A frame as it was read."""

    flags: int
    body: bytes


class RawPeer:
    """One tcp connection whose octets the test writes and reads itself."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        sock.settimeout(TIMEOUT)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @classmethod
    def connect(cls, endpoint: str) -> Self:
        """Connect to a listener of tcp://address:port."""
        host, _, port = endpoint.removeprefix("tcp://").rpartition(":")
        return cls(socket.create_connection((host, int(port)), TIMEOUT))

    def send(self, *octets: bytes) -> None:
        """Write them all."""
        self.sock.sendall(b"".join(octets))

    def read(self, count: int) -> bytes:
        """Exactly so many octets."""
        octets = b""
        while len(octets) < count:
            chunk = self.sock.recv(count - len(octets))
            assert chunk, f"expected {count} octets, the connection was closed after {octets!r}"
            octets += chunk
        return octets

    def read_frame(self) -> Frame:
        """The next frame of ZMTP 2.0 or later."""
        flags = self.read(1)[0]
        size = struct.unpack(">Q", self.read(8))[0] if flags & LONG else self.read(1)[0]
        return Frame(flags, self.read(size))

    def read_frame_v1(self) -> Frame:
        """The next frame of ZMTP 1.0."""
        size = self.read(1)[0]
        if size == 255:
            size = struct.unpack(">Q", self.read(8))[0]
        flags = self.read(1)[0]
        return Frame(flags, self.read(size - 1))

    def handshake(self, socket_type: str, minor: int = 1, identity: bytes | None = None) -> Frame:
        """Greet and be greeted as ZMTP 3.x does, with the mechanism NULL: the other side's READY."""
        properties = () if identity is None else ((b"Identity", identity),)
        self.send(greeting(minor), ready(socket_type, *properties))
        self.read(64)
        return self.read_frame()

    def until_closed(self) -> bytes:
        """Everything that still comes, up to the end of the connection; a time-out when there is no end."""
        octets = b""
        with contextlib.suppress(ConnectionError):
            while chunk := self.sock.recv(65_536):
                octets += chunk
        return octets

    def reset(self) -> None:
        """Leave with a RST instead of a FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        """Leave."""
        self.sock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


class RawListener:
    """A tcp listener for those that connect to a scripted peer."""

    def __init__(self) -> None:
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.sock.settimeout(TIMEOUT)
        self.endpoint = f"tcp://127.0.0.1:{self.sock.getsockname()[1]}"

    def accept(self) -> RawPeer:
        """The next one that connects."""
        return RawPeer(self.sock.accept()[0])

    def nobody_connects(self, seconds: float) -> bool:
        """Whether it stays quiet for so long."""
        self.sock.settimeout(seconds)
        try:
            self.sock.accept()[0].close()
        except TimeoutError:
            return True
        finally:
            self.sock.settimeout(TIMEOUT)
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self.sock.close()
