"""Sending and receiving with a Socket: whole messages, parts, and what they are made of.

The engine moves whole messages only. A message that is sent part by part (SNDMORE) is put together here, one that is
received part by part is handed out from here; each thread has its own, so that none tears the messages of another.

Imports `socket_base`, `buffers`, `message`, `translate`, and the public `constants` and `error`.
"""

from collections.abc import Iterable, Iterator
from operator import index
from typing import TYPE_CHECKING, Any, Literal, overload

from ..constants import Errno
from ..engine.errors import WouldBlock
from ..error import ZMQError
from ..patterns.message import as_parts, pack
from .buffers import Buffer, copied, shared
from .message import _FINISHED_TRACKER, Frame, MessageTracker, refuse_draft
from .socket_base import SNDMORE, Rest, SocketBase
from .translate import CORE_ERRORS, translated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..patterns.message import Message, Part

ENDS = {Errno.ENOTSOCK, Errno.ETERM}

SHOWN = 32
"""Characters of a wrong value that an error's text repeats."""


class Transfer(SocketBase):
    """What goes in and out of a Socket."""

    __slots__ = ()

    copy_threshold: int
    """Octets: with `copy=False`, parts smaller than this are copied all the same. Default `zmq.COPY_THRESHOLD`."""

    if TYPE_CHECKING:  # what `Express` does, in types

        @overload  # a Frame is a Buffer, too: what is sent of it is never copied
        def send(  # type: ignore[overload-overlap]
            self,
            data: Frame,
            flags: int = 0,
            copy: bool = True,
            track: bool = False,
            routing_id: int | None = None,
            group: str | None = None,
        ) -> MessageTracker: ...
        @overload
        def send(
            self,
            data: Buffer,
            flags: int = 0,
            copy: Literal[True] = True,
            track: bool = False,
            routing_id: int | None = None,
            group: str | None = None,
        ) -> None: ...
        @overload
        def send(
            self,
            data: Buffer,
            flags: int = 0,
            *,
            copy: Literal[False],
            track: bool = False,
            routing_id: int | None = None,
            group: str | None = None,
        ) -> MessageTracker: ...
        @overload
        def send(
            self,
            data: Buffer,
            flags: int,
            copy: Literal[False],
            track: bool = False,
            routing_id: int | None = None,
            group: str | None = None,
        ) -> MessageTracker: ...
        @overload
        def send(
            self,
            data: Buffer | Frame,
            flags: int = 0,
            copy: bool = True,
            track: bool = False,
            routing_id: int | None = None,
            group: str | None = None,
        ) -> MessageTracker | None: ...
        def send(self, *args: Any, **kwargs: Any) -> Any: ...  # noqa: D102

        def send_multipart(  # noqa: D102
            self,
            msg_parts: Iterable[Buffer | Frame],
            flags: int = 0,
            copy: bool = True,
            track: bool = False,
            **kwargs: Any,
        ) -> MessageTracker | None: ...

        @overload
        def recv(self, flags: int = 0, copy: Literal[True] = True, track: bool = False) -> bytes: ...
        @overload
        def recv(self, flags: int = 0, *, copy: Literal[False], track: bool = False) -> Frame: ...
        @overload
        def recv(self, flags: int, copy: Literal[False], track: bool = False) -> Frame: ...
        @overload
        def recv(self, flags: int = 0, copy: bool = True, track: bool = False) -> bytes | Frame: ...
        def recv(self, *args: Any, **kwargs: Any) -> Any: ...  # noqa: D102
        @overload
        def recv_multipart(self, flags: int = 0, copy: Literal[True] = True, track: bool = False) -> list[bytes]: ...
        @overload
        def recv_multipart(self, flags: int = 0, *, copy: Literal[False], track: bool = False) -> list[Frame]: ...
        @overload
        def recv_multipart(self, flags: int, copy: Literal[False], track: bool = False) -> list[Frame]: ...
        @overload
        def recv_multipart(
            self, flags: int = 0, copy: bool = True, track: bool = False
        ) -> list[bytes] | list[Frame]: ...
        def recv_multipart(self, *args: Any, **kwargs: Any) -> Any: ...  # noqa: D102

    # send

    def _send_part(
        self,
        data: Buffer | Frame,
        flags: int,
        copy: bool,
        track: bool,
        routing_id: int | None,
        group: str | None,
    ) -> MessageTracker | None:
        self._check_open()
        _check_draft(routing_id, group)
        part, tracker = self._outgoing(data, copy, track)
        self._send([part], index(flags))
        return tracker

    def _send_parts(
        self,
        parts: list[Buffer | Frame],
        flags: int,
        copy: bool,
        track: bool,
        others: dict[str, Any],
    ) -> MessageTracker | None:
        if not parts:
            raise IndexError("a message has at least one part; got none")
        self._check_open()
        _check_draft(others.get("routing_id"), others.get("group"))
        _check_buffers(parts)
        outgoing = [self._outgoing(part, copy, track) for part in parts]
        self._send([part for part, _ in outgoing], index(flags))
        return _together([tracker for _, tracker in outgoing])

    def _outgoing(self, data: Buffer | Frame, copy: bool, track: bool) -> "tuple[Part, MessageTracker | None]":
        """A part for the engine, and its tracker."""
        if isinstance(data, str):
            raise TypeError("unicode not allowed, use send_string")
        if isinstance(data, Frame):
            if track and data.tracker is None:
                raise ValueError("Not a tracked message")
            return data.part, data.tracker
        if copy:
            return copied(data), None
        if shared(data).nbytes < self.copy_threshold:
            return copied(data), _FINISHED_TRACKER
        frame = Frame(data, track=track, copy=False)
        return frame.part, frame.tracker

    def _send(self, parts: "list[Part]", flags: int) -> None:
        """Send, or keep until the last part comes: this thread's parts of a message."""
        self._check_turn()
        earlier = self._unsent.mine() or []
        try:
            if not flags & SNDMORE:
                self._core.send(pack([*earlier, *parts]), self._send_timeout(flags))
                self._unsent.drop()
            elif earlier:
                earlier.extend(parts)
            else:
                self._core.check_send(parts[0], self._send_timeout(flags))
                self._unsent.keep(parts)
        except WouldBlock as error:
            raise translated(error) from None  # and the last part may be sent again
        except CORE_ERRORS as error:
            self._unsent.drop()
            raise translated(error) from None

    # receive

    def _recv_part(self, flags: int, copy: bool, track: bool) -> bytes | Frame:
        rest = self._unread.mine()
        if rest is not None:
            self._check_open()
            part, properties = self._next(rest), rest.properties
        else:
            message, properties = self._recv_from(flags)
            part = self._first(message, properties)
        if copy:
            return bytes(part)
        return Frame.received(part, self._unread.mine() is not None, properties, track)

    def _recv_parts(self, flags: int, copy: bool, track: bool) -> list[bytes] | list[Frame]:
        rest = self._unread.mine()
        if rest is not None:
            self._check_open()
            self._unread.drop()
            parts, properties = rest.parts[::-1], rest.properties
        else:
            message, properties = self._recv_from(flags)
            parts = as_parts(message)
        if copy:
            return [bytes(part) for part in parts]
        last = len(parts) - 1
        return [Frame.received(part, number < last, properties, track) for number, part in enumerate(parts)]

    def recv_into(self, buffer: Buffer, /, *, nbytes: int = 0, flags: int = 0) -> int:
        """Receive a message, or the next part of one, into memory that is already there.

        Parameters
        ----------
        buffer : writable buffer
            Where the content goes.
        nbytes : int
            At most so many octets; 0 (the default): as many as there is room for. The rest of a longer part is lost.
        flags : int
            DONTWAIT: do not wait for a message.

        Returns
        -------
        int
            the length of the part; of more than there was room for, the beginning was stored

        Raises
        ------
        ValueError, BufferError, TypeError
            before anything is received, when `nbytes` is negative or larger than the buffer, or the buffer has gaps,
            cannot be written to, or is none
        ZMQError
            as `recv`
        """
        self._check_open()
        room = _room(buffer, nbytes)
        part = self.recv(flags)
        count = min(len(part), room.nbytes)
        if count:
            room[:count] = part[:count] if count < len(part) else part
        return len(part)

    def __iter__(self) -> Iterator[list[bytes]]:
        """The messages as they come, each as `recv_multipart` returns it: a list of parts, of one part too.

        ::

            for [message] in pull: ...
            for topic, text in subscriber: ...

        It ends when the socket is closed or the context terminated. Raises Again when RCVTIMEO is over.
        """
        while True:
            try:
                message = self.recv_multipart()
            except ZMQError as error:
                if error.errno in ENDS:
                    return
                raise
            yield message

    def _recv_from(self, flags: int) -> "tuple[Message, Mapping[bytes, bytes]]":
        try:
            return self._core.recv_from(self._recv_timeout(flags))
        except CORE_ERRORS as error:
            raise translated(error) from None

    def _first(self, message: "Message", properties: "Mapping[bytes, bytes]") -> "Part":
        """The first part of a message; the others are kept for this thread."""
        parts = as_parts(message)
        if len(parts) > 1:
            self._unread.keep(Rest(parts[:0:-1], properties))
        return parts[0]

    def _first_of(self, message: "Message") -> bytes:
        return bytes(self._first(message, {}))

    def _next(self, rest: Rest) -> "Part":
        part = rest.parts.pop()
        if not rest.parts:
            self._unread.drop()
        return part


