"""What a pattern must provide: who gets the next message, whose message is next.

The engine calls one method of a pattern at a time (it holds the socket's lock), so a pattern has no locks, never
blocks, and does no I/O. The life of a pipe, as its pattern sees it:

    attached                 the pipe is there: from `connect` on, or once an accepted peer's handshake is done
      connected              the handshake is done, `pipe.routing_id` is known; before any message from this connection
      delivered …            messages were put into its inbox
      writable …             its outbox was full, and has room again
      disconnected           the connection is lost; what came stays readable; the outbox is kept for the next one
      connected …            and so on, as often as it reconnects
    detached                 it will not come back; its unread messages stay readable, the outbox is gone

Every `connected` is followed by one `disconnected` before the next `connected` or `detached`.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar

from .errors import BadValue, WrongDirection
from .message import Message, Part
from .pipe import Pipe


class Pattern:
    """The base of all patterns: receives from nobody, sends to nobody, takes every peer."""

    name: ClassVar[bytes]
    """The Socket-Type property (RFC 37, "The NULL mechanism"), e.g. b"PUSH"."""
    peer_types: ClassVar[frozenset[bytes]]
    """Who may be at the other end."""
    announces_id: ClassVar[bool] = False
    """Whether the READY command carries Identity: REQ, DEALER and ROUTER do."""
    options: ClassVar[dict[str, type]] = {}
    """Attributes that are options of this type: name -> bool or bytes. All are live."""

    source: Pipe | None = None
    """The pipe that the last received message came from."""
    sources: Sequence[Pipe] = ()
    """The pipes that the messages of the last `take` came from: these in turn, again and again."""

    check_incoming: Callable[[Message], bool] | None = None
    """When set: whether a peer may send such a message at all; one that may not costs the peer its connection."""

    # peers come and go

    def attached(self, pipe: Pipe) -> None:
        """See the module's text."""

    def connected(self, pipe: Pipe) -> None:
        """See the module's text."""

    def delivered(self, pipe: Pipe) -> None:
        """The pipe's inbox is no longer empty."""

    def writable(self, pipe: Pipe) -> None:
        """The pipe's outbox was full and has room again (half of it, if it has a limit)."""

    def disconnected(self, pipe: Pipe) -> None:
        """See the module's text."""

    def detached(self, pipe: Pipe) -> None:
        """See the module's text."""

    def holds(self, routing_id: bytes) -> bool:  # noqa: ARG002 (for ROUTER)
        """Whether a peer goes by this routing id already; only ROUTER gives ids."""
        return False

    def subscribed(self, pipe: Pipe, topic: bytes) -> None:
        """The peer sent SUBSCRIBE (in either form). Types that do not publish ignore it."""

    def cancelled(self, pipe: Pipe, topic: bytes) -> None:
        """The peer sent CANCEL (in either form). Types that do not publish ignore it."""

    # send

    def check_send(self, first: Part) -> bool:  # noqa: ARG002 (for those who send)
        """Whether a message that begins with this part could be sent now: False to wait for room.

        Used for the first part of a message that is sent part by part, and for POLLOUT.
        Raises what `send` would raise.
        """
        raise WrongDirection(f"{self.name.decode()} sockets do not send")

    def send(self, message: Message) -> bool:  # noqa: ARG002 (likewise)
        """Route the message to its pipes, or drop it where the type says so: False when the caller should wait.

        Raises WrongDirection, WrongState, Unroutable, BadValue.
        """
        raise WrongDirection(f"{self.name.decode()} sockets do not send")

    def can_send(self) -> bool:
        """POLLOUT."""
        return False

    def room(self) -> int:
        """How many messages `send_all` is sure to take now: 0 for types that want to see each when it is sent."""
        return 0

    def send_all(self, messages: list[Message]) -> int:
        """Route messages that have gathered, as `send` would one by one, and say how many: fewer when room ran out."""
        for count, message in enumerate(messages):
            if not self.send(message):
                return count
        return len(messages)

    # receive

    def recv(self) -> Message | None:
        """The next message, None when there is none yet. Sets `source`. Raises WrongDirection, WrongState."""
        raise WrongDirection(f"{self.name.decode()} sockets do not receive")

    def can_recv(self) -> bool:
        """POLLIN. May fetch and keep one message, to be sure that the next `recv` returns one."""
        return False

    def take(self) -> list[Message]:
        """What `recv` would return, and what it would return next, and so on; not all of it. Empty for None.

        Raises as `recv` does. Types whose next step depends on the message give one at a time.
        """
        message = self.recv()
        if message is None:
            return []
        self.sources = () if self.source is None else (self.source,)
        return [message]

    def wants(self, message: Message) -> bool:  # noqa: ARG002 (for those who filter)
        """Whether `take` would still give a message that it gave earlier."""
        return True

    # options

    def set_option(self, name: str, value: bool | bytes) -> None:  # noqa: FBT001 (a value)
        """Set one of `options`. Raises BadValue for one that this type does not have."""
        if name not in self.options:
            raise BadValue(f"{self.name.decode()} sockets have no option {name}")
        setattr(self, name, value)

    def subscribe(self, topic: bytes) -> None:  # noqa: ARG002 (for those who subscribe)
        """The SUBSCRIBE option. Raises BadValue where the type has none."""
        raise BadValue(f"{self.name.decode()} sockets have no subscriptions")

    def unsubscribe(self, topic: bytes) -> None:  # noqa: ARG002 (likewise)
        """The UNSUBSCRIBE option. Raises BadValue where the type has none."""
        raise BadValue(f"{self.name.decode()} sockets have no subscriptions")
