"""DEALER: requests and replies without taking turns (RFC 28, "The DEALER Socket Type").

Imports from this package only.
"""

from typing import ClassVar

from .fair_queue import FairQueue
from .load_balancer import LoadBalancer
from .pipe import Pipe


class Dealer(LoadBalancer, FairQueue):
    """DEALER: to one peer after the other, from all peers in turn."""

    name = b"DEALER"
    peer_types = frozenset({b"REP", b"DEALER", b"ROUTER"})
    announces_id = True
    options: ClassVar[dict[str, type]] = {"probe_router": bool, "conflate": bool}

    def __init__(self) -> None:
        super().__init__()
        self.probe_router = False

    # peers come and go

    def attached(self, pipe: Pipe) -> None:
        """Under PROBE_ROUTER the first message is an empty one: a ROUTER learns of us before we have work for it."""
        super().attached(pipe)
        if self.probe_router:
            pipe.push(b"")
