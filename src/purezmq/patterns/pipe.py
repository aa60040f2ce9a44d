"""A peer as a pattern sees it: what came from it, what goes to it, and how much of either there may be.

A pattern knows nothing of how a pipe's far end is reached. The engine's subclasses move the queues over a connection,
or share them with another socket's pipe (inproc: one pipe's outbox is the other's inbox). In tests a bare `Pipe` does.
"""

from collections import deque

from .message import Message

PLENTY = 1 << 30
"""So many messages fit where there is no limit."""


class Pipe:
    """Two bounded queues of whole messages, one each way (RFC 28 to 31: "a double queue per peer")."""

    __slots__ = (
        "active",
        "fixed_id",
        "inbox",
        "lent",
        "outbox",
        "receive_limit",
        "routing_id",
        "send_limit",
        "stalled",
    )

    def __init__(self, send_limit: int = 0, receive_limit: int = 0) -> None:
        self.inbox: deque[Message] = deque()
        self.outbox: deque[Message] = deque()
        self.send_limit = send_limit  # messages in the outbox; 0 for no limit
        self.receive_limit = receive_limit  # messages in the inbox; 0 for no limit
        self.lent = 0  # messages that have left the inbox and are not read yet
        self.routing_id = b""  # what the peer announced; ROUTER gives a name to those that announce none
        self.fixed_id = False  # CONNECT_ROUTING_ID gave the name: what the peer announces does not matter
        self.active = False  # it stands in the fair queue
        self.stalled = False  # the far side waits for room in the inbox

    def has_room(self) -> bool:
        """Whether the outbox takes one more message."""
        return not self.send_limit or len(self.outbox) < self.send_limit

    def space(self) -> int:
        """How many messages the outbox takes now."""
        if not self.send_limit:
            return PLENTY
        return max(0, self.send_limit - len(self.outbox))

    def push(self, message: Message) -> None:
        """Queue a message for the peer. The caller has asked for room, or means to exceed the limit."""
        self.outbox.append(message)

    def push_all(self, messages: list[Message]) -> None:
        """Queue several; likewise. The list stays as it is: other pipes may be given the same."""
        self.outbox.extend(messages)

    def pop(self) -> Message:
        """The oldest message that came from the peer; the far side goes on when half of the inbox is free.

        Raises IndexError when there is none.
        """
        message = self.inbox.popleft()
        self._credit()
        return message

    def portion(self) -> int:
        """How many messages `lend` may give at once: half of the limit, or all there are when they exceed it anyhow."""
        size = len(self.inbox)
        if not self.receive_limit or size > self.receive_limit:
            return size
        return min(size, max(1, self.receive_limit // 2))

    def lend(self, count: int) -> list[Message]:
        """The oldest messages, to be read one after the other: they count against the limit until `repay`."""
        self.lent = count
        inbox = self.inbox
        messages = [inbox.popleft() for _ in range(count)]
        self._credit()
        return messages

    def repay(self) -> None:
        """What was lent has been read."""
        self.lent = 0
        self._credit()

    def _credit(self) -> None:
        if self.stalled and len(self.inbox) + self.lent <= self.receive_limit // 2:
            self.resume()

    # What follows is the engine's to do; a bare pipe has no far side.

    def resume(self) -> None:
        """There is room in the inbox again: let the far side go on."""
        self.stalled = False

    def subscribe(self, topic: bytes) -> None:
        """Tell the publisher at the far end. Subscriptions are not messages: no limit applies, none is dropped."""

    def cancel(self, topic: bytes) -> None:
        """Tell the publisher at the far end."""

    def drop(self, reason: str) -> None:
        """End this connection: the peer broke a rule of the pattern, or there is no place for it."""
