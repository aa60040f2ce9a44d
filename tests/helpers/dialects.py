"""The dialects of ZMTP as their peers speak them: what each says first, what it must be told, how it frames a message.

Sources: RFC 13 (1.0), RFC 15 (2.0), RFC 23 (3.0) and RFC 37 (3.1); for the downgrades, what libzmq puts on the wire.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from . import wire
from .wire import RawPeer


@dataclass(frozen=True)
class Dialect:
    """One way of speaking; `greet` is told who both are, and checks every octet of what purezmq says."""

    name: str

    def greet(self, peer: RawPeer, ours: str, our_id: bytes, theirs: str, their_id: bytes = b"") -> None:
        """Exchange greetings, and whatever else comes before the first message."""
        raise NotImplementedError

    def write(self, *parts: bytes) -> bytes:
        """A message."""
        return wire.message(*parts)

    def read(self, peer: RawPeer) -> list[bytes]:
        """The next message."""
        return list(self._parts(peer))

    def read_frame(self, peer: RawPeer) -> wire.Frame:
        """The next frame."""
        return peer.read_frame()

    def _parts(self, peer: RawPeer) -> Iterator[bytes]:
        while True:
            flags, body = self.read_frame(peer)
            yield body
            if not flags & wire.MORE:
                return


class Framing1(Dialect):
    """Frames of ZMTP 1.0."""

    def write(self, *parts: bytes) -> bytes:
        return wire.message_v1(*parts)

    def read_frame(self, peer: RawPeer) -> wire.Frame:
        return peer.read_frame_v1()


class Unversioned(Framing1):
    """ZMTP 1.0 as libzmq 2.x spoke it: the identity comes first, and there is no greeting."""

    def greet(self, peer: RawPeer, ours: str, our_id: bytes, theirs: str, their_id: bytes = b"") -> None:
        peer.send(self._identity(their_id))
        # The signature is the head of a long frame, in which the id follows.
        expect(peer, wire.signature(our_id) + our_id)

    def _identity(self, their_id: bytes) -> bytes:
        return wire.frame_v1(their_id)


class UnversionedLong(Unversioned):
    """The same, when the peer writes its identity as a long frame, so that it begins like a signature."""

    def _identity(self, their_id: bytes) -> bytes:
        return b"\xff" + (len(their_id) + 1).to_bytes(8) + b"\0" + their_id


class Versioned1(Framing1):
    """A greeting of ZMTP 2.0 whose revision is 0: the frames are those of 1.0."""

    def greet(self, peer: RawPeer, ours: str, our_id: bytes, theirs: str, their_id: bytes = b"") -> None:
        peer.send(wire.signature(their_id), bytes((0, wire.TYPES.index(theirs))), wire.frame_v1(their_id))
        expect(peer, wire.signature(our_id) + bytes((3, wire.TYPES.index(ours))) + wire.frame_v1(our_id))


class Version2(Dialect):
    """ZMTP 2.0, libzmq 3.2."""

    def greet(self, peer: RawPeer, ours: str, our_id: bytes, theirs: str, their_id: bytes = b"") -> None:
        peer.send(wire.signature(their_id), bytes((1, wire.TYPES.index(theirs))), wire.frame(their_id))
        expect(peer, wire.signature(our_id) + bytes((3, wire.TYPES.index(ours))) + wire.frame(our_id))


class Version3(Dialect):
    """ZMTP 3.0, libzmq 4.0 and 4.1."""

    minor = 0

    def greet(self, peer: RawPeer, ours: str, our_id: bytes, theirs: str, their_id: bytes = b"") -> None:
        identity = [(b"Identity", their_id)] if theirs in {"REQ", "DEALER", "ROUTER"} else []
        peer.send(wire.greeting(self.minor, routing_id=their_id), wire.ready(theirs, *identity))
        identity = [(b"Identity", our_id)] if ours in {"REQ", "DEALER", "ROUTER"} else []
        expect(peer, wire.greeting(1, routing_id=our_id) + wire.ready(ours, *identity))


class Version31(Version3):
    """ZMTP 3.1, libzmq since 4.2."""

    minor = 1


def expect(peer: RawPeer, octets: bytes) -> None:
    """What comes next must be just this."""
    got = peer.read(len(octets))
    at = next((i for i, (a, b) in enumerate(zip(got, octets, strict=True)) if a != b), 0)
    assert got == octets, f"from octet {at} on, expected {octets[at:]!r}, got {got[at:]!r}"


DIALECTS: Final = (
    Unversioned("1.0"),
    UnversionedLong("1.0-long-identity"),
    Versioned1("1.0-versioned"),
    Version2("2.0"),
    Version3("3.0"),
    Version31("3.1"),
)
