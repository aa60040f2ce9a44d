"""The writing end of a session: batches of messages to a stream that takes as much as it likes."""

from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

from ..patterns.message import Message, Part
from ..zmtp.connection import Connection
from .encoding import Encoding
from .stream_pipe import StreamPipe

if TYPE_CHECKING:
    import socket

ANSWERS = 65536
"""Octets of commands that wait for a peer that does not read."""

IOV_MAX = 512
"""Buffers in one system call; the kernels allow 1024."""


class Writer:
    """What was encoded and is not written yet, and the batch of messages that it came from."""

    __slots__ = (
        "_batch",
        "_buffers",
        "_control",
        "_encoding",
        "_has_sendmsg",
        "_offset",
        "_stream",
        "_zmtp",
        "blocked",
        "broken",
    )

    def __init__(self, stream: "socket.socket", zmtp: Connection, encoding: Encoding) -> None:
        self._stream = stream
        self._has_sendmsg = hasattr(stream, "sendmsg")  # not on Windows: there each buffer takes a system call
        self._zmtp = zmtp
        self._encoding = encoding
        self._control = bytearray()  # commands: they go between two batches
        self._buffers: deque[Part] = deque()
        self._batch: list[Message] = []
        self._offset = 0  # octets of the batch that are written
        self.blocked = False  # the kernel takes nothing at the moment
        self.broken = False  # nor will it ever; what the peer sent before is still to be read, and its end too

    @property
    def pending(self) -> bool:
        """Something waits to be written."""
        return bool(self._buffers) or bool(self._control)

    def add(self, command: bytes) -> None:
        """Queue a command's frame: after what the protocol itself has to say, ahead of messages not encoded yet."""
        self._control += self._zmtp.data_to_send()
        self._control += command

    def overloaded(self) -> bool:
        """The peer asks for more answers (PONG) than it reads: better not to hear it for a while."""
        if self.broken:
            return False
        if self.blocked:
            self._control += self._zmtp.data_to_send()
        return len(self._control) > ANSWERS

    def write_batch(self, messages: list[Message]) -> bool:
        """Write these messages, when nothing is pending and the kernel takes octets. As `write`."""
        self._encode(messages)
        return self._drain()

    def write(self, pipe: StreamPipe | None, has_room: Callable[[StreamPipe], None]) -> bool:
        """Write all that is there, or until the kernel takes no more; `pipe` is None while only commands may go.

        `has_room` is called when a full outbox has room again. Returns whether everything was written.
        """
        while self._drain():
            self._control += self._zmtp.data_to_send()
            if self._control:
                self._buffers.append(bytes(self._control))
                self._control.clear()
            elif pipe is not None and pipe.outbox:
                self._encode_from(pipe, has_room)
            else:
                return True
        return False

    def _encode_from(self, pipe: StreamPipe, has_room: Callable[[StreamPipe], None]) -> None:
        was_full = not pipe.has_room()
        self._encode(pipe.pull(self._encoding.batch))
        if was_full and pipe.has_room():
            has_room(pipe)

    def _encode(self, messages: list[Message]) -> None:
        self._batch = messages
        self._offset = 0
        self._buffers.extend(self._encoding.encode(self._zmtp.encoder, messages))

    def _drain(self) -> bool:
        """Write what is encoded: whether all of it was written."""
        while self._buffers:
            if not self._write_some():
                self.blocked = True
                return False
        self._batch = []
        return True

    def _write_some(self) -> bool:
        """One system call's worth: whether there is any point in going on."""
        buffers = self._buffers
        try:
            if len(buffers) == 1 or not self._has_sendmsg:
                count = self._stream.send(buffers[0])
            else:
                count = self._stream.sendmsg(islice(buffers, IOV_MAX))
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:  # the session hears of it when it reads, after what came before it
            self.broken = True
            return False
        self._offset += count
        while buffers and count >= len(buffers[0]):
            count -= len(buffers.popleft())
        if count:
            buffers[0] = memoryview(buffers[0])[count:]
        return not count

    def unwritten(self) -> list[Message]:
        """The messages of the batch that the kernel did not take whole: a peer that is gone cannot have got them."""
        if not self._buffers:
            return []
        written = self._offset
        for position, message in enumerate(self._batch):
            written -= self._zmtp.encoded_size(message)
            if written < 0:
                return self._batch[position:]
        return []
