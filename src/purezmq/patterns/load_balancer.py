"""The policy "round robin out": each message goes to one peer, in turn, among those that have room.

RFC 28 (REQ, DEALER) and RFC 30 (PUSH) ask for it in the same words: consider peers in turn, skip those whose queue is
full, and block when there is no peer that could take the message. Only whole messages come here, so that the parts of
one can never reach two peers. Imports from this package only.

The pipes with room stand in a ring whose head is next. A pipe that is found full leaves the ring and comes back with
`writable`; thus a send looks at one pipe, however many are connected and however many of them are stuck.
"""

from collections import deque

from .base import Pattern
from .conflate import send_newest
from .message import Message, Part
from .pipe import Pipe


class LoadBalancer(Pattern):
    """A pattern that sends round robin."""

    def __init__(self) -> None:
        super().__init__()
        self.conflate = False
        self._ring: deque[Pipe] = deque()  # pipes with room; the head is next, the last is the one just served
        self._full: set[Pipe] = set()  # pipes that wait for `writable`

    # peers come and go

    def attached(self, pipe: Pipe) -> None:
        """A new pipe is served after those that are there."""
        super().attached(pipe)
        self._ring.append(pipe)

    def writable(self, pipe: Pipe) -> None:
        """The pipe is back in the ring."""
        if pipe in self._full:
            self._full.remove(pipe)
            self._ring.append(pipe)

    def detached(self, pipe: Pipe) -> None:
        """The pipe gets nothing more; what is queued on it is not given to another (RFC 30)."""
        super().detached(pipe)
        if pipe in self._full:
            self._full.remove(pipe)
        else:
            self._ring.remove(pipe)

    # send

    def check_send(self, first: Part) -> bool:  # noqa: ARG002  # any message goes to any peer
        """Whether some pipe has room."""
        return self.can_send()

    def send(self, message: Message) -> bool:
        """Queue the message on the next pipe that has room; False when none has."""
        ring = self._ring
        while ring:
            pipe = ring[0]
            if self.conflate:
                send_newest(pipe, message)
            elif pipe.has_room():
                pipe.push(message)
            else:
                self._full.add(ring.popleft())
                continue
            ring.rotate(-1)
            return True
        return False

    def room(self) -> int:
        """What all pipes together take."""
        return 0 if self.conflate else sum([pipe.space() for pipe in self._ring])

    def send_all(self, messages: list[Message]) -> int:
        """Deal the messages out like cards, when every pipe has room for its share; else one by one."""
        pipes = tuple(self._ring)
        hand = -(-len(messages) // (len(pipes) or 1))
        if not pipes or self.conflate or min([pipe.space() for pipe in pipes]) < hand:
            return super().send_all(messages)
        if len(pipes) == 1:
            pipes[0].push_all(messages)
        else:
            for number, pipe in enumerate(pipes[: len(messages)]):
                pipe.push_all(messages[number :: len(pipes)])
            self._ring.rotate(-len(messages))
        return len(messages)

    def can_send(self) -> bool:
        """Whether some pipe has room."""
        ring = self._ring
        while ring:
            if self.conflate or ring[0].has_room():
                return True
            self._full.add(ring.popleft())
        return False
