"""A pipe whose far end is reached over a connection. Its messages are written as soon as they are pushed."""

from typing import TYPE_CHECKING, Protocol

from ..patterns.message import Message
from ..patterns.pipe import Pipe

if TYPE_CHECKING:
    from .session import Session


class Owner(Protocol):
    """What a pipe tells its socket."""

    def condemn(self, pipe: Pipe, reason: str) -> None:
        """The pattern wants the pipe ended."""


class StreamPipe(Pipe):
    """The outbox outlives a connection; `session` is the one it has now, once its handshake is done."""

    __slots__ = ("_owner", "peer_properties", "retired", "session")

    def __init__(self, owner: Owner, send_limit: int, receive_limit: int) -> None:
        super().__init__(send_limit, receive_limit)
        self._owner = owner
        self.session: Session | None = None
        self.peer_properties: dict[bytes, bytes] = {}
        self.retired = False  # its pattern has let go of it; what is queued is still to be delivered

    def push(self, message: Message) -> None:
        """Write a message, or queue it behind those that cannot be written yet."""
        self.push_all([message])

    def push_all(self, messages: list[Message]) -> None:
        """Write messages, or queue them behind those that cannot be written yet."""
        session = self.session
        if session is None or self.outbox or not session.write(messages):
            self.outbox.extend(messages)

    def pull(self, count: int) -> list[Message]:
        """Take so many messages out of the outbox, or all, to be written."""
        outbox = self.outbox
        if len(outbox) > count:
            return [outbox.popleft() for _ in range(count)]
        messages = list(outbox)
        outbox.clear()
        return messages

    def lend(self, count: int) -> list[Message]:
        """As every pipe; faster for all at once, since nobody else fills this inbox meanwhile."""
        if count < len(self.inbox):
            return Pipe.lend(self, count)
        self.lent = count
        messages = list(self.inbox)
        self.inbox.clear()
        self._credit()
        return messages

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
