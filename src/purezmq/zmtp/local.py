"""What a connection is told about the side that it works for. Imports from this folder only."""

from collections.abc import Callable
from typing import NamedTuple

from .mechanism import Mechanism
from .null import Null


class Local(NamedTuple):
    """The same for all connections of a socket, but for the options that changed meanwhile."""

    socket_type: bytes
    """The Socket-Type property, e.g. b"PUSH"."""
    peer_types: frozenset[bytes]
    """Who may be at the other end. Peers older than ZMTP 3.0 are not asked."""
    routing_id: bytes = b""
    announces_id: bool = False
    """Whether READY carries the routing id, be it empty: REQ, DEALER and ROUTER do."""
    properties: tuple[tuple[bytes, bytes], ...] = ()
    """More metadata, with names that begin with X-."""
    max_size: int = -1
    """MAXMSGSIZE: octets of a frame, of whichever kind; negative for no limit."""
    mechanism: Callable[[], Mechanism] = Null
    """Makes one for each connection."""
