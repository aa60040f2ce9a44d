"""A pipe whose far end is reached over a connection: when to write at once, and when to let a burst gather.

The first message after a pause is written before `push` returns. Messages that follow one another within microseconds
are a burst: they gather until a batch is full, the caller does something else with the socket, or a millisecond is
over (then the reactor writes them). One system call for each batch instead of each message is what makes the rate.
"""

from time import monotonic
from typing import TYPE_CHECKING, Protocol

from ..patterns.message import Message
from ..patterns.pipe import Pipe

if TYPE_CHECKING:
    from .session import Session

BURST_GAP = 10e-6
"""Seconds: messages closer together than this are a burst. A round trip on a fast machine takes twice as long."""

BATCH = 128
"""Messages that gather at most before they are written."""

BATCH_OCTETS = 65536
"""About as many octets: big messages gather in smaller numbers, the biggest not at all."""


class Owner(Protocol):
    """What a pipe tells its socket."""

    def gathers(self, pipe: "StreamPipe") -> None:
        """Messages begin to gather in the pipe."""

    def condemn(self, pipe: Pipe, reason: str) -> None:
        """The pattern wants the pipe ended."""


class StreamPipe(Pipe):
    """The outbox outlives a connection; `session` is the one it has now."""

    __slots__ = ("_last_push", "_owner", "batch", "gathering", "peer_properties", "retired", "session")

    def __init__(self, owner: Owner, send_limit: int, receive_limit: int) -> None:
        super().__init__(send_limit, receive_limit)
        self._owner = owner
        self.session: Session | None = None
        self.peer_properties: dict[bytes, bytes] = {}
        self.batch = min(BATCH, send_limit or BATCH)  # how many of the messages that it carries make a batch
        self.gathering = False
        self.retired = False  # its pattern has let go of it; what is queued is still to be delivered
        self._last_push = 0.0

    def push(self, message: Message) -> None:
        """Queue a message, and write what is queued unless more is likely to come."""
        self.outbox.append(message)
        session = self.session
        if session is None:
            return
        now = monotonic()
        if now - self._last_push > BURST_GAP or len(self.outbox) >= self.batch:
            session.flush()
            self._last_push = monotonic()
        else:
            self._last_push = now
            if not self.gathering:
                self.gathering = True
                self._owner.gathers(self)

    def flush(self) -> None:
        """Write what has gathered."""
        self.gathering = False
        if self.session is not None:
            self.session.flush()

    def sized(self, messages: int, octets: int) -> None:
        """Learn from a batch that was encoded how many messages the next should have."""
        self.batch = min(BATCH, self.send_limit or BATCH, max(1, BATCH_OCTETS * messages // (octets or 1)))

    def resume(self) -> None:
        """Read from the connection again."""
        self.stalled = False
        if self.session is not None:
            self.session.resume_reading()

    def subscribe(self, topic: bytes) -> None:
        """Send SUBSCRIBE; a connection that is yet to come gets all subscriptions when it is there."""
        if self.session is not None:
            self.session.send_subscribe(topic)

    def cancel(self, topic: bytes) -> None:
        """Send CANCEL."""
        if self.session is not None:
            self.session.send_cancel(topic)

    def drop(self, reason: str) -> None:
        """Have the socket close the connection, once the pattern is done."""
        self._owner.condemn(self, reason)
