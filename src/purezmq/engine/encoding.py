"""Batches of messages made into octets: once for all connections that get the same batch, and not too large."""

from collections.abc import Callable

from ..patterns.message import Message, Part

BATCH = 256
"""Messages that are encoded together, and written together, at most."""

BATCH_OCTETS = 65536
"""About as many octets: large messages go in smaller numbers, the largest one by one."""

Encode = Callable[[list[Message]], list[Part]]


class Encoding:
    """Encodes for all connections of a socket. `batch` is how many messages the next batch should have.

    Between `share` and `unshare`, a list that was encoded just now is not encoded again for another connection.
    """

    __slots__ = ("_buffers", "_encode", "_limit", "_messages", "_sharing", "batch")

    def __init__(self) -> None:
        self.batch = self._limit = BATCH
        self._sharing = False
        self._messages: list[Message] | None = None
        self._encode: Encode | None = None
        self._buffers: list[Part] = []

    def limit(self, messages: int) -> None:
        """Let no batch have more messages than this; 0 for no limit but our own."""
        self._limit = min(BATCH, messages or BATCH)
        self.batch = min(self.batch, self._limit)

    def share(self) -> None:
        """The same list may come again."""
        self._sharing = True

    def unshare(self) -> None:
        """It will not; let it go."""
        self._sharing = False
        self._messages = self._encode = None
        self._buffers = []

    def encode(self, encode: Encode, messages: list[Message]) -> list[Part]:
        """The buffers to be written; not to be changed."""
        if messages is self._messages and encode == self._encode:
            return self._buffers
        buffers = encode(messages)
        count = len(messages)
        octets = sum(map(len, buffers))
        self.batch = min(self._limit, max(1, BATCH_OCTETS * count // (octets or 1)))
        if self._sharing:
            self._messages, self._encode, self._buffers = messages, encode, buffers
        return buffers
