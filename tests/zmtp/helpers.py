"""Two connections joined in memory, octets cut at any places, and the octets of peers of all ages."""

from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from purezmq.zmtp.connection import Connection
from purezmq.zmtp.local import Local
from purezmq.zmtp.mechanism import Mechanism
from purezmq.zmtp.null import Null

PEERS = {
    b"PAIR": {b"PAIR"},
    b"PUB": {b"SUB", b"XSUB"},
    b"SUB": {b"PUB", b"XPUB"},
    b"REQ": {b"REP", b"ROUTER"},
    b"REP": {b"REQ", b"DEALER"},
    b"DEALER": {b"REP", b"DEALER", b"ROUTER"},
    b"ROUTER": {b"REQ", b"DEALER", b"ROUTER"},
    b"PULL": {b"PUSH"},
    b"PUSH": {b"PULL"},
    b"XPUB": {b"SUB", b"XSUB"},
    b"XSUB": {b"PUB", b"XPUB"},
}

SIGNATURE = b"\xff" + bytes(7) + b"\x01\x7f"
GREETING_3_1 = SIGNATURE + b"\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
GREETING_3_0 = SIGNATURE + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
READY_PULL = b"\x04\x1a\x05READY\x0bSocket-Type\x00\x00\x00\x04PULL"
READY_PUSH = b"\x04\x1a\x05READY\x0bSocket-Type\x00\x00\x00\x04PUSH"


def local(
    socket_type: bytes,
    *,
    routing_id: bytes = b"",
    properties: tuple[tuple[bytes, bytes], ...] = (),
    max_size: int = -1,
    mechanism: Callable[[], Mechanism] = Null,
) -> Local:
    return Local(
        socket_type,
        frozenset(PEERS[socket_type]),
        routing_id,
        socket_type in {b"REQ", b"DEALER", b"ROUTER"},
        properties,
        max_size,
        mechanism,
    )


class Pair:
    """Two connections, and all that they told."""

    def __init__(self, left: Local, right: Local) -> None:
        self.left, self.right = Connection(left), Connection(right)
        self.left_events: list[Any] = []
        self.right_events: list[Any] = []

    def settle(self, step: int = 1 << 20) -> None:
        """Carry what both have to say, `step` octets at a time, until neither has more."""
        while True:
            to_right, to_left = self.left.data_to_send(), self.right.data_to_send()
            if not to_right and not to_left:
                return
            self.right_events += receive(self.right, cut(to_right, step))
            self.left_events += receive(self.left, cut(to_left, step))


def cut(data: bytes, step: int) -> list[bytes]:
    return [data[at : at + step] for at in range(0, len(data), step)]


def receive(connection: Connection, chunks: Iterable[bytes]) -> list[Any]:
    """All events; typed so that a test may look into those that it expects."""
    return [event for chunk in chunks for event in connection.receive(chunk)]


def flat(items: Iterable[Any]) -> list[Any]:
    """Messages and all else in one list: where batches end depends on how the octets were cut."""
    return [one for item in items for one in (item if isinstance(item, list) else [item])]


def ready(socket_type: bytes, octets: bytes, **options) -> Connection:
    """A connection that has taken `octets`, which bring it to TRAFFIC, and has nothing left to send."""
    connection = Connection(local(socket_type, **options))
    connection.receive(octets)
    assert connection.ready
    connection.data_to_send()
    return connection


@st.composite
def cuts(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """The same octets in pieces, some of which may be empty."""
    places = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    return [data[start:stop] for start, stop in zip([0, *places], [*places, len(data)], strict=True)]


sizes = st.one_of(st.integers(0, 20), st.sampled_from([254, 255, 256, 4095, 4096, 65535, 65536, 70000]))
parts = st.builds(lambda size, octet: bytes([octet]) * size, sizes, st.integers(0, 255))
messages = st.one_of(parts, st.lists(parts, min_size=2, max_size=4))
