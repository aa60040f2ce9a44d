"""The policy "fair queue in": the next message comes from the next peer that has one.

RFC 28 to 31 ask that a socket "shall receive messages from its peers using a fair-queuing strategy". Imports from this
package only.

Why a peer that sends a lot starves nobody: the pipes that have something stand in a ring, and each gives one message
when its turn comes, then goes to the end. With n pipes in the ring, a message at the head of its inbox is read after
at most n - 1 others, whatever the other inboxes hold; and a busy pipe that has filled its inbox makes its own sender
wait, nobody else's. A pipe with nothing is not in the ring, so that a thousand silent peers cost nothing. `take` gives
many rounds at once, at most half of what the high-water mark allows: a newcomer waits for the end of those.

Invariant: a pipe whose inbox holds something is in the ring (`pipe.active`), or `delivered` is about to be called. The
other way round is not promised: a pipe that has just run empty stays in the ring until its turn comes, which saves two
steps a message when one peer sends at the pace at which we read. Before `recv` returns None, or `can_recv` returns
False, the ring has run empty. So whoever adds to an inbox need call `delivered` only where `pipe.active` is False, and
may look at it without the socket's lock, after adding.
"""

from collections import deque
from itertools import chain

from .base import Pattern
from .conflate import keep_newest
from .message import Message
from .pipe import Pipe


class FairQueue(Pattern):
    """A pattern that receives from its peers in turn. A detached pipe stays until its inbox is empty."""

    def __init__(self) -> None:
        super().__init__()
        self.conflate = False
        self._waiting: deque[Pipe] = deque()  # pipes that have messages, or had until just now; the head is next
        self._lenders: tuple[Pipe, ...] = ()  # those that the last `take` took from

    # peers come and go

    def delivered(self, pipe: Pipe) -> None:
        """The pipe takes its place at the end of the ring. Under CONFLATE only the newest message remains."""
        if self.conflate:
            keep_newest(pipe)
        if not pipe.active:
            pipe.active = True
            self._waiting.append(pipe)

    # receive

    def recv(self) -> Message | None:
        """One message from the pipe at the head, which goes to the end."""
        if self._lenders:
            self._repay()
        waiting = self._waiting
        while waiting:
            pipe = waiting[0]
            if pipe.inbox:
                message = pipe.pop()
                waiting.rotate(-1)
                self.source = pipe
                return message
            self._retire(pipe)
        return None

    def take(self) -> list[Message]:
        """A portion of what one pipe has, when no other has anything; else as many rounds as each pipe has messages."""
        if self.conflate:
            return super().take()
        if self._lenders:
            self._repay()
        self._retire_empty()
        self.sources = self._lenders = ring = tuple(self._waiting)
        if not ring:
            return []
        rounds = min([pipe.portion() for pipe in ring])
        columns = [pipe.lend(rounds) for pipe in ring]
        return columns[0] if len(columns) == 1 else list(chain.from_iterable(zip(*columns, strict=True)))

    def _repay(self) -> None:
        """Who asks for more has read what was taken."""
        for pipe in self._lenders:
            pipe.repay()
        self._lenders = ()

    def _retire_empty(self) -> None:
        for _ in range(len(self._waiting)):
            if self._waiting[0].inbox:
                self._waiting.rotate(-1)
            else:
                self._retire(self._waiting[0])

    def can_recv(self) -> bool:
        """Whether some inbox holds a message."""
        if self._lenders:
            self._repay()
        waiting = self._waiting
        while waiting:
            if waiting[0].inbox:
                return True
            self._retire(waiting[0])
        return False

    def _retire(self, pipe: Pipe) -> None:
        """Take the head, found empty, out of the ring."""
        self._waiting.popleft()
        pipe.active = False
        if pipe.inbox:  # it was filled between the two looks, by a thread that still saw `active`
            self.delivered(pipe)
