"""Frames and trackers: a part of a message as an object, and whether the engine is done with it.

A tracked part is handed to the engine as a memoryview made for it alone. As long as the part is queued or being
written, the engine holds that view; when the last reference goes, a weak reference to it says so.

Imports `buffer_protocol`, `buffers` and the public `constants` and `error`.
"""

import sys
import time
from collections.abc import Mapping
from io import BytesIO
from threading import Event, Lock
from typing import Any, ClassVar, Literal, Self, overload
from weakref import ref

from ..constants import Errno, MessageOption
from ..error import NotDone, ZMQError, from_errno
from .buffers import Buffer, shared

__all__ = ["COPY_THRESHOLD", "Frame", "Message", "MessageTracker"]

Octets = bytes  # Frame has a property of that name

COPY_THRESHOLD = 65536
"""Octets: parts smaller than this are copied even with `copy=False`, because tracking them costs more than copying."""

WEEK = 7 * 24 * 3600.0

SHORT = 16
"""Octets that a Frame's repr shows in full."""

UNITS = ((10**9, 10**9, "GB"), (2**20, 10**6, "MB"), (10**3, 10**3, "kB"))
"""For a Frame's repr: from which size on, divided by how much, which unit."""


class Released(Event):
    """An event that is set when a memoryview is gone.

    A finalizer may run in the middle of any line, also in the middle of `wait`, so `set` must take no lock that this
    thread might hold. A lock that is only ever released once does: who waits passes it on.
    """

    def __init__(self, view: memoryview) -> None:
        super().__init__()
        self._gate = Lock()
        self._gate.acquire()
        self._released = False
        self._view = ref(view, lambda _: self.set())

    def is_set(self) -> bool:
        """Whether the view is gone."""
        return self._released

    def set(self) -> None:
        """Say that the view is gone. Called once."""
        self._released = True
        self._gate.release()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the view is gone; seconds, None for ever."""
        if not self._released and self._gate.acquire(timeout=-1 if timeout is None else max(timeout, 0.0)):
            self._gate.release()
        return self._released


class MessageTracker:
    """Whether purezmq is done with one or several messages that were sent with `copy=False, track=True`.

    Parameters
    ----------
    towatch : Event, MessageTracker or Frame
        What to wait for; all of them must be done. A Frame must be tracked (ValueError).
    """

    events: set[Event]
    peers: "set[MessageTracker]"

    def __init__(self, *towatch: "Event | MessageTracker | Frame") -> None:
        self.events = set()
        self.peers = set()
        for watched in towatch:
            if isinstance(watched, Event):
                self.events.add(watched)
            elif isinstance(watched, MessageTracker):
                self.peers.add(watched)
            elif not isinstance(watched, Frame):
                raise TypeError(f"Require Events or Message Frames, not {type(watched)}")
            elif watched.tracker is None:
                raise ValueError("Not a tracked message")
            else:
                self.peers.add(watched.tracker)

    @property
    def done(self) -> bool:
        """True when none of the messages is in use any more: their memory may be changed."""
        return all(event.is_set() for event in self.events) and all(peer.done for peer in self.peers)

    def wait(self, timeout: float | bool = -1) -> None:
        """Wait until `done`.

        Parameters
        ----------
        timeout : float
            Seconds; negative (the default) or False: as long as it takes.

        Raises
        ------
        NotDone
            when the time is up
        """
        forever = timeout is False or timeout < 0
        deadline = time.monotonic() + (WEEK if forever else timeout)
        for event in self.events:
            if not event.wait(deadline - time.monotonic()):
                raise NotDone(f"the message is still in use after {timeout} s")
        for peer in self.peers:
            peer.wait(max(deadline - time.monotonic(), 0.0))


_FINISHED_TRACKER = MessageTracker()


class Frame:
    """One part of a message, for sending without a copy and for what came along with a received part.

    Parameters
    ----------
    data : bytes or any buffer
        The content. `str` is refused (TypeError), a buffer with gaps too (BufferError).
    track : bool
        Make a `tracker`, which tells when the memory of `data` is no longer in use.
    copy : bool or None
        False: share the memory of `data`. None (the default): share it from `copy_threshold` octets on.
    copy_threshold : int
        Octets, default `COPY_THRESHOLD`.

    A Frame that `recv(copy=False)` returned knows its peer: ``frame.get("Peer-Address")`` or ``frame["Socket-Type"]``.
    It is a buffer itself: ``memoryview(frame)``, ``numpy.frombuffer(frame)``.
    """

    __slots__ = ("__weakref__", "_bytes", "_part", "_properties", "_shared", "more", "tracker", "tracker_event")

    _is_buffer: ClassVar[bool] = sys.version_info >= (3, 12) or sys.implementation.name != "cpython"

    more: bool
    """Whether another part of the same message follows."""
    tracker: MessageTracker | None
    """Tells when the memory is no longer in use; None when not tracked."""
    tracker_event: Event | None
    """What `tracker` waits for, when the memory is shared and tracked."""

    def __init__(
        self,
        data: Buffer | None = None,
        track: bool = False,
        copy: bool | None = None,
        copy_threshold: int | None = None,
    ) -> None:
        if not Frame._is_buffer:
            _become_buffers()
        self._bytes: Octets | None = None
        self._properties: Mapping[Octets, Octets] = {}
        self._shared = False
        self.more = False
        self.tracker = _FINISHED_TRACKER if track else None
        self.tracker_event = None
        self._part: Octets | memoryview = b""
        if isinstance(data, str):
            raise TypeError("Str objects not allowed. Only: bytes, buffer interfaces.")
        if data is not None:
            self._take(data, copy, COPY_THRESHOLD if copy_threshold is None else copy_threshold)

    def _take(self, data: Buffer, copy: bool | None, threshold: int) -> None:
        view = shared(data)
        if copy or (copy is None and threshold and view.nbytes < threshold):
            self._part = view.tobytes()
            return
        self._part = view
        if self.tracker is not None:
            self.tracker_event = Released(view)
            self.tracker = MessageTracker(self.tracker_event)

    @classmethod
    def received(cls, part: Octets | memoryview, more: bool, properties: Mapping[Octets, Octets], track: bool) -> Self:
        """Make a Frame around a part that came from the engine."""
        frame = cls(track=track)
        frame._part = part
        frame.more = more
        frame._properties = properties
        return frame

    @property
    def part(self) -> Octets | memoryview:
        """What is handed to the engine."""
        return self._part

    # content

    @property
    def bytes(self) -> Octets:
        """The content as bytes; the same object each time."""
        if type(self._part) is bytes:
            return self._part
        if self._bytes is None:
            self._bytes = bytes(self._part)
        return self._bytes

    @property
    def buffer(self) -> memoryview:
        """The content as a memoryview, the same one each time.

        It may be written to, unless the Frame shares the memory of something that may not. No copy is made when this
        Frame is the only one that holds the content.
        """
        if type(self._part) is bytes:
            stream = BytesIO(self._part)
            self._part = b""  # a BytesIO that is the only owner of its bytes does not copy them
            self._part = stream.getbuffer()
        return self._part  # type: ignore[return-value]  # no longer bytes

    def __buffer__(self, flags: int, /) -> memoryview:
        return self.buffer[:]

    def __len__(self) -> int:
        return len(self._part)

    def __bytes__(self) -> Octets:
        return self.bytes

    def __copy__(self) -> Self:
        """Another Frame of the same memory and the same tracker."""
        return self.fast_copy()

    def fast_copy(self) -> Self:
        """Another Frame of the same memory and the same tracker."""
        frame = type(self)()
        for name in ("_bytes", "_part", "_properties", "tracker", "tracker_event"):
            setattr(frame, name, getattr(self, name))
        self._shared = frame._shared = True
        return frame

    def __repr__(self) -> str:
        cls = type(self)
        module = "zmq" if cls is Frame else cls.__module__
        size = len(self)
        if size <= SHORT:
            return f"<{module}.{cls.__name__}({self.bytes!r})>"
        return f"<{module}.{cls.__name__}({bytes(self._part[:12])!r}...{_human(size)})>"

    # properties

    def __getitem__(self, key: int | str | Octets) -> int | str:
        """As `get`."""
        return self.get(key)

    @overload
    def get(self, option: int | Literal["routing_id"]) -> int: ...
    @overload
    def get(self, option: Octets | Literal["group"]) -> str: ...
    @overload
    def get(self, option: str) -> int | str: ...
    def get(self, option: int | str | Octets) -> int | str:
        """Return a number (`zmq.MORE`, `zmq.SHARED`), or by name what is known of the peer that sent the message.

        Names: "Socket-Type", "Identity" (also "Routing-Id"), "Peer-Address", "User-Id", and what the peer announced
        under a name that begins with "X-". Raises ZMQError(EINVAL) for one that is not there.
        """
        if isinstance(option, int):
            if option == MessageOption.MORE:
                return int(self.more)
            if option == MessageOption.SHARED:
                return int(self._shared)
            raise from_errno(Errno.EINVAL)
        name = option.encode() if isinstance(option, str) else option
        if not isinstance(name, bytes):
            raise TypeError(f"expected str, got: {option!r}")
        value = self._properties.get(b"Identity" if name == b"Routing-Id" else name)
        if value is None:
            raise from_errno(Errno.EINVAL)
        return value.decode("utf-8", "replace")

    def set(self, option: int | str, value: Any) -> None:
        """No option of a Frame can be set: ZMQError(EINVAL)."""
        if option == "routing_id":
            self.routing_id = value
        elif option == "group":
            self.group = value
        elif not isinstance(option, int):
            raise TypeError(f"expected int, got: {option!r}")
        raise from_errno(Errno.EINVAL)

    def __getattr__(self, name: str) -> int | str:
        try:
            return self.get(MessageOption[name.upper()])
        except (KeyError, ZMQError):
            raise AttributeError(f"{type(self).__name__} has no such option: {name.upper()}") from None

    @property
    def routing_id(self) -> int:
        """For SERVER and CLIENT sockets, which do not exist yet: RuntimeError."""
        raise refuse_draft("CLIENT-SERVER")

    @routing_id.setter
    def routing_id(self, routing_id: int) -> None:
        raise refuse_draft("CLIENT-SERVER")

    @property
    def group(self) -> str:
        """For RADIO and DISH sockets, which do not exist yet: RuntimeError."""
        raise refuse_draft("RADIO-DISH")

    @group.setter
    def group(self, group: str | Octets) -> None:
        raise refuse_draft("RADIO-DISH")


Message = Frame


def refuse_draft(feature: str) -> RuntimeError:
    """Make the error for what belongs to the draft socket types."""
    return RuntimeError(f"the draft socket types are not supported: no {feature}")


def _become_buffers() -> None:
    """In Python 3.11; needed as soon as there is a Frame."""
    from .buffer_protocol import export  # noqa: PLC0415 (importing ctypes takes time)

    export(Frame)
    Frame._is_buffer = True


def _human(size: int) -> str:
    for least, divisor, unit in UNITS:
        if size >= least:
            return f"{size // divisor}{unit}"
    return f"{size}B"
