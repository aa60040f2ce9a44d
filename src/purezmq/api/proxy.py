"""Proxies and monitored queues: two sockets that pass on to each other whatever comes, while the context lives.

Messages are moved whole, straight from engine to engine. A message is taken from one side only when the other side has
room, so that high-water marks, and the peers' load balancing, work through a proxy.

Imports `socket`, `socket_base`, `translate`, `waiting`, and the public `constants`.
"""

import struct
from typing import Any

from ..constants import PollEvent, SocketType
from ..engine.errors import WouldBlock
from ..patterns.message import Message, Part, as_parts, pack
from .socket import Socket
from .translate import CORE_ERRORS, translated
from .waiting import Watch, wait_for

__all__ = ["device", "monitored_queue", "proxy", "proxy_steerable"]

POLLIN, POLLOUT = int(PollEvent.POLLIN), int(PollEvent.POLLOUT)

BURST = 1000
"""Messages that go one way before the other way gets its turn."""

AnySocket = Socket[Any]


class Direction:
    """One way through a proxy."""

    def __init__(self, source: AnySocket, target: AnySocket, capture: AnySocket | None) -> None:
        self.source = source
        self.target = target
        self._from = source._core
        self._to = target._core
        self._capture = capture._core if capture is not None else None
        self._held: Message | None = None  # taken, but the room for it was gone
        self.parts = 0
        self.octets = 0

    def move(self) -> bool:
        """Pass on what is there, a burst at most: whether there was anything."""
        if self._held is None and not self._from.events() & POLLIN:
            return False
        if self._to is not self._from and not self._to.events() & POLLOUT:
            return False
        moved = 0
        while moved < BURST and (message := self._take(first=not moved)) is not None:
            self._held = message
            try:
                self._to.send(message, 0.0)
            except WouldBlock:
                break
            self._held = None
            self._count(message)
            moved += 1
        return moved > 0

    def _take(self, *, first: bool) -> Message | None:
        if self._held is not None:
            return self._held
        if not first and self._from.type in TAKE_TURNS:
            return None
        try:
            return self._receive()
        except WouldBlock:
            return None

    def _receive(self) -> Message:
        return self._from.recv(0.0)

    def _count(self, message: Message) -> None:
        parts = as_parts(message)
        self.parts += len(parts)
        self.octets += sum(map(len, parts))
        if self._capture is not None:
            self._capture.send(pack(self._shown(parts)), None)

    def _shown(self, parts: list[Part]) -> list[Part]:
        return parts

    def awaits(self) -> tuple[AnySocket, int]:
        """Tell what to wait for before this way is open again."""
        if self._held is None and (self._to is self._from or not self._from.events() & POLLIN):
            return self.source, POLLIN  # a socket that echoes may have no room before it has read
        return self.target, POLLOUT


TAKE_TURNS = {SocketType.REQ, SocketType.REP}


class MonitoredDirection(Direction):
    """One way through a monitored queue: what is shown has a prefix; between two ROUTERs the sender names the receiver.

    A message from a ROUTER begins with who sent it; here the part after that says who is to get it. The two change
    places, so that the receiver sees who sent it.
    """

    def __init__(self, source: AnySocket, target: AnySocket, monitor: AnySocket, prefix: bytes) -> None:
        super().__init__(source, target, monitor)
        self._prefix = prefix
        self._swaps = source.type == target.type == SocketType.ROUTER

    def _receive(self) -> Message:
        message = super()._receive()
        if not self._swaps:
            return message
        sender, receiver, *rest = as_parts(message)
        return [receiver, sender, *rest]

    def _shown(self, parts: list[Part]) -> list[Part]:
        return [self._prefix, *parts]


def proxy(frontend: AnySocket, backend: AnySocket, capture: AnySocket | None = None) -> None:
    """Pass messages from each socket on to the other, until the context is terminated.

    Parameters
    ----------
    frontend, backend : Socket
        For instance ROUTER and DEALER, XSUB and XPUB, PULL and PUSH; or the same socket twice.
    capture : Socket
        PUB, DEALER, PUSH or PAIR: gets a copy of each message.

    Raises
    ------
    ContextTerminated
        at the end
    ZMQError
        ENOTSOCK when one of the sockets is closed
    TypeError
        for what is not a Socket
    """
    proxy_steerable(frontend, backend, capture)


