"""What the engine tells of a change, on behalf of who watches a socket for an event loop. Imports nothing of ours."""

from typing import TYPE_CHECKING, Protocol
from weakref import ref

if TYPE_CHECKING:
    from ..engine.socket import SocketCore

__all__ = ["Alarm"]


class Settable(Protocol):
    """Who watches."""

    def set(self) -> None:
        """Something has changed. From any thread."""


class Alarm:
    """Lets the loop alone keep who watches, and what waits there: with the loop they are gone.

    With `forever` it does keep it, for a loop that does not.
    """

    __slots__ = ("_core", "_kept", "_watch")

    def __init__(self, core: "SocketCore", watch: Settable, *, forever: bool = False) -> None:
        self._core = core
        self._watch = ref(watch)
        self._kept = watch if forever else None

    def set(self) -> None:
        """Something has changed."""
        watch = self._watch()
        if watch is None:
            self._core.unpolled_soon(self)
        else:
            watch.set()
