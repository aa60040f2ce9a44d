"""PAIR: messages to and from one peer (RFC 31, "The PAIR Socket Type"). Imports from this package only."""

from .fair_queue import FairQueue
from .message import Message, Part
from .pipe import Pipe


class Pair(FairQueue):
    """PAIR: one peer at a time. What a former peer left in its inbox is read as well."""

    name = b"PAIR"
    peer_types = frozenset({b"PAIR"})

    def __init__(self) -> None:
        super().__init__()
        self._peer: Pipe | None = None

    # peers come and go

    def attached(self, pipe: Pipe) -> None:
        """The first one is our peer; while it is there, others are turned away."""
        super().attached(pipe)
        if self._peer is None:
            self._peer = pipe
        else:
            pipe.drop("PAIR has one peer at a time, and it has one")

    def delivered(self, pipe: Pipe) -> None:
        """A pipe that was turned away may have had something to say before it noticed."""
        if pipe is self._peer:
            super().delivered(pipe)

    def detached(self, pipe: Pipe) -> None:
        """There is a place for another peer."""
        super().detached(pipe)
        if pipe is self._peer:
            self._peer = None

    # send

    def check_send(self, first: Part) -> bool:  # noqa: ARG002  # any message goes to the one peer
        """Whether the peer is there and has room."""
        return self.can_send()

    def send(self, message: Message) -> bool:
        """Queue the message for the peer; False while there is none, or no room."""
        peer = self._peer
        if peer is None or not peer.has_room():
            return False
        peer.push(message)
        return True

    def room(self) -> int:
        """What the peer takes."""
        return 0 if self._peer is None else self._peer.space()

    def send_all(self, messages: list[Message]) -> int:
        """Queue as many for the peer as it has room for."""
        count = min(self.room(), len(messages))
        if count and self._peer is not None:
            self._peer.push_all(messages if count == len(messages) else messages[:count])
        return count

    def can_send(self) -> bool:
        """Whether the peer is there and has room."""
        return self._peer is not None and self._peer.has_room()
