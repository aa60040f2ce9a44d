"""PUSH and PULL: work handed out to one peer each (RFC 30, "The PUSH / PULL Socket Type").

Both are nothing but their policy. Imports from this package only.
"""

from typing import ClassVar

from .fair_queue import FairQueue
from .load_balancer import LoadBalancer


class Push(LoadBalancer):
    """PUSH: each message to one peer, in turn, among those that have room. Never receives."""

    name = b"PUSH"
    peer_types = frozenset({b"PULL"})
    options: ClassVar[dict[str, type]] = {"conflate": bool}


class Pull(FairQueue):
    """PULL: from all peers in turn. Never sends."""

    name = b"PULL"
    peer_types = frozenset({b"PUSH"})
    options: ClassVar[dict[str, type]] = {"conflate": bool}
