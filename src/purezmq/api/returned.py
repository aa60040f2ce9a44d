"""Messages whose receivers were cancelled before they got them: the next to be received, in the order they came in.

Parts that were received one by one become one message again. Imports `buffers`, `message` and `socket_base`.
"""

from bisect import insort
from collections.abc import Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ..patterns.message import Part
from .message import Frame
from .socket_base import Rest

if TYPE_CHECKING:
    from .buffers import PerThread

__all__ = ["Returned"]


class Entry(NamedTuple):
    """What one receiver gave back.

    Receivers are numbered; its place is the number of the first one that had the message, and its own. `rest` is what
    the message left for others, the same object for each of its parts, None if it was received whole.
    """

    place: tuple[int, int]
    parts: list[Part]
    properties: Mapping[bytes, bytes]
    rest: Rest | None


PLACE = attrgetter("place")


class Returned(list[Entry]):
    """Those of one socket, by place."""

    __slots__ = ()

    def put(self, message: Any, number: int, rest: Rest | None) -> None:
        """Add what was received: bytes, a Frame, or a list of either."""
        received = message if isinstance(message, list) else [message]
        properties = received[0]._properties if isinstance(received[0], Frame) else {}
        parts = [part.part if isinstance(part, Frame) else part for part in received]
        first = number if rest is None else rest.number or number
        insort(self, Entry((first, number), parts, properties, rest), key=PLACE)

    def bring_back(self, unread: "PerThread[Rest]") -> None:
        """Make the first message the one that is being received, unless somebody is in the middle of another."""
        rest = unread.mine()
        if rest is not None:
            owners = [entry for entry in self if entry.rest is rest]
            if not owners:
                return
            owners[-1].parts.extend(reversed(rest.parts))
            unread.drop()
        first = self.pop(0)
        while first.rest is not None and self and self[0].rest is first.rest:
            first.parts.extend(self.pop(0).parts)
        unread.keep(Rest(first.parts[::-1], first.properties, first.place[0]))