def proxy_steerable(
    frontend: AnySocket, backend: AnySocket, capture: AnySocket | None = None, control: AnySocket | None = None
) -> None:
    """As `proxy`, and obey what comes by `control`.

    Parameters
    ----------
    control : Socket
        PAIR, PULL, SUB or REP. Commands: PAUSE, RESUME, TERMINATE (return), and STATISTICS, which is answered by eight
        parts, native unsigned 64-bit numbers: parts and octets that came from the front end, went to it, came from the
        back end, went to it. Others are ignored. REP answers each other command with an empty message.

    The other parameters, and what is raised: as for `proxy`.
    """
    _check_sockets(frontend=frontend, backend=backend)
    _check_sockets(**{name: end for name, end in (("capture", capture), ("control", control)) if end is not None})
    _run(Direction(frontend, backend, capture), Direction(backend, frontend, capture), control)


def device(device_type: int, frontend: AnySocket, backend: AnySocket) -> None:  # noqa: ARG001 (pyzmq's signature)
    """Do the same as `proxy`, of whatever type. Deprecated."""
    proxy(frontend, backend)


def monitored_queue(
    in_socket: AnySocket,
    out_socket: AnySocket,
    mon_socket: AnySocket,
    in_prefix: bytes = b"in",
    out_prefix: bytes = b"out",
) -> None:
    """Do as `proxy` does, and tell what comes from where.

    Both sockets may be ROUTERs: the second part of a message (the first of what its sender sent) then names the peer on
    the other side that gets it, and that peer gets the sender's name in its place.

    Parameters
    ----------
    in_socket, out_socket : Socket
        The two that pass on to each other.
    mon_socket : Socket
        PUB, DEALER, PUSH or PAIR: gets a copy of each message as it was passed on, behind a prefix.
    in_prefix, out_prefix : bytes
        The first part of what is copied from `in_socket`, and from `out_socket`.

    Raises as `proxy` does; TypeError also for a prefix that is not bytes.
    """
    _check_sockets(in_socket=in_socket, out_socket=out_socket, mon_socket=mon_socket)
    for name, prefix in (("in_prefix", in_prefix), ("out_prefix", out_prefix)):
        if not isinstance(prefix, bytes):
            raise TypeError(f"{name} wants bytes, not {type(prefix).__name__}")
    there = MonitoredDirection(in_socket, out_socket, mon_socket, in_prefix)
    back = MonitoredDirection(out_socket, in_socket, mon_socket, out_prefix)
    _run(there, back, None)


def _check_sockets(**sockets: object) -> None:
    for name, socket in sockets.items():
        if not isinstance(socket, Socket):
            raise TypeError(f"{name} wants a Socket, not {type(socket).__name__}")


def _run(there: Direction, back: Direction, control: AnySocket | None) -> None:
    echoes = there.source._core is there.target._core
    try:
        Proxy([there] if echoes else [there, back], control).run()
    except CORE_ERRORS as error:
        raise translated(error) from None


class Proxy:
    """A proxy at work."""

    def __init__(self, directions: list[Direction], control: AnySocket | None) -> None:
        self._directions = directions
        self._control = control
        self._paused = False
        self._terminated = False

    def run(self) -> None:
        """Pass on messages until told otherwise."""
        while not self._terminated:
            moved = 0 if self._paused else sum(direction.move() for direction in self._directions)
            self._obey()
            if not moved and not self._terminated:
                self._wait()

    def _wait(self) -> None:
        wanted: dict[AnySocket, int] = {}
        for direction in () if self._paused else self._directions:
            socket, events = direction.awaits()
            wanted[socket] = wanted.get(socket, 0) | events
        if self._control is not None:
            wanted[self._control] = wanted.get(self._control, 0) | POLLIN
        wait_for([Watch.of(socket, events) for socket, events in wanted.items()], None)

    def _obey(self) -> None:
        if self._control is None:
            return
        core = self._control._core
        while core.events() & POLLIN:
            command = b"".join(as_parts(core.recv(0.0)))
            answer: list[bytes] = []
            match command:
                case b"PAUSE":
                    self._paused = True
                case b"RESUME":
                    self._paused = False
                case b"TERMINATE":
                    self._terminated = True
                case b"STATISTICS":
                    answer = self._statistics()
            if answer:
                core.send(list(answer), None)
            elif core.type == SocketType.REP:
                core.send(b"", None)

    def _statistics(self) -> list[bytes]:
        there, back = self._directions[0], self._directions[-1]
        numbers = (
            there.parts,
            there.octets,
            back.parts,
            back.octets,
            back.parts,
            back.octets,
            there.parts,
            there.octets,
        )
        return [struct.pack("=Q", number) for number in numbers]
