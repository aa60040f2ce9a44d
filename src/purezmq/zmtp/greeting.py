"""The greeting, and how both sides find the newest dialect that they share (RFC 23, "Version Negotiation").

It is sent in steps, each as soon as the peer's octets allow it: the signature at once, the major version when the peer
shows that it knows versions, the rest in the peer's dialect. Imports from this folder only.

    octet   0     FF             the signature: to a peer of ZMTP 1.0, the header of a long frame
            1-8   size + 1       that holds a routing id
            9     7F
           10     major          3
           11     minor          1; a peer of version 2.0, or of 1.0 with a version, takes it for the socket type
           12-31  mechanism      padded with NUL
           32     as-server      always 0, and never looked at, as in libzmq
           33-63  filler         0
"""

SIGNATURE_SIZE = 10
MAJOR = 3
MINOR = 1
REMAINDER_SIZE = 53
"""From the minor version to the end."""

SOCKET_TYPES = (
    *(b"PAIR", b"PUB", b"SUB", b"REQ", b"REP", b"DEALER", b"ROUTER", b"PULL", b"PUSH", b"XPUB", b"XSUB"),
    *(b"STREAM", b"SERVER", b"CLIENT", b"RADIO", b"DISH", b"GATHER", b"SCATTER", b"DGRAM", b"PEER", b"CHANNEL"),
)
"""By the number that a ZMTP 2.0 greeting gives them (RFC 15, and libzmq for the newer ones)."""


def signature(routing_id: bytes) -> bytes:
    """The first ten octets."""
    return b"\xff" + (len(routing_id) + 1).to_bytes(8, "big") + b"\x7f"


def is_versioned(head: bytes) -> bool:
    """Whether these ten octets are a signature; if not, they begin the first frame of ZMTP 1.0."""
    return head.startswith(b"\xff") and bool(head[9] & 1)


def remainder(mechanism: bytes) -> bytes:
    """What follows the major version."""
    return bytes((MINOR,)) + mechanism.ljust(20, b"\0") + bytes(32)


def dialect(major: int, minor: int) -> tuple[int, int]:
    """What to speak with a peer of this version, of 3.0 or newer. As libzmq does, take what is unknown for 3.1."""
    return (3, 0) if (major, minor) == (3, 0) else (3, 1)
