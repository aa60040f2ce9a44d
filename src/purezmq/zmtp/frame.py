"""Frames of ZMTP 2.0 and 3.x (RFC 23, "Framing"): octets in, messages out, and the other way round.

A frame is flags, size, body. This is the hottest module: one flat loop each way, over whole batches. It is plain
Python; `frame.pxd` beside it only says which names Cython may keep as C integers. The figures in the comments are for
messages of 10 octets. Imports from this folder only.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from struct import Struct

from .body import Body
from .errors import PeerError

Part = bytes | memoryview
Message = Part | list[Part]
Open = Callable[[bytes], tuple[int, bytes]]

MORE, LONG, COMMAND = 1, 2, 4
LARGE = 65536
"""Octets from which a body is received into its own memory and sent from it, without being copied by us."""
PARTIAL = 4096
"""Octets from which an incomplete body is collected; less is kept, and decoded anew together with the next chunk."""
MAX_PARTS = 1 << 20
"""Parts of one message: a peer that never ends one does not fill the memory with them."""

_MORE, _LONG, _COMMAND = MORE, LONG, COMMAND  # when compiled: C integers, which nobody can import
_SHORT = 255  # the largest size in one octet
_HEADER = 2  # octets of a short header
_NO_LIMIT = 1 << 62
_RUN = 16  # frames or messages that make it worth looking for a run of them
_BLOCK = 32  # messages of a run that are decoded in one step
_INTERPRETED = __file__.endswith(".py")

_unpack_size = Struct(">q").unpack_from  # signed: 2**63 and more come as negative, which fits a C integer
_LONG_HEADER = Struct(">BQ")
_HEADERS = tuple(bytes((0, size)) for size in range(256))
_HEADERS_MORE = tuple(bytes((MORE, size)) for size in range(256))


@lru_cache
def _bodies(size: int, count: int) -> Struct:
    """What takes the bodies out of so many short frames of one size."""
    return Struct(f"2x{size}s" * count)


class CommandFrame:
    """The body of a frame with the COMMAND flag."""

    __slots__ = ("body",)

    def __init__(self, body: bytes) -> None:
        self.body = body


Item = list[Message] | CommandFrame


class Decoder:
    """Octets in, batches of messages out, with commands between them in the order of arrival.

    When the peer breaks the framing, `error` says how. What was complete before that is still returned, and nothing
    after it. A size is checked before memory is taken for it.

    `large` is memory for the next octets, while a large body is incomplete: receive into it and call `fill`, or `feed`
    as always. `open`, if set, takes each frame's body and gives the flags and the body that a mechanism put into it.
    """

    __slots__ = ("_body", "_flags", "_limit", "_parts", "_rest", "error", "large", "open")

    def __init__(self, max_size: int = -1) -> None:
        self.error: PeerError | None = None
        self.large: memoryview | None = None
        self.open: Open | None = None
        self._limit = max_size if max_size >= 0 else _NO_LIMIT
        self._rest = b""
        self._parts: list[Part] = []
        self._flags = 0
        self._body: Body | None = None

    def feed(self, chunk: bytes) -> list[Item]:
        """Take what the peer sent; return what became complete."""
        items: list[Item] = []
        if self._body is not None:
            taken = self._body.put(memoryview(chunk))
            self._check_body(self._body, items)
            chunk = chunk[taken:]
        if self._rest:
            chunk = self._rest + chunk
        if self.error is None:
            self._rest = chunk[self._split(chunk, items) :]
        return items

    def fill(self, count: int) -> list[Item]:
        """Take `count` octets that were received into `large`; return what became complete."""
        items: list[Item] = []
        if self._body is not None:
            self._body.written(count)
            self._check_body(self._body, items)
        return items

    def close(self) -> None:
        """Nothing more comes: give the memory of an incomplete body back."""
        self.large = None
        if self._body is not None:
            self._body.discard()

    def pending(self) -> int:
        """The octets of an incomplete frame that have come."""
        return len(self._rest) if self._body is None else self._body.size - self._body.missing

    def _split(self, chunk: bytes, items: list[Item]) -> int:
        """Decode all complete frames. Returns where the incomplete one begins."""
        data = chunk  # when compiled: a pointer
        end = len(chunk)
        limit = self._limit
        batch: list[Message] = []
        alone = self.open is None and not self._parts  # an unflagged frame is a message
        at = self._split_run(chunk, batch) if _INTERPRETED and alone else 0
        while end - at >= _HEADER:
            flags = data[at]
            size = data[at + 1]
            start = at + _HEADER
            if flags & _LONG:
                start = at + 9
                if start > end:
                    break
                (size,) = _unpack_size(chunk, at + 1)
            if not 0 <= size <= limit:
                got = size if size >= 0 else "2**63 or more"
                self.error = PeerError(f"expected a frame of at most {limit} octets, got one of {got}")
                break
            stop = start + size
            if stop > end:
                if size >= PARTIAL:
                    self._begin_body(flags, size, memoryview(chunk)[start:])
                    at = end
                break
            if alone and not flags & (_MORE | _COMMAND):  # reserved flags are ignored, as libzmq does
                batch.append(data[start:stop])
            else:
                batch = self._take(flags, data[start:stop], batch, items)
                if self.error is not None:
                    break
                alone = self.open is None and not self._parts
            at = stop
        if batch:
            items.append(batch)
        return at

    def _split_run(self, chunk: bytes, batch: list[Message]) -> int:
        """Decode the messages of equal size that the chunk begins with. Returns where they end.

        In interpreted Python this takes 30 ns a message and the loop 170; the compiled loop takes 16, and does without.
        """
        if len(chunk) < _RUN * _HEADER or chunk[0] or chunk[1] > self._limit:
            return 0
        step = _HEADER + chunk[1]
        count = len(chunk) // step
        flags = chunk[0 : count * step : step]
        sizes = chunk[1 : count * step : step]
        count -= max(len(flags.lstrip(b"\0")), len(sizes.lstrip(chunk[1:2])))
        frames = memoryview(chunk)
        blocks = count - count % _BLOCK
        batch.extend(chain.from_iterable(_bodies(chunk[1], _BLOCK).iter_unpack(frames[: blocks * step])))
        batch.extend(chain.from_iterable(_bodies(chunk[1], 1).iter_unpack(frames[blocks * step : count * step])))
        return count * step

    def _take(self, flags: int, body: bytes, batch: list[Message], items: list[Item]) -> list[Message]:
        """Put a frame that may not be a message by itself where it belongs. Returns the batch to go on with."""
        if self.open is not None:
            try:
                flags, body = self.open(body)
            except PeerError as error:
                self.error = error
                return batch
        if flags & _COMMAND:  # may come between the parts of a message (RFC 23, "Commands"), and never has MORE
            if batch:
                items.append(batch)
            items.append(CommandFrame(body))
            return []
        if flags & _MORE:
            if len(self._parts) >= MAX_PARTS:
                self.error = PeerError(f"expected a message of at most {MAX_PARTS} parts, got one of more")
                return batch
            self._parts.append(body)
        elif self._parts:
            self._parts.append(body)
            batch.append(self._parts)
            self._parts = []
        else:
            batch.append(body)
        return batch

    def _begin_body(self, flags: int, size: int, arrived: memoryview) -> None:
        self._flags = flags
        self._body = body = Body(size)
        body.put(arrived)
        self._check_body(body, [])

    def _check_body(self, body: Body, items: list[Item]) -> None:
        """The body has grown: deliver it if it is complete, else say where the rest of it is to be received."""
        if body.missing:
            self.large = body.room if len(body.room) >= LARGE else None
            return
        self.large = self._body = None
        batch = self._take(self._flags, body.finish(), [], items)
        if batch:
            items.append(batch)


def encode(messages: Sequence[Message]) -> list[Part]:
    """The messages as buffers, to be written in this order: each part of at least LARGE octets is one by itself.

    A run of messages of one part and of equal size takes 25 ns a message, of different sizes 75 (compiled: 40).
    """
    if len(messages) >= _RUN:
        joined = _encode_run(messages)
        if joined:
            return [joined]
    buffers: list[Part] = []
    small: list[Part] = []
    for message in messages:
        if type(message) is bytes and len(message) <= _SHORT:
            small.append(_HEADERS[len(message)])
            small.append(message)
            continue
        parts: list[Part] = message if isinstance(message, list) else [message]
        more = len(parts)
        for part in parts:
            more -= 1
            size = len(part) if type(part) is bytes else memoryview(part).nbytes
            if size <= _SHORT:
                small.append(_HEADERS_MORE[size] if more else _HEADERS[size])
            else:
                small.append(_LONG_HEADER.pack(LONG | MORE if more else LONG, size))
            if size < LARGE:
                small.append(part)
            else:
                buffers.append(b"".join(small))
                buffers.append(part)
                small = []
    if small:
        buffers.append(b"".join(small))
    return buffers


def _encode_run(messages: Sequence[Message]) -> bytes:
    """Encode messages of one part each, all of one size that is not large; b"" if that is not what they are."""
    size = len(messages[0])
    if size >= LARGE or len(set(map(len, messages))) != 1:
        return b""
    header = _HEADERS[size] if size <= _SHORT else _LONG_HEADER.pack(LONG, size)
    try:
        joined = header + header.join(messages)  # type: ignore[arg-type]  # a list is refused
    except TypeError:
        return b""
    whole = len(messages) * (size + len(header))
    return joined if len(joined) == whole else b""  # a memoryview's len need not be in octets


def frame(flags: int, body: Part) -> bytes:
    """One small frame, e.g. of a command."""
    size = len(body)
    header = bytes((flags, size)) if size <= _SHORT else _LONG_HEADER.pack(flags | LONG, size)
    return header + body


def encoded_size(message: Message) -> int:
    """How many octets `encode` makes of a message."""
    if isinstance(message, list):
        return sum(map(encoded_size, message))
    size = len(message) if type(message) is bytes else memoryview(message).nbytes
    return size + (_HEADER if size <= _SHORT else _LONG_HEADER.size)
