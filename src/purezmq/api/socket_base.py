"""What all parts of a Socket share: the engine's socket, and the parts of half-sent and half-received messages.

Imports `attributes`, `buffers`, `translate`, the engine's socket, and the public `constants` and `error`.
"""

from collections.abc import Mapping
from operator import index
from typing import TYPE_CHECKING, NamedTuple

from ..constants import Errno, Flag, PollEvent, SocketType
from ..error import ZMQError, from_errno
from ..patterns.message import Part
from .attributes import SocketAttributes
from .express import Express
from .translate import CORE_ERRORS, translated

if TYPE_CHECKING:
    from .buffers import PerThread

DONTWAIT = int(Flag.DONTWAIT)
SNDMORE = int(Flag.SNDMORE)
POLLIN, POLLOUT = int(PollEvent.POLLIN), int(PollEvent.POLLOUT)

TAKES_TURNS = {SocketType.REQ, SocketType.REP}
"""Those that send nothing before a message is received to its last part."""


class Rest(NamedTuple):
    """The parts of a received message that its receiver has not yet taken, the next one last; and who sent it.

    `number` is that of its first receiver if others follow, because the message was given back; else 0.
    """

    parts: list[Part]
    properties: Mapping[bytes, bytes]
    number: int = 0


class SocketBase(Express, SocketAttributes):
    """What is asked of a Socket here and there."""

    __slots__ = ()

    _unsent: "PerThread[list[Part]]"
    _unread: "PerThread[Rest]"

    @property
    def closed(self) -> bool:
        """Whether the socket is closed, by whatever hand."""
        return self._core.closed

    def _check_open(self) -> None:
        if self._core.closed:
            raise self._refusal(Errno.ENOTSOCK, "is closed")
        if self._core.context.terminated:
            raise self._refusal(Errno.ETERM, "can only be closed")

    def _refusal(self, errno: int, reason: str) -> ZMQError:
        return from_errno(errno, f"{self!r} {reason}")

    def _send_timeout(self, flags: int) -> float | None:
        return 0.0 if index(flags) & DONTWAIT else self._core_options.sndtimeo

    def _recv_timeout(self, flags: int) -> float | None:
        return 0.0 if index(flags) & DONTWAIT else self._core_options.rcvtimeo

    # what was received in part

    def _is_left_over(self) -> bool:
        """Whether something that has left the engine is still to be received in this thread."""
        return self._unread.mine() is not None

    def _must_receive(self) -> bool:
        """Whether that comes before anything can be sent."""
        core = self._core
        return core.type in TAKES_TURNS and self._is_left_over() and not getattr(core.pattern, "req_relaxed", False)

    def _leave_it(self) -> None:
        """It is not to be received any more."""
        self._unread.drop()

    def _check_turn(self) -> None:
        """Raise EFSM if it is to be received first. With REQ_RELAXED it is left, for another request may be sent."""
        if self._core.type in TAKES_TURNS and self._is_left_over():
            if self._must_receive():
                raise self._refusal(Errno.EFSM, "has (parts of) the last message still to be received")
            self._leave_it()

    # for poll loops

    def _ready(self) -> int:
        """POLLIN, POLLOUT or both, as things are now."""
        try:
            events = self._core.events()
        except CORE_ERRORS as error:
            raise translated(error) from None
        if self._is_left_over():
            events |= POLLIN
            if self._must_receive():
                events &= ~POLLOUT
        return events

    def _wait(self, events: int, timeout: float | None) -> int:
        """Wait for one of these events, in seconds; those that came, 0 when the time is up."""
        if self._is_left_over():
            if events & POLLIN:
                return self._ready() & events
            if self._must_receive():
                events = 0
        try:
            return self._core.wait(events, timeout)
        except CORE_ERRORS as error:
            raise translated(error) from None
