"""The words that the patterns' tests are written in: patterns joined by pipes in memory, or with a pipe for a peer.

Messages are `Any` here: whether one is typed as a message is not what these tests are about.
"""

from collections.abc import Sequence
from typing import Any

from purezmq.patterns.base import Pattern
from purezmq.patterns.message import Message
from purezmq.patterns.pipe import PLENTY, Pipe


class Peer(Pipe):
    """A pipe whose far end is the test: what was asked of it is written down."""

    __slots__ = ("dropped", "told")

    def __init__(self, send_limit: int = 0, receive_limit: int = 0, routing_id: bytes = b"") -> None:
        super().__init__(send_limit, receive_limit)
        self.routing_id = routing_id
        self.told: list[tuple[str, bytes]] = []
        self.dropped = ""

    def subscribe(self, topic: bytes) -> None:
        self.told.append(("subscribe", topic))

    def cancel(self, topic: bytes) -> None:
        self.told.append(("cancel", topic))

    def drop(self, reason: str) -> None:
        self.dropped = reason

    def got(self) -> list[Any]:
        """What the pattern has sent since this was last asked."""
        messages = list(self.outbox)
        self.outbox.clear()
        return messages


def join(pattern: Pattern, *peers: Pipe) -> None:
    """The peers are there, their handshakes are done."""
    for peer in peers:
        pattern.attached(peer)
        pattern.connected(peer)


def leave(pattern: Pattern, peer: Pipe) -> None:
    """The peer is gone for good."""
    pattern.disconnected(peer)
    pattern.detached(peer)


def tells(pattern: Pattern, peer: Pipe, *messages: Any) -> None:
    """The peer sent these."""
    peer.inbox.extend(messages)
    pattern.delivered(peer)


class End(Pipe):
    """One end of a link: its outbox is the other end's inbox."""

    __slots__ = ("far", "owner")

    far: "End"

    def __init__(self, owner: Pattern, limit: int) -> None:
        super().__init__(send_limit=limit, receive_limit=limit)
        self.owner = owner

    def has_room(self) -> bool:
        return self.space() > 0

    def space(self) -> int:
        if not self.send_limit:
            return PLENTY
        space = max(0, self.send_limit - len(self.outbox) - self.far.lent)
        if not space:
            self.far.stalled = True
        return space

    def push(self, message: Message) -> None:
        self.push_all([message])

    def push_all(self, messages: list[Message]) -> None:
        super().push_all(messages)
        if not self.far.active:
            self.far.owner.delivered(self.far)

    def resume(self) -> None:
        super().resume()
        self.far.owner.writable(self.far)

    def subscribe(self, topic: bytes) -> None:
        self.far.owner.subscribed(self.far, topic)

    def cancel(self, topic: bytes) -> None:
        self.far.owner.cancelled(self.far, topic)


class Pair:
    """Two patterns and the link between them."""

    def __init__(self, left: Pattern, right: Pattern, *, ids: Sequence[bytes] = (b"", b""), limit: int = 0) -> None:
        self.ends = End(left, limit), End(right, limit)
        one, other = self.ends
        one.far, other.far = other, one
        one.outbox, other.outbox = other.inbox, one.inbox
        other.routing_id, one.routing_id = ids
        for end in self.ends:
            end.owner.attached(end)
        for end in self.ends:
            end.owner.connected(end)

    def part(self) -> None:
        """The link is gone for good; what arrived stays readable."""
        for end in self.ends:
            leave(end.owner, end)


def says(pattern: Pattern, message: Any) -> None:
    """The message is taken at once."""
    assert pattern.send(message) is True


def must_wait(pattern: Pattern, message: Any) -> None:
    """The message is not taken now."""
    assert pattern.send(message) is False


def hears(pattern: Pattern, message: Any) -> None:
    """This message is next, as polling has announced."""
    assert pattern.can_recv()
    assert pattern.recv() == message


def is_silent(pattern: Pattern) -> None:
    """There is nothing to receive."""
    assert pattern.recv() is None
    assert not pattern.can_recv()


def takes_all(pattern: Pattern) -> list[Any]:
    """Everything that there is to receive, as the engine fetches it: so much at a time as the pattern gives."""
    messages: list[Any] = []
    while portion := pattern.take():
        messages += portion
    return messages


def hears_all(pattern: Pattern) -> list[Any]:
    """Everything that there is to receive."""
    messages = []
    while (message := pattern.recv()) is not None:
        messages.append(message)
    return messages
