"""Frames of ZMTP 1.0 (RFC 13): size, then flags, and the size counts them too; otherwise all is as in `frame.py`.

No peer of this age is in a hurry: the decoder rewrites each header and leaves the rest to the newer one. Imports from
this folder only.
"""

from collections.abc import Sequence

from .errors import PeerError
from .frame import LARGE, LONG, MORE, Decoder, Item, Message, Part

LONG_SIZE = 0xFF
"""Says that the size is in the next eight octets."""


def header_v1(flags: int, size: int) -> bytes:
    """What comes before a body of `size` octets."""
    if size + 1 < LONG_SIZE:
        return bytes((size + 1, flags))
    return bytes((LONG_SIZE,)) + (size + 1).to_bytes(8, "big") + bytes((flags,))


class DecoderV1:
    """As `frame.Decoder`. There are no commands and no mechanism in ZMTP 1.0."""

    def __init__(self, max_size: int = -1) -> None:
        self._decoder = Decoder(max_size)
        self._error: PeerError | None = None
        self._header = b""  # an incomplete one
        self._missing = 0  # octets of a body

    @property
    def error(self) -> PeerError | None:
        """See `frame.Decoder`."""
        return self._decoder.error or self._error

    @property
    def large(self) -> memoryview | None:
        """See `frame.Decoder`."""
        return self._decoder.large

    def feed(self, chunk: bytes) -> list[Item]:
        """See `frame.Decoder.feed`."""
        if self.error is not None:
            return []
        return self._decoder.feed(b"".join(self._rewrite(self._header + chunk)))

    def fill(self, count: int) -> list[Item]:
        """See `frame.Decoder.fill`."""
        self._missing -= count
        return self._decoder.fill(count)

    def close(self) -> None:
        """See `frame.Decoder.close`."""
        self._decoder.close()

    def pending(self) -> int:
        """See `frame.Decoder.pending`."""
        return self._decoder.pending() + len(self._header)

    def _rewrite(self, chunk: bytes) -> list[bytes]:
        """The same frames with headers of ZMTP 2.0. Stops at a frame that is none, or at an incomplete header."""
        pieces = []
        at = 0
        self._header = b""
        while at < len(chunk):
            if not self._missing:
                is_long = chunk[at] == LONG_SIZE
                start = at + (10 if is_long else 2)
                if start > len(chunk):
                    self._header = chunk[at:]
                    break
                size = int.from_bytes(chunk[at + 1 : start - 1], "big") if is_long else chunk[at]
                if size == 0:
                    self._error = PeerError("expected a frame of ZMTP 1.0 with flags, got one of 0 octets")
                    break
                pieces.append(bytes((chunk[start - 1] & MORE | LONG,)) + (size - 1).to_bytes(8, "big"))
                self._missing = size - 1
                at = start
            body = chunk[at : at + self._missing]
            pieces.append(body)
            self._missing -= len(body)
            at += len(body)
        return pieces


def encode_v1(messages: Sequence[Message]) -> list[Part]:
    """As `frame.encode`."""
    buffers: list[Part] = []
    small: list[Part] = []
    for message in messages:
        parts: list[Part] = message if isinstance(message, list) else [message]
        for left, part in zip(range(len(parts) - 1, -1, -1), parts, strict=True):
            size = memoryview(part).nbytes
            small.append(header_v1(MORE if left else 0, size))
            if size < LARGE:
                small.append(part)
            else:
                buffers += (b"".join(small), part)
                small = []
    if small:
        buffers.append(b"".join(small))
    return buffers


def encoded_size_v1(message: Message) -> int:
    """As `frame.encoded_size`."""
    if isinstance(message, list):
        return sum(map(encoded_size_v1, message))
    size = memoryview(message).nbytes
    return size + len(header_v1(0, size))
