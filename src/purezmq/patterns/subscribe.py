"""SUB and XSUB: messages of the topics that one subscribed to (RFC 29, "The SUB Socket Type", "The XSUB Socket Type").

Subscriptions are told to each publisher when it is connected, and again when it is connected anew. Imports from this
package only.
"""

from itertools import compress
from typing import ClassVar

from .base import Pattern
from .fair_queue import FairQueue
from .fan_out import FanOut
from .message import Message, pack
from .pipe import Pipe
from .subscriptions import OwnSubscriptions, split


class Subscriber(FairQueue):
    """What SUB and XSUB share: their subscriptions, and the publishers that know them."""

    peer_types = frozenset({b"PUB", b"XPUB"})

    def __init__(self) -> None:
        super().__init__()
        self._topics = OwnSubscriptions()
        self._publishers: set[Pipe] = set()  # those that are connected

    @property
    def topics_count(self) -> int:
        """How many different topics one is subscribed to (TOPICS_COUNT)."""
        return len(self._topics)

    def connected(self, pipe: Pipe) -> None:
        """Tell the publisher each topic once: it keeps a set."""
        super().connected(pipe)
        self._publishers.add(pipe)
        for topic in self._topics:
            pipe.subscribe(topic)

    def disconnected(self, pipe: Pipe) -> None:
        """What changes from now on, the publisher learns when it is connected again."""
        super().disconnected(pipe)
        self._publishers.discard(pipe)

    def _subscribe(self, topic: bytes) -> None:
        """Each subscription is told, repeated ones too: an XPUB_VERBOSE further up wants to know."""
        self._topics.add(topic)
        for pipe in self._publishers:
            pipe.subscribe(topic)

    def _cancel(self, topic: bytes, *, always: bool = False) -> None:
        """The last of equal subscriptions is cancelled upstream; `always`: any."""
        if self._topics.remove(topic) or always:
            for pipe in self._publishers:
                pipe.cancel(topic)


class Sub(Subscriber):
    """SUB: from all publishers in turn, what matches a subscription. Never sends."""

    name = b"SUB"
    options: ClassVar[dict[str, type]] = {"invert_matching": bool, "conflate": bool}

    _next = FairQueue.recv  # its look-up through super() would be a tenth of the cost of a message

    def __init__(self) -> None:
        super().__init__()
        self.invert_matching = False
        self._message: Message | None = None  # fetched by `can_recv`

    # receive

    def recv(self) -> Message | None:
        """The next message that matches. Publishers filter as well, but late, or (ZMTP 1.0) not at all."""
        if self._message is not None:
            fetched, self._message = self._message, None
            return fetched
        while (message := self._next()) is not None:
            if self.wants(message):
                return message
        return None

    def take(self) -> list[Message]:
        """The next messages that match."""
        if self._message is not None or self.conflate:
            return Pattern.take(self)
        while messages := super().take():
            if b"" in self._topics and not self.invert_matching:
                return messages
            wanted = [self.wants(message) for message in messages]
            if all(wanted):
                return messages
            if any(wanted):
                sources = self.sources
                self.sources = [sources[at % len(sources)] for at, wants in enumerate(wanted) if wants]
                return list(compress(messages, wanted))
        return []

    def wants(self, message: Message) -> bool:
        """Whether a subscription covers the message's topic."""
        topic = message[0] if type(message) is list else message
        return self._topics.covers(topic) != self.invert_matching  # type: ignore[arg-type]  # narrowed by the type()

    def can_recv(self) -> bool:
        """Whether some inbox holds a message that matches."""
        if self._message is None:
            self._message = self.recv()
        return self._message is not None

    # options

    def subscribe(self, topic: bytes) -> None:
        """Want all messages that begin with these octets. Counts: two of these need two `unsubscribe`."""
        self._subscribe(topic)

    def unsubscribe(self, topic: bytes) -> None:
        """Undo one `subscribe`; nothing if there was none."""
        self._cancel(topic)


class XSub(Subscriber, FanOut):
    """XSUB: from all publishers in turn, unfiltered; to all publishers, subscriptions and user messages."""

    name = b"XSUB"
    options: ClassVar[dict[str, type]] = {"only_first_subscribe": bool, "xsub_verbose_unsubscribe": bool}

    def __init__(self) -> None:
        super().__init__()
        self.only_first_subscribe = False
        self.xsub_verbose_unsubscribe = False

    # send

    def send(self, message: Message) -> bool:
        """What begins with 1 subscribes, with 0 cancels; the rest goes to all publishers that have room."""
        subscriptions, others = split(message, only_first=self.only_first_subscribe)
        for part in subscriptions:
            if part[0]:
                self._subscribe(bytes(part[1:]))
            else:
                self._cancel(bytes(part[1:]), always=self.xsub_verbose_unsubscribe)
        if others:
            self._spread(pack(others), self._pipes)
        return True
