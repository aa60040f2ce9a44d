"""The body of one large frame, collected piece by piece without another copy.

The octets are received straight into the memory that becomes the `bytes` object of the message: a `BytesIO` over
`bytes(n)` lends that memory as a writable buffer, and gives the very object back at the end. Memory grows with what
has arrived, so that a header that lies about the size costs little. Imports nothing of ours.
"""

from io import BytesIO

FIRST = 1 << 20
"""The most octets that are taken on the word of a header alone. Beyond that the room doubles as it fills."""


class Body:
    """`size` octets to come; `room` is where the next of them are to be written, never empty while any are missing."""

    __slots__ = ("_buffer", "missing", "room", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self.missing = size
        self._buffer = BytesIO(bytes(min(size, FIRST)))
        self.room = self._buffer.getbuffer()

    def put(self, octets: memoryview) -> int:
        """Copy in what belongs to this body, growing as needed. Returns how many of the octets did."""
        wanted = min(len(octets), self.missing)
        done = 0
        while done < wanted:
            count = min(wanted - done, len(self.room))
            self.room[:count] = octets[done : done + count]
            self.written(count)
            done += count
        return wanted

    def written(self, count: int) -> None:
        """`count` octets were written into `room`, which is released; there is a new one."""
        self.missing -= count
        with self.room:
            self.room = self.room[count:]
        if self.missing and not self.room:
            self._grow()

    def _grow(self) -> None:
        self.room.release()
        arrived = self.size - self.missing
        self._buffer.seek(min(2 * arrived, self.size) - 1)
        self._buffer.write(b"\0")
        with self._buffer.getbuffer() as whole:
            self.room = whole[arrived:]

    def discard(self) -> None:
        """It will never be complete: give the memory back."""
        self.room.release()

    def finish(self) -> bytes:
        """The body, once nothing is missing."""
        self.room.release()
        return self._buffer.getvalue()
