"""The NULL mechanism (RFC 37, "The NULL Security Mechanism"): each side sends READY, and waits for the other's.

Both send at once: if either waited for the other to begin, two of the same kind would wait for ever. Imports from this
folder only.
"""

from .commands import ERROR, READY, encode_command, parse_error, parse_properties
from .errors import Code, PeerError, PeerRefusedError
from .mechanism import Mechanism


class Null(Mechanism):
    """No authentication, no encryption."""

    name = b"NULL"
    accepts_old_peers = True

    def start(self, metadata: bytes) -> list[bytes]:
        """See `Mechanism`."""
        return [encode_command(READY, metadata)]

    def receive(self, name: bytes, data: bytes) -> list[bytes]:
        """See `Mechanism`."""
        if name == ERROR:
            raise PeerRefusedError(parse_error(data))
        if name != READY:
            raise PeerError(f"expected READY or ERROR, got the command {name!r}", code=Code.UNEXPECTED_COMMAND)
        self.properties = parse_properties(data)
        self.done = True
        return []
