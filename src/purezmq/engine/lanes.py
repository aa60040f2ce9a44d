"""The fast lanes of a socket: where messages wait that need nobody's decision, on their way out and on their way in.

A lock taken and a pattern asked for each message would be most of what a small message costs. So, while a burst lasts,
`send` does no more than append to `outgoing`, and whoever comes by with the lock routes what has gathered; and what was
taken from the pattern under the lock waits in `ready`, from which `recv` pops without it. Each step is one operation of
a list, which other threads see whole or not at all.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..patterns.message import Message


class Lanes:
    """Both lanes of one socket. Only the socket's engine, which holds the lock, changes `batch` and fills `ready`.

    `batch` is how many messages may gather before the sender has to have them routed: 0 while the lane is closed. Who
    finds it open appends, and then looks again: the lane may have been closed between the two.
    """

    __slots__ = ("batch", "outgoing", "ready")

    def __init__(self) -> None:
        self.batch = 0
        self.outgoing: list[Message] = []
        self.ready: list[Message] = []  # the next one last
