"""What a role of the demo works with: sockets that are bound or connected by name, and never wait without end."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import purezmq as zmq

Socket: TypeAlias = zmq.Socket[bytes]

PATIENCE = 5000
"""How long, in milliseconds, a role waits for a message, for room to send, and for its last words to leave."""

EVERY = 10
"""How long, in milliseconds, it waits before it repeats a test message."""

WILDCARDS = {"tcp": "tcp://127.0.0.1:*", "ipc": "ipc://*"}
"""A free port, a free path: the socket's LAST_ENDPOINT tells which one it became."""


class Stage:
    """One role's view of the others.

    `announce` is told the real endpoint of each name that is bound here; `addresses` gives the endpoints of all names,
    once every role has started and all names are bound.
    """

    def __init__(
        self,
        context: zmq.Context[Socket],
        transport: str,
        announce: Callable[[str, str], None],
        addresses: Callable[[], Mapping[str, str]],
    ) -> None:
        self.context = context
        self.transport = transport
        self.announce = announce
        self.addresses = addresses

    def bind(self, kind: int, name: str) -> Socket:
        """Bind a socket that the others find under this name."""
        socket = self.socket(kind)
        socket.bind(WILDCARDS.get(self.transport, f"{self.transport}://{name}"))
        self.announce(name, socket.getsockopt_string(zmq.LAST_ENDPOINT))
        return socket

    def connect(self, kind: int, name: str, *topics: str) -> Socket:
        """Connect a socket to the name that another role binds; a SUB subscribes to the topics first, in this order."""
        socket = self.socket(kind)
        for topic in topics:
            socket.setsockopt_string(zmq.SUBSCRIBE, topic)
        socket.connect(self.addresses()[name])
        return socket

    def socket(self, kind: int) -> Socket:
        """Make a socket whose every wait ends."""
        socket = self.context.socket(kind)
        socket.setsockopt(zmq.RCVTIMEO, PATIENCE)
        socket.setsockopt(zmq.SNDTIMEO, PATIENCE)
        # libzmq's SUB lingers for subscriptions that it would send again to a publisher that has left.
        socket.setsockopt(zmq.LINGER, 0 if kind == zmq.SUB else PATIENCE)
        return socket


def send(socket: Socket, *parts: object) -> None:
    """Send a message of these parts, each as text."""
    try:
        socket.send_multipart([str(part).encode() for part in parts])
    except zmq.Again:
        raise TimeoutError(f"nobody to send to at {name_of(socket)} within {PATIENCE} ms") from None


def receive(socket: Socket) -> list[str]:
    """Receive a message, each part as text."""
    try:
        return [part.decode() for part in socket.recv_multipart()]
    except zmq.Again:
        raise TimeoutError(f"nothing came to {name_of(socket)} within {PATIENCE} ms") from None


def repeat_until_present(out: Socket, message: list[str], ready: Socket, names: set[str]) -> list[list[str]]:
    """Send a message again and again until each of the names has come in at `ready`; return them as they came."""
    present: list[list[str]] = []
    for _ in range(PATIENCE // EVERY):
        send(out, *message)
        if ready.poll(EVERY):
            present.append(receive(ready))
        missing = names - {name for (name,) in present}
        if not missing:
            return present
    raise TimeoutError(f"not ready within {PATIENCE} ms: {', '.join(sorted(missing))}")


def name_of(socket: Socket) -> str:
    """The socket's type, e.g. REQ."""
    kind: str = zmq.SocketType(socket.type).name
    return kind
