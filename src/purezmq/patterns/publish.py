"""PUB and XPUB: messages for all who subscribed (RFC 29, "The PUB Socket Type", "The XPUB Socket Type").

Subscriptions come as commands, or as messages that begin with 1 or 0; the latter are picked out here, since only a
publisher takes them for that. XPUB's application sees what changed as messages of that form. Imports from this package
only.
"""

from collections import Counter, deque
from collections.abc import Set as AbstractSet
from typing import ClassVar, NamedTuple

from .base import Pattern
from .errors import BadValue
from .fan_out import FanOut
from .message import Message, first_part, pack
from .pipe import PLENTY, Pipe
from .subscriptions import CANCEL, SUBSCRIBE, PeerSubscriptions, split


class Incoming(NamedTuple):
    """What XPUB's application is to read."""

    message: Message
    pipe: Pipe
    is_event: bool


class XPub(FanOut):
    """XPUB: to each peer that subscribed to a prefix of the first part; from them, subscriptions and user messages."""

    name = b"XPUB"
    peer_types = frozenset({b"SUB", b"XSUB"})
    options: ClassVar[dict[str, type]] = {
        "xpub_verbose": bool,
        "xpub_verboser": bool,
        "xpub_manual": bool,
        "xpub_manual_last_value": bool,
        "xpub_nodrop": bool,
        "xpub_welcome_msg": bytes,
        "only_first_subscribe": bool,
        "invert_matching": bool,
    }

    def __init__(self) -> None:
        super().__init__()
        self.xpub_verbose = False
        self.xpub_verboser = False
        self.xpub_manual = False
        self.xpub_manual_last_value = False
        self.xpub_nodrop = False
        self.xpub_welcome_msg = b""
        self.only_first_subscribe = False
        self.invert_matching = False
        self._subscriptions = PeerSubscriptions()  # what decides who gets a message
        self._requested = PeerSubscriptions()  # under XPUB_MANUAL: what the peers asked for
        self._incoming: deque[Incoming] = deque()
        self._kept: Counter[Pipe] = Counter()  # user messages in `_incoming`
        self._last: Pipe | None = None  # the sender of the event that was received last

    @property
    def topics_count(self) -> int:
        """How many different topics there are subscriptions for (TOPICS_COUNT)."""
        return len(self._subscriptions)

    # peers come and go

    def attached(self, pipe: Pipe) -> None:
        """The welcome message comes before all others; the subscriber must have asked for its topic, as for any."""
        super().attached(pipe)
        if self.xpub_welcome_msg:
            pipe.push(self.xpub_welcome_msg)

    def delivered(self, pipe: Pipe) -> None:
        """Pick out subscriptions; take over user messages, as many as the inbox may hold."""
        while pipe.inbox and not 0 < pipe.receive_limit <= self._kept[pipe]:
            self._examine(pipe)

    def subscribed(self, pipe: Pipe, topic: bytes) -> None:
        """A set: repeating a subscription changes nothing. The first one for a topic is an event."""
        if self.xpub_manual:
            self._requested.add(topic, pipe)
            self._tell(pipe, SUBSCRIBE + topic)
        elif self._subscriptions.add(topic, pipe) or self.xpub_verbose or self.xpub_verboser:
            self._tell(pipe, SUBSCRIBE + topic)

    def cancelled(self, pipe: Pipe, topic: bytes) -> None:
        """That nobody has the topic (any more) is an event."""
        if self.xpub_manual:
            self._requested.remove(topic, pipe)
            self._tell(pipe, CANCEL + topic)
        else:
            self._subscriptions.remove(topic, pipe)
            self._tell_if_unwanted(pipe, topic)

    def detached(self, pipe: Pipe) -> None:
        """Its subscriptions are cancelled. Under XPUB_MANUAL those count that the peer has asked for."""
        super().detached(pipe)
        while pipe.inbox:
            self._examine(pipe)
        for topic in self._requested.leave(pipe):
            self._tell(pipe, CANCEL + topic)
        for topic in self._subscriptions.leave(pipe):
            if not self.xpub_manual:
                self._tell_if_unwanted(pipe, topic)
        if pipe is self._last:
            self._last = None

    def _examine(self, pipe: Pipe) -> None:
        """One message from the pipe: subscriptions, user data, or both."""
        subscriptions, others = split(pipe.pop(), only_first=self.only_first_subscribe)
        for part in subscriptions:
            change = self.subscribed if part[0] else self.cancelled
            change(pipe, bytes(part[1:]))
        if others:
            self._keep(pipe, pack(others))

    def _tell_if_unwanted(self, pipe: Pipe, topic: bytes) -> None:
        if self.xpub_verboser or topic not in self._subscriptions:
            self._tell(pipe, CANCEL + topic)

    def _tell(self, pipe: Pipe, event: bytes) -> None:
        """Let the application know of a subscription."""
        self._incoming.append(Incoming(event, pipe, is_event=True))

    def _keep(self, pipe: Pipe, message: Message) -> None:
        """Let the application know of a user message."""
        self._kept[pipe] += 1
        self._incoming.append(Incoming(message, pipe, is_event=False))

    # send

    def send(self, message: Message) -> bool:
        """Queue the message for those that want its first part. False with XPUB_NODROP, if one of them has no room."""
        pipes: AbstractSet[Pipe] = self._subscriptions.match(first_part(message))
        if self.xpub_manual_last_value and self._last is not None:
            pipes = pipes & {self._last}
        pipes = self._chosen(pipes)
        if self.xpub_nodrop and not self._all_have_room(pipes):
            return False
        self._spread(message, pipes)
        if self.xpub_manual_last_value:
            self._last = None
        return True

    def room(self) -> int:
        """Any number, unless each message is to be answered for when it is sent, or meant for one subscriber only."""
        return 0 if self.xpub_nodrop or self.xpub_manual_last_value or self.conflate else PLENTY

    def send_all(self, messages: list[Message]) -> int:
        """Queue each subscriber's messages together; what goes to the same subscribers, as one."""
        if not self.room() or not messages:
            return super().send_all(messages)
        runs = self._subscriptions.runs(messages)
        if len(runs) == 1:
            self._spread_all(messages, self._chosen(runs[0][1]))
            return len(messages)
        wanted: dict[Pipe, list[Message]] = {}
        for run, pipes in runs:
            for pipe in self._chosen(pipes):
                wanted.setdefault(pipe, []).extend(run)
        for pipe, own in wanted.items():
            self._spread_all(own, {pipe})
        return len(messages)

    def _chosen(self, matching: AbstractSet[Pipe]) -> AbstractSet[Pipe]:
        return self._pipes - matching if self.invert_matching else matching

    # receive

    def recv(self) -> Message | None:
        """The next event or user message, in the order in which they came."""
        if not self._incoming:
            return None
        message, pipe, is_event = self._incoming.popleft()
        if is_event:
            self._last = pipe if pipe in self._pipes else None
        else:
            self._kept[pipe] -= 1
            if not self._kept[pipe]:
                del self._kept[pipe]
            self.delivered(pipe)
        self.source = pipe
        return message

    def can_recv(self) -> bool:
        """Whether there is an event or a user message."""
        return bool(self._incoming)

    # options

    def set_option(self, name: str, value: bool | bytes) -> None:  # noqa: FBT001  # as in the base
        """XPUB_VERBOSE and XPUB_VERBOSER override each other; XPUB_MANUAL_LAST_VALUE implies XPUB_MANUAL."""
        super().set_option(name, value)
        if name == "xpub_verbose":
            self.xpub_verboser = False
        elif name == "xpub_verboser":
            self.xpub_verbose = False
        elif name == "xpub_manual_last_value":
            self.xpub_manual = self.xpub_manual_last_value

    def subscribe(self, topic: bytes) -> None:
        """Under XPUB_MANUAL: subscribe the sender of the last received event. Nothing if it is gone."""
        self._require_manual()
        if self._last is not None:
            self._subscriptions.add(topic, self._last)

    def unsubscribe(self, topic: bytes) -> None:
        """Under XPUB_MANUAL: the opposite."""
        self._require_manual()
        if self._last is not None:
            self._subscriptions.remove(topic, self._last)

    def _require_manual(self) -> None:
        if not self.xpub_manual:
            raise BadValue(f"{self.name.decode()} sockets take SUBSCRIBE and UNSUBSCRIBE only with XPUB_MANUAL set")


class Pub(XPub):
    """PUB: an XPUB that receives nothing."""

    name = b"PUB"
    options: ClassVar[dict[str, type]] = {**XPub.options, "conflate": bool}

    recv = Pattern.recv
    can_recv = Pattern.can_recv

    def _tell(self, pipe: Pipe, event: bytes) -> None:
        """Nobody reads events."""

    def _keep(self, pipe: Pipe, message: Message) -> None:
        """Nobody reads user messages."""
