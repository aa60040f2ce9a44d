"""One connection to one peer, as bytes in and events out: what the layers above use of this folder.

It has no socket, no thread and no clock. Imports from this folder only.
"""

from collections.abc import Callable, Sequence
from functools import partial

from .commands import (
    CANCEL,
    MAX_CONTEXT,
    PING,
    PONG,
    SUBSCRIBE,
    encode_command,
    encode_ping,
    encode_pong,
    parse_command,
    parse_ping,
)
from .errors import PeerError
from .events import Cancel, Event, Failed, HandshakeDone, Ping, Pong, Subscribe
from .frame import COMMAND, MORE, Decoder, Item, Message, Part, encode, encoded_size, frame
from .handshake import Handshake
from .legacy import DecoderV1, encode_v1, encoded_size_v1
from .local import Local
from .mechanism import Seal
from .states import Input, State, advance

_PUBLISHERS = frozenset((b"PUB", b"XPUB"))


class Connection:
    """Send what `data_to_send` returns, after construction and after each `receive` or `filled`.

    Nothing that a peer sends makes a method raise: a peer that breaks the protocol gives a last event, Failed, after
    all that it sent correctly before. After HandshakeDone messages may be sent, with what `encode` returns.
    """

    def __init__(self, local: Local) -> None:
        self.state = State.GREETING
        self.version = (0, 0)
        self.peer_type = b""
        self.peer_routing_id = b""
        self.peer_properties: dict[bytes, bytes] = {}
        self._local = local
        self.output = bytearray()  # what `data_to_send` would return
        self._handshake = Handshake(local, self.output)
        self._seal: Seal | None = None
        self._decoder: Decoder | DecoderV1 = Decoder(local.max_size)
        self.encoder: Callable[[Sequence[Message]], list[Part]] = encode
        self._encoded_size: Callable[[Message], int] = encoded_size

    @property
    def ready(self) -> bool:
        """Whether messages may be sent."""
        return self.state is State.TRAFFIC

    # in

    def receive(self, chunk: bytes) -> list[Event]:
        """Take what the peer sent; return what it means."""
        if self.state is State.TRAFFIC:
            return self._traffic(self._decoder.feed(chunk))
        if self.state is State.CLOSED:
            return []
        try:
            self._handshake.receive(chunk)
        except PeerError as error:
            return [self._fail(error)]
        self.state = self._handshake.state
        return [] if self._handshake.done is None else self._begin_traffic(self._handshake.done)

    @property
    def large(self) -> memoryview | None:
        """While a large body is incomplete: where to receive its next octets. Then call `filled`."""
        return self._decoder.large

    def filled(self, count: int) -> list[Event]:
        """Take `count` octets that were received into `large`; return what they mean."""
        return self._traffic(self._decoder.fill(count))

    def eof(self) -> str:
        """The peer has closed the connection: where it stood, for the log."""
        state = self.state
        if state is State.CLOSED:
            return "in CLOSED"
        self._close(Input.EOF)
        if state is not State.TRAFFIC:
            return f"in {state.name}, {self._handshake.received} octets in"
        pending = self._decoder.pending()
        return f"in TRAFFIC, {pending} octets into a frame" if pending else "in TRAFFIC, between frames"

    def close(self) -> None:
        """The connection is over, for whatever reason: what was incomplete is given up."""
        self._decoder.close()

    # out

    def data_to_send(self) -> bytes:
        """The greeting, commands of the handshake, PONGs: whatever the protocol itself has to say by now."""
        data = bytes(self.output)
        self.output.clear()
        return data

    def encode(self, messages: Sequence[Message]) -> list[Part]:
        """The messages as buffers to be written in this order. Large parts are among them as they are."""
        return self.encoder(messages)

    def encoded_size(self, message: Message) -> int:
        """How many octets `encode` makes of a message, without what a mechanism adds to each frame."""
        return self._encoded_size(message)

    def subscribe(self, topic: bytes) -> bytes:
        """What tells the peer so: a command to those of ZMTP 3.1, a message to those before."""
        return self._subscription(SUBSCRIBE, b"\1", topic)

    def cancel(self, topic: bytes) -> bytes:
        """The inverse of `subscribe`."""
        return self._subscription(CANCEL, b"\0", topic)

    def ping(self, ttl_tenths: int, context: bytes = b"") -> bytes | None:
        """A PING, whose time to live is in tenths of a second; None for peers older than ZMTP 3.0, which have none."""
        return self._command(encode_ping(ttl_tenths, context)) if self.version >= (3, 0) else None

    # how

    def _begin_traffic(self, done: HandshakeDone) -> list[Event]:
        self.version = done.version
        self.peer_type = done.peer_type
        self.peer_routing_id = done.routing_id
        self.peer_properties = done.properties
        mechanism = self._handshake.mechanism
        if done.version == (1, 0):
            self._decoder = DecoderV1(self._local.max_size)
            self.encoder = encode_v1
            self._encoded_size = encoded_size_v1
        elif mechanism.seal is not None:
            decoder = Decoder(self._local.max_size)
            decoder.open = mechanism.open
            self._decoder = decoder
            self._seal = mechanism.seal
            self.encoder = partial(_encode_sealed, mechanism.seal)
        events: list[Event] = [done]
        if self._handshake.is_unversioned and self._local.socket_type in _PUBLISHERS:
            events.append(Subscribe(b""))  # it sends none, and filters what comes
        return events + self.receive(self._handshake.rest())

    def _traffic(self, items: list[Item]) -> list[Event]:
        error = self._decoder.error
        if len(items) == 1 and type(items[0]) is list and error is None:
            return items  # type: ignore[return-value]  # one batch, the common case
        events: list[Event] = []
        for item in items:
            event = item if isinstance(item, list) else self._receive_command(item.body)
            if event is not None:
                events.append(event)
        if error is not None and self.state is State.TRAFFIC:
            events.append(self._fail(error))
        return events

    def _receive_command(self, body: bytes) -> Event | None:
        """What the command means; None for those that are unknown or malformed, which are ignored, as in libzmq."""
        command = parse_command(body)
        if command is None or self.version < (3, 0):
            return None
        name, data = command
        if name == SUBSCRIBE:
            return Subscribe(data)
        if name == CANCEL:
            return Cancel(data)
        if name == PONG:
            return Pong(data[:MAX_CONTEXT])
        ping = parse_ping(data) if name == PING else None
        if ping is None:
            return None
        ttl, context = ping
        self.output += self._command(encode_pong(context))
        return Ping(ttl, context)

    def _subscription(self, name: bytes, mark: bytes, topic: bytes) -> bytes:
        if self.version >= (3, 1):
            return self._command(encode_command(name, topic))
        return b"".join(self.encoder([mark + topic]))

    def _command(self, body: bytes) -> bytes:
        return frame(COMMAND, body) if self._seal is None else frame(0, self._seal(COMMAND, body))

    def _fail(self, error: PeerError) -> Failed:
        error.where = self._handshake.state.name
        error.__traceback__ = None  # it would keep alive whatever was at hand when it was raised
        self._close(Input.FAULT)
        return Failed(error)

    def _close(self, got: Input) -> None:
        self.state = advance(self.state, got)
        self._handshake.close()


def _encode_sealed(seal: Seal, messages: Sequence[Message]) -> list[Part]:
    """Each frame becomes the body of a message frame (RFC 26, "MESSAGE command"): its flags are inside."""
    sealed: list[Message] = []
    for message in messages:
        parts: list[Part] = message if isinstance(message, list) else [message]
        sealed += [seal(MORE, part) for part in parts[:-1]]
        sealed.append(seal(0, parts[-1]))
    return encode(sealed)
