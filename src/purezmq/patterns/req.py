"""REQ: a request, its reply, the next request (RFC 28, "The REQ Socket Type"). Imports from this package only.

On the wire a request is `[request id,] "", body ...`; the id is there with REQ_CORRELATE, and a reply brings it back.
"""

import struct
from typing import ClassVar

from .base import Pattern
from .dealer import Dealer
from .errors import WrongState
from .message import Message, Part, as_parts, pack
from .pipe import Pipe

ID_SIZE = 4
REQUEST_ID = struct.Struct("=I")  # libzmq's byte order; only its author reads it


class Req(Dealer):
    """REQ: a DEALER that takes turns, and listens to the peer that it asked."""

    name = b"REQ"
    peer_types = frozenset({b"REP", b"ROUTER"})
    options: ClassVar[dict[str, type]] = {"probe_router": bool, "req_relaxed": bool, "req_correlate": bool}

    def __init__(self) -> None:
        from random import SystemRandom  # noqa: PLC0415 (not every program has a REQ)

        super().__init__()
        self.req_relaxed = False
        self.req_correlate = False
        self._request_id = SystemRandom().getrandbits(32)
        self._reply_due = False
        self._asked: Pipe | None = None  # None when it is gone: then anybody's reply will do
        self._reply: Message | None = None  # fetched by `can_recv`

    # peers come and go

    def delivered(self, pipe: Pipe) -> None:
        """What nobody has asked for is thrown away."""
        if self._reply_due:
            super().delivered(pipe)
        else:
            while pipe.inbox:
                pipe.pop()

    def detached(self, pipe: Pipe) -> None:
        """The reply of a peer that is gone may come by another way."""
        super().detached(pipe)
        if pipe is self._asked:
            self._asked = None

    def check_incoming(self, message: Message) -> bool:
        """Replies begin with a delimiter, or an id and a delimiter, whether we correlate or not (as libzmq checks)."""
        if type(message) is not list:
            return False
        return _begins_with_delimiter(message) or (len(message[0]) == ID_SIZE and _begins_with_delimiter(message[1:]))

    # send

    def check_send(self, first: Part) -> bool:
        """Whether it is our turn (else WrongState), and some peer has room."""
        if self._reply_due and not self.req_relaxed:
            raise WrongState("REQ expected recv, got send: a reply is due; call recv first, or set REQ_RELAXED")
        return super().check_send(first)

    def send(self, message: Message) -> bool:
        """Ask the next peer. What still comes in answer to an earlier request is thrown away."""
        if not self.check_send(b""):
            return False
        self._reply = None
        while self._waiting and super().recv() is not None:
            pass
        parts = [b"", *as_parts(message)]
        if self.req_correlate:
            self._request_id = (self._request_id + 1) & 0xFFFFFFFF
            parts.insert(0, REQUEST_ID.pack(self._request_id))
        super().send(parts)
        self._reply_due = True
        self._asked = self._ring[-1]
        return True

    room = Pattern.room  # it is one message's turn

    def can_send(self) -> bool:
        """Whether it is our turn, and some peer has room."""
        return (not self._reply_due or self.req_relaxed) and super().can_send()

    # receive

    def recv(self) -> Message | None:
        """The reply, without its envelope."""
        if not self._reply_due:
            raise WrongState("REQ expected send, got recv: no request is open; call send first")
        if not self.can_recv():
            return None
        reply, self._reply = self._reply, None
        self._reply_due = False
        return reply

    def can_recv(self) -> bool:
        """Whether the reply to the open request is there."""
        if self._reply_due and self._reply is None:
            self._reply = self._fetch()
        return self._reply is not None

    take = Pattern.take  # the turn ends with the reply

    def _fetch(self) -> Message | None:
        """The next message that answers our request; what else came is thrown away."""
        while (message := super().recv()) is not None:
            if self._asked is None or self.source is self._asked:
                body = self._open(as_parts(message))
                if body:
                    return pack(body)
        return None

    def _open(self, parts: list[Part]) -> list[Part]:
        """A reply's body; empty when the envelope is not that of our request."""
        if self.req_correlate:
            if parts[0] != REQUEST_ID.pack(self._request_id):
                return []
            parts = parts[1:]
        return parts[1:] if _begins_with_delimiter(parts) else []


def _begins_with_delimiter(parts: list[Part]) -> bool:
    """Whether the first part is empty, and there are others."""
    return len(parts) > 1 and not len(parts[0])
