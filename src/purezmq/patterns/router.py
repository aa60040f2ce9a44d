"""ROUTER: the application names the peer (RFC 28, "The ROUTER Socket Type"). Imports from this package only.

The first part of each message is a routing id: received ones tell who sent them, sent ones say who is to get them. A
peer may announce its id in the handshake; others get one from us, `00` and four octets. A peer that announces an id
that another has is connected, but neither heard nor spoken to, for good (as libzmq does) — or, with ROUTER_HANDOVER,
takes the id over.
"""

from typing import ClassVar

from .errors import Unroutable
from .fair_queue import FairQueue
from .message import Message, Part
from .pipe import PLENTY, Pipe


class Router(FairQueue):
    """ROUTER: to the peer that is named, from all peers in turn."""

    name = b"ROUTER"
    peer_types = frozenset({b"REQ", b"DEALER", b"ROUTER"})
    announces_id = True
    options: ClassVar[dict[str, type]] = {"router_mandatory": bool, "router_handover": bool, "probe_router": bool}

    def __init__(self) -> None:
        from random import SystemRandom  # noqa: PLC0415 (not every program has a ROUTER)

        super().__init__()
        self.router_mandatory = False
        self.router_handover = False
        self.probe_router = False
        self._peers: dict[bytes, Pipe] = {}
        self._ids: dict[Pipe, bytes] = {}  # the inverse: `pipe.routing_id` is the engine's to set anew
        self._next_id = SystemRandom().getrandbits(32)

    def holds(self, routing_id: bytes) -> bool:
        """Whether some peer has this id; to be asked before CONNECT_ROUTING_ID gives it to another."""
        return routing_id in self._peers

    # peers come and go

    def attached(self, pipe: Pipe) -> None:
        """A pipe that CONNECT_ROUTING_ID has named can be sent to at once."""
        super().attached(pipe)
        if self.probe_router:
            pipe.push(b"")
        if pipe.fixed_id:
            self._enter(pipe, pipe.routing_id)

    def connected(self, pipe: Pipe) -> None:
        """The peer has the id that it announced; else the one that it had before; else a new one."""
        super().connected(pipe)
        if not pipe.fixed_id:
            routing_id = pipe.routing_id or self._ids.get(pipe) or self._new_id()
            self._forget(pipe)
            self._enter(pipe, routing_id)

    def delivered(self, pipe: Pipe) -> None:
        """A pipe that did not get its id is not heard: its inbox fills, and its peer waits."""
        if pipe in self._ids:
            super().delivered(pipe)

    def detached(self, pipe: Pipe) -> None:
        """The id is free again."""
        super().detached(pipe)
        self._forget(pipe)

    def _enter(self, pipe: Pipe, routing_id: bytes) -> None:
        """Give the id to the pipe, unless another has it and may keep it."""
        holder = self._peers.get(routing_id)
        if holder is not None:
            if not self.router_handover:
                return
            self._give(holder, self._new_id())
            holder.drop(f"a new peer took over the routing id {routing_id!r}")
        self._give(pipe, routing_id)

    def _give(self, pipe: Pipe, routing_id: bytes) -> None:
        """The id is this pipe's; what it had before is free."""
        self._forget(pipe)
        pipe.routing_id = routing_id
        self._ids[pipe] = routing_id
        self._peers[routing_id] = pipe

    def _forget(self, pipe: Pipe) -> None:
        routing_id = self._ids.pop(pipe, None)
        if routing_id is not None:
            del self._peers[routing_id]

    def _new_id(self) -> bytes:
        """An id that no peer has: a zero, which peers should not begin theirs with, and a counter."""
        while True:
            routing_id = b"\x00" + self._next_id.to_bytes(4, "big")
            self._next_id = (self._next_id + 1) & 0xFFFFFFFF
            if routing_id not in self._peers:
                return routing_id

    # send

    def check_send(self, first: Part) -> bool:
        """With ROUTER_MANDATORY: whether the peer has room, and Unroutable if there is none of that name."""
        if not self.router_mandatory:
            return True
        return self._find(first).has_room()

    def send(self, message: Message) -> bool:
        """Queue the message for the peer that its first part names.

        A message for an unknown or a full peer is dropped. With ROUTER_MANDATORY, Unroutable and False say so.
        """
        if type(message) is not list:
            return True  # an address without a letter
        pipe = self._find(message[0]) if self.router_mandatory else self._peers.get(bytes(message[0]))
        if pipe is None:
            return True
        if not pipe.has_room():
            return not self.router_mandatory
        pipe.push(message[1] if len(message) == 2 else message[1:])  # noqa: PLR2004  # address and letter
        return True

    def room(self) -> int:
        """Any number; with ROUTER_MANDATORY each message is to be answered for when it is sent."""
        return 0 if self.router_mandatory else PLENTY

    def send_all(self, messages: list[Message]) -> int:
        """Queue each peer's messages together."""
        if self.router_mandatory:
            return super().send_all(messages)
        peers = self._peers
        letters: dict[Pipe, list[Message]] = {}
        for message in messages:
            if type(message) is list:
                address = message[0]
                pipe = peers.get(address if type(address) is bytes else bytes(address))
                if pipe is not None:
                    letter = message[1] if len(message) == 2 else message[1:]  # noqa: PLR2004  # as in `send`
                    letters.setdefault(pipe, []).append(letter)
        for pipe, own in letters.items():
            if (space := pipe.space()) > 0:
                pipe.push_all(own[:space])
        return len(messages)

    def can_send(self) -> bool:
        """Always; with ROUTER_MANDATORY, whether some peer has room."""
        return not self.router_mandatory or any(pipe.has_room() for pipe in self._ids)

    def _find(self, routing_id: Part) -> Pipe:
        pipe = self._peers.get(bytes(routing_id))
        if pipe is None:
            raise Unroutable(f"ROUTER expected the routing id of a peer, got {bytes(routing_id)!r}")
        return pipe

    # receive

    def recv(self) -> Message | None:
        """The next message, with the routing id of its sender before it."""
        message = super().recv()
        if message is None:
            return None
        routing_id = self.source.routing_id  # type: ignore[union-attr]  # set by the line that got the message
        return [routing_id, *message] if type(message) is list else [routing_id, message]  # type: ignore[list-item]

    def take(self) -> list[Message]:
        """The next messages, likewise."""
        messages = super().take()
        count = len(self.sources)
        if count == 1:
            routing_id = self.sources[0].routing_id
            return [[routing_id, *m] if type(m) is list else [routing_id, m] for m in messages]  # type: ignore[list-item]
        ids = [pipe.routing_id for pipe in self.sources]
        return [
            [ids[at % count], *m] if type(m) is list else [ids[at % count], m]  # type: ignore[list-item]
            for at, m in enumerate(messages)
        ]
