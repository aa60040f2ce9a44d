"""One routing policy a socket type (RFC 28 to 31): who gets the next message, whose message is next.

`base.Pattern` is the contract with the engine. Three policies make all the patterns: `load_balancer` and `fan_out` for
sending, `fair_queue` for receiving. No I/O, no threads, no clock; imports nothing of ours from outside.
"""

from .base import Pattern
from .dealer import Dealer
from .pair import Pair
from .pipeline import Pull, Push
from .publish import Pub, XPub
from .rep import Rep
from .req import Req
from .router import Router
from .subscribe import Sub, XSub

PATTERNS: dict[int, type[Pattern]] = {
    0: Pair,
    1: Pub,
    2: Sub,
    3: Req,
    4: Rep,
    5: Dealer,
    6: Router,
    7: Pull,
    8: Push,
    9: XPub,
    10: XSub,
}
"""The patterns by ZeroMQ's socket type numbers."""

__all__ = ["PATTERNS", "Pattern"]
