"""What a ZMQStream has its loop watch.

Imports tornado.
"""

from collections.abc import Callable
from typing import Any

from tornado.ioloop import IOLoop

from ..api.alarm import Alarm
from ..api.socket import Socket
from ..api.translate import CORE_ERRORS, translated

__all__ = ["StreamWatch"]


class StreamWatch:
    """Has the loop call `look`, in its own thread, whenever the socket's state may have changed.

    The loop watches the socket's poll set, and is told when another thread, the engine's or any, has handled what was
    there. The descriptor that `fileno()` gives would not do: it is readable for as long as a message waits, also when
    the program does not want it yet, and no change is to be seen there any more once somebody has asked for EVENTS.
    """

    def __init__(self, socket: Socket[Any], io_loop: IOLoop, look: Callable[[], None]) -> None:
        self._socket = socket
        self._core = socket._core
        self._loop = io_loop
        self._look = look
        self._is_set = False
        self._alarm = Alarm(self._core, self)
        try:
            self._core.polled(self._alarm)
        except CORE_ERRORS as error:
            raise translated(error) from None
        self._fd = self._core.fileno()
        try:
            io_loop.add_handler(self, self._ready, io_loop.READ)
        except BaseException:  # the loop is closed, or has another stream for the socket
            self._core.unpolled(self._alarm)
            raise

    def set(self) -> None:
        """Something may have changed. From any thread."""
        if self._loop.asyncio_loop.is_closed():  # type: ignore[attr-defined]
            self._core.unpolled_soon(self._alarm)
        elif not self._is_set:
            self._is_set = True
            self._loop.add_callback(self._told)

    def _told(self) -> None:
        self._is_set = False  # before the look: what changes afterwards is looked at again
        self._look()

    def _ready(self, _watch: object, _events: int) -> None:
        self._look()

    def stop(self) -> None:
        """Look no more."""
        self._loop.remove_handler(self)
        self._core.unpolled(self._alarm)

    # what tornado asks of whatever it watches

    def fileno(self) -> int:
        """The poll set's descriptor."""
        return self._fd

    def close(self) -> None:
        """The loop is closed with all that it watches."""
        self._socket.close()
