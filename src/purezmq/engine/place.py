"""Where something happens to a socket: at an endpoint, or on one of its connections.

Which two addresses a connection has is asked for only when a monitor wants to know.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..transports.base import StreamTransport

if TYPE_CHECKING:
    import socket


class Ends(NamedTuple):
    """Two endpoints: ours and the peer's. Either may be empty."""

    local: str
    remote: str


class Place:
    """An endpoint that is `bound`, or else connected to."""

    __slots__ = ("bound", "endpoint")

    def __init__(self, endpoint: str, *, bound: bool) -> None:
        self.endpoint = endpoint
        self.bound = bound

    def ends(self) -> Ends:
        """The one end that there is."""
        return Ends(self.endpoint, "") if self.bound else Ends("", self.endpoint)


class Link(Place):
    """One connection of an endpoint."""

    __slots__ = ("_ends", "_stream", "_transport")

    def __init__(self, place: Place, transport: StreamTransport, stream: "socket.socket") -> None:
        super().__init__(place.endpoint, bound=place.bound)
        self._transport = transport
        self._stream = stream
        self._ends: Ends | None = None

    def ends(self) -> Ends:
        """Both ends, as they were when somebody first asked: a broken connection cannot tell any more."""
        if self._ends is None:
            local = self._text(self._stream.getsockname)
            remote = self._text(self._stream.getpeername) if self.bound else self.endpoint
            self._ends = Ends(local, remote)
        return self._ends

    def _text(self, address: Callable[[], Any]) -> str:
        try:
            return self._transport.endpoint_text(address())
        except OSError:  # it is broken already
            return ""
