"""Octets as they are needed: with it the handshake reads straight down, as the grammar of the RFC does.

Its generators yield while octets are missing. Traffic has its own, faster way (`frame.Decoder`). Imports nothing of
ours.
"""

from collections.abc import Generator

Reading = Generator[None, None, bytes]


class Reader:
    """The octets that came and were not read yet, and the count of all that came."""

    def __init__(self) -> None:
        self._octets = b""
        self.received = 0

    def feed(self, chunk: bytes) -> None:
        """More came."""
        self._octets += chunk
        self.received += len(chunk)

    def peek(self, count: int) -> Reading:
        """The next `count` octets, which stay to be read."""
        while len(self._octets) < count:
            yield
        return self._octets[:count]

    def read(self, count: int) -> Reading:
        """The next `count` octets."""
        octets = yield from self.peek(count)
        self._octets = self._octets[count:]
        return octets

    def rest(self) -> bytes:
        """Whatever is left, to be read elsewhere."""
        octets, self._octets = self._octets, b""
        return octets
