"""REP: a request, its reply, the next request (RFC 28, "The REP Socket Type"). Imports from this package only.

A request begins with an envelope: all parts up to and including the first empty one. The reply goes back in the same.
"""

from .base import Pattern
from .errors import WrongState
from .fair_queue import FairQueue
from .message import Message, Part, as_parts, pack
from .pipe import Pipe


class Rep(FairQueue):
    """REP: answers one request at a time, from all peers in turn."""

    name = b"REP"
    peer_types = frozenset({b"REQ", b"DEALER"})

    def __init__(self) -> None:
        super().__init__()
        self._pipes: set[Pipe] = set()
        self._envelope: list[Part] = []  # of the request that was fetched last
        self._request: Message | None = None  # fetched by `can_recv`
        self._reply_due = False

    # peers come and go

    def attached(self, pipe: Pipe) -> None:
        """The pipe may be answered."""
        super().attached(pipe)
        self._pipes.add(pipe)

    def detached(self, pipe: Pipe) -> None:
        """Its requests are still read, and answered into the void."""
        super().detached(pipe)
        self._pipes.discard(pipe)

    # send

    def check_send(self, first: Part) -> bool:  # noqa: ARG002  # the reply goes where the request came from
        """Whether it is our turn (else WrongState)."""
        if not self._reply_due:
            raise WrongState("REP expected recv, got send: no request is open; call recv first")
        return True

    def send(self, message: Message) -> bool:
        """Reply to the last request. A reply to a peer that is gone, or reads nothing, is dropped."""
        self.check_send(b"")
        self._reply_due = False
        pipe = self.source
        if pipe in self._pipes and pipe.has_room():
            pipe.push(self._envelope + as_parts(message))
        return True

    def can_send(self) -> bool:
        """Whether it is our turn: a reply never waits."""
        return self._reply_due

    # receive

    def recv(self) -> Message | None:
        """The next request, without its envelope."""
        if self._reply_due:
            raise WrongState("REP expected send, got recv: a reply is due; call send first")
        if not self.can_recv():
            return None
        request, self._request = self._request, None
        self._reply_due = True
        return request

    def can_recv(self) -> bool:
        """Whether it is our turn, and a request is there."""
        if self._reply_due:
            return False
        if self._request is None:
            self._request = self._fetch()
        return self._request is not None

    take = Pattern.take  # the turn ends with the request

    def _fetch(self) -> Message | None:
        """The next request's body; its envelope is kept. What has no delimiter, or nothing after it, is thrown away."""
        while (message := super().recv()) is not None:
            parts = as_parts(message)
            for at, part in enumerate(parts[:-1], 1):
                if not len(part):
                    self._envelope = parts[:at]
                    return pack(parts[at:])
        return None