def _check_buffers(parts: list[Any]) -> None:
    for number, part in enumerate(parts):
        if isinstance(part, Frame):
            continue
        try:
            memoryview(part)
        except TypeError:
            shown = repr(part)
            shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}..."
            raise TypeError(f"Frame {number} ({shown}) does not support the buffer interface.") from None


def _check_draft(routing_id: int | None, group: str | None) -> None:
    if routing_id is not None:
        raise refuse_draft("CLIENT-SERVER")
    if group is not None:
        raise refuse_draft("RADIO-DISH")


def _together(trackers: list[MessageTracker | None]) -> MessageTracker | None:
    """One tracker for all that are tracked."""
    tracked = {tracker for tracker in trackers if tracker is not None}
    waiting = tracked - {_FINISHED_TRACKER}
    if waiting:
        return waiting.pop() if len(waiting) == 1 else MessageTracker(*waiting)
    return _FINISHED_TRACKER if trackers[-1] is not None else None


def _room(buffer: Buffer, nbytes: int) -> memoryview:
    """The octets of a buffer to receive into."""
    if nbytes < 0:
        raise ValueError(f"{nbytes=} must be non-negative")
    view = memoryview(buffer)
    if view.readonly:
        raise BufferError("expected a buffer that can be written to; this one is read-only")
    if not view.c_contiguous:
        raise BufferError(f"expected a contiguous buffer; this one has strides {view.strides}")
    if nbytes > view.nbytes:
        raise ValueError(f"{nbytes=} too big for memoryview of {view.nbytes}B")
    return view.cast("B")[: nbytes or None] if view.nbytes else view[:0]
