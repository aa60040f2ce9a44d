"""The policy "fan out": a message goes to each of several peers, and is dropped for those that have no room.

RFC 29 for PUB and XPUB (the peers whose subscriptions match) and XSUB (all publishers). Imports from this package only.
"""

from collections.abc import Set as AbstractSet

from .base import Pattern
from .conflate import send_newest
from .message import Message, Part
from .pipe import Pipe


class FanOut(Pattern):
    """A pattern that sends each message to a set of its pipes, and never waits for one."""

    def __init__(self) -> None:
        super().__init__()
        self.conflate = False
        self._pipes: set[Pipe] = set()
        self._full: set[Pipe] = set()  # they miss everything until `writable`: one gap, not a gap a message

    # peers come and go

    def attached(self, pipe: Pipe) -> None:
        """The pipe takes part from now on."""
        super().attached(pipe)
        self._pipes.add(pipe)

    def writable(self, pipe: Pipe) -> None:
        """The pipe takes part again."""
        self._full.discard(pipe)

    def detached(self, pipe: Pipe) -> None:
        """The pipe gets nothing more."""
        super().detached(pipe)
        self._pipes.discard(pipe)
        self._full.discard(pipe)

    # send

    def check_send(self, first: Part) -> bool:  # noqa: ARG002  # what cannot be sent is dropped
        """Always: whoever has no room misses the message."""
        return True

    def can_send(self) -> bool:
        """Always, also with nobody there."""
        return True

    def _spread(self, message: Message, pipes: AbstractSet[Pipe]) -> None:
        """Queue the message on each of the pipes that has room."""
        if self._full:
            pipes = pipes - self._full
        for pipe in pipes:
            if self.conflate:
                send_newest(pipe, message)
            elif pipe.has_room():
                pipe.push(message)
            else:
                self._full.add(pipe)

    def _spread_all(self, messages: list[Message], pipes: AbstractSet[Pipe]) -> None:
        """Queue the messages on each of the pipes, as far as it has room."""
        if self._full:
            pipes = pipes - self._full
        for pipe in pipes:
            if pipe.space() >= len(messages):
                pipe.push_all(messages)
                continue
            rest = messages
            while rest and (space := pipe.space()):  # what it has written makes room
                pipe.push_all(rest[:space])
                rest = rest[space:]
            if rest:
                self._full.add(pipe)

    def _all_have_room(self, pipes: AbstractSet[Pipe]) -> bool:
        """Whether none of the pipes would miss a message."""
        if self.conflate:
            return True
        full = {pipe for pipe in pipes - self._full if not pipe.has_room()}
        self._full |= full
        return self._full.isdisjoint(pipes)
