"""What a security mechanism must provide (RFC 23, "Security Mechanisms"): its rounds of commands, its transform.

A mechanism sees bodies of commands, never frames. It ends when `done` is True: NULL after one round, PLAIN and CURVE
after two. If it encrypts, it then has `seal` and `open`, which every frame of the traffic goes through. Imports from
this folder only.
"""

from collections.abc import Callable
from typing import ClassVar

from .frame import Open, Part

Seal = Callable[[int, Part], bytes]


class Mechanism:
    """One side of one handshake. The metadata of the peer is in `properties` when it is done."""

    name: ClassVar[bytes]
    """As in the greeting, at most 20 octets."""
    accepts_old_peers: bool = False
    """Whether peers of ZMTP 1.0 and 2.0, which have no mechanism, are let in."""
    seal: Seal | None = None
    """(flags, body) of a frame -> the body of the message frame that carries them."""
    open: Open | None = None
    """The inverse. Raises PeerError for what `seal` did not make."""

    def __init__(self) -> None:
        self.done = False
        self.properties: dict[bytes, bytes] = {}

    def start(self, metadata: bytes) -> list[bytes]:
        """The commands to send when both greetings are done. `metadata` is for the peer, whenever it may be told."""
        raise NotImplementedError

    def receive(self, name: bytes, data: bytes) -> list[bytes]:
        """A command came: the commands to answer with. Raises PeerError. Not called again once `done`."""
        raise NotImplementedError
