"""From the first octet to the first message: the greeting, then what the peer's dialect has before traffic.

ZMTP 3.x    greeting (RFC 23), the mechanism's commands
ZMTP 2.0    greeting (RFC 15), identity frame
ZMTP 1.0    identity frame (RFC 13); between the two versions there was one with a greeting before it

Runs once for each connection, so that it is written to be read: generators that wait for octets. The table in
`states.py` says what may come when. Imports from this folder only.
"""

from collections.abc import Generator
from typing import TypeVar

from .commands import IDENTITY, SOCKET_TYPE, encode_properties, parse_command
from .errors import Code, PeerError
from .events import HandshakeDone
from .frame import COMMAND, LONG, MORE, frame
from .greeting import MAJOR, SIGNATURE_SIZE, SOCKET_TYPES, dialect, is_versioned, remainder, signature
from .legacy import LONG_SIZE, header_v1
from .local import Local
from .reader import Reader
from .states import Input, State, advance

MAX_COMMAND = 65536
"""Octets of a command of the handshake. MAXMSGSIZE may allow less."""
MAX_ROUTING_ID = 255

_Result = TypeVar("_Result")
_Steps = Generator[None, None, _Result]


class Handshake:
    """Feed it until `done` tells what was agreed. What it wants to be sent, it appends to `output`."""

    def __init__(self, local: Local, output: bytearray) -> None:
        self.state = State.GREETING
        self.done: HandshakeDone | None = None
        self.mechanism = local.mechanism()
        self.is_unversioned = False
        self._local = local
        self._output = output
        self._reader = Reader()
        self._steps = self._run()
        next(self._steps)

    @property
    def received(self) -> int:
        """How many octets came."""
        return self._reader.received

    def receive(self, chunk: bytes) -> None:
        """Take what the peer sent. Raises PeerError."""
        self._reader.feed(chunk)
        next(self._steps, None)

    def rest(self) -> bytes:
        """What came after the handshake."""
        return self._reader.rest()

    def close(self) -> None:
        """Stop waiting."""
        self._steps.close()

    def _advance(self, got: Input) -> None:
        self.state = advance(self.state, got)

    # the greeting

    def _run(self) -> _Steps[None]:
        self._output += signature(self._local.routing_id)
        first = yield from self._reader.peek(1)
        if first != b"\xff" or not is_versioned((yield from self._reader.peek(SIGNATURE_SIZE))):
            yield from self._version_1_0_unversioned()
            return
        yield from self._reader.read(SIGNATURE_SIZE)
        self._output.append(MAJOR)
        (major,) = yield from self._reader.read(1)
        if major == 0:
            yield from self._version_1_0()
        elif major == 1:
            yield from self._version_2_0()
        else:
            yield from self._version_3_x(major)

    # ZMTP 1.0 and 2.0

    def _version_1_0_unversioned(self) -> _Steps[None]:
        """The peer takes our signature for the header of our identity frame: only its body is missing."""
        self._accept_old_greeting()
        self.is_unversioned = True
        self._output += self._local.routing_id
        self._finish_old((1, 0), b"", (yield from self._identity_1_0()))

    def _version_1_0(self) -> _Steps[None]:
        peer_type = yield from self._swap_socket_types()
        routing_id = self._local.routing_id
        self._output += header_v1(0, len(routing_id)) + routing_id
        self._finish_old((1, 0), peer_type, (yield from self._identity_1_0()))

    def _version_2_0(self) -> _Steps[None]:
        peer_type = yield from self._swap_socket_types()
        self._output += frame(0, self._local.routing_id)
        flags, routing_id = yield from self._frame(MAX_ROUTING_ID)
        self._advance(Input.COMMAND if flags & COMMAND else Input.MESSAGE)
        self._finish_old((2, 0), peer_type, routing_id)

    def _accept_old_greeting(self) -> None:
        if not self.mechanism.accepts_old_peers:
            name = self.mechanism.name.decode()
            raise PeerError(f"expected ZMTP 3.0 or newer, for the mechanism {name}, got an older greeting")
        self._advance(Input.OLD_GREETING)

    def _swap_socket_types(self) -> _Steps[bytes]:
        self._accept_old_greeting()
        self._output.append(SOCKET_TYPES.index(self._local.socket_type))
        (number,) = yield from self._reader.read(1)
        return SOCKET_TYPES[number] if number < len(SOCKET_TYPES) else b""

    def _identity_1_0(self) -> _Steps[bytes]:
        """The first frame. It is also where anything that does not speak ZMTP at all ends up, e.g. HTTP."""
        (size,) = yield from self._reader.read(1)
        if size == LONG_SIZE:
            size = int.from_bytes((yield from self._reader.read(8)), "big")
        if size == 0:
            raise PeerError("expected a greeting or an identity frame of ZMTP 1.0, got a frame of 0 octets")
        self._check_size(size - 1, MAX_ROUTING_ID)
        (flags,) = yield from self._reader.read(1)
        if flags:
            raise PeerError(
                f"expected a greeting or an identity frame of ZMTP 1.0, got a frame with flags {flags:#04x}"
            )
        routing_id = yield from self._reader.read(size - 1)
        self._advance(Input.MESSAGE)
        return routing_id

    def _finish_old(self, version: tuple[int, int], peer_type: bytes, routing_id: bytes) -> None:
        self.done = HandshakeDone(version, peer_type, routing_id, {})

    # ZMTP 3.x

    def _version_3_x(self, major: int) -> _Steps[None]:
        ours = remainder(self.mechanism.name)
        self._output += ours
        theirs = yield from self._reader.read(len(ours))
        self._advance(Input.GREETING)
        self._check_mechanism(theirs[1:21])
        yield from self._run_mechanism()
        self._finish(dialect(major, theirs[0]), self.mechanism.properties)
        self._advance(Input.LAST_COMMAND)

    def _check_mechanism(self, padded: bytes) -> None:
        ours = self.mechanism.name
        if padded != ours.ljust(20, b"\0"):
            theirs = padded.rstrip(b"\0").decode("ascii", "backslashreplace")
            raise PeerError(f"expected the mechanism {ours.decode()}, got {theirs}", code=Code.MECHANISM_MISMATCH)

    def _run_mechanism(self) -> _Steps[None]:
        self._send(self.mechanism.start(self._metadata()))
        while True:
            flags, body = yield from self._frame(MAX_COMMAND)
            if not flags & COMMAND:
                self._advance(Input.MESSAGE)
            command = parse_command(body)
            if command is None:
                raise PeerError("expected a command with a name, got none", code=Code.MALFORMED_COMMAND)
            self._send(self.mechanism.receive(*command))
            if self.mechanism.done:
                return
            self._advance(Input.COMMAND)

    def _metadata(self) -> bytes:
        local = self._local
        identity = ((IDENTITY, local.routing_id),) if local.announces_id else ()
        return encode_properties(((SOCKET_TYPE, local.socket_type), *identity, *local.properties))

    def _send(self, commands: list[bytes]) -> None:
        for command in commands:
            self._output += frame(COMMAND, command)

    def _finish(self, version: tuple[int, int], properties: dict[bytes, bytes]) -> None:
        """Check what the peer says of itself. One that does not tell its type is let in, as libzmq does."""
        local = self._local
        peer_type = properties.get(SOCKET_TYPE, b"")
        if peer_type not in local.peer_types and SOCKET_TYPE in properties:
            expected = " or ".join(sorted(name.decode() for name in local.peer_types))
            got = peer_type.decode("ascii", "backslashreplace")
            raise PeerError(f"expected {expected} as the peer of {local.socket_type.decode()}, got {got}")
        routing_id = properties.get(IDENTITY, b"")
        self._check_size(len(routing_id), MAX_ROUTING_ID)
        self.done = HandshakeDone(version, peer_type, routing_id, properties)

    # frames that are alone

    def _frame(self, limit: int) -> _Steps[tuple[int, bytes]]:
        """One frame of ZMTP 2.0 or newer that is no part of anything."""
        (flags,) = yield from self._reader.read(1)
        if flags & MORE:
            raise PeerError("expected a frame by itself, got one with MORE")
        size = int.from_bytes((yield from self._reader.read(8 if flags & LONG else 1)), "big")
        self._check_size(size, limit)
        return flags, (yield from self._reader.read(size))

    def _check_size(self, size: int, limit: int) -> None:
        if 0 <= self._local.max_size < limit:
            limit = self._local.max_size
        if size > limit:
            raise PeerError(f"expected at most {limit} octets, got {size}")
