"""Sockets whose operations are futures, for tornado: what `purezmq.asyncio` has, since tornado runs on asyncio's loops.

Imports `purezmq.asyncio`.
"""

import asyncio
import warnings
from asyncio import CancelledError
from contextlib import suppress
from typing import Any

from tornado.ioloop import IOLoop

from ..api.async_poller import AsyncPoller
from ..api.async_socket import AsyncSocket
from ..api.context import Context as _Context

__all__ = ["CancelledError", "Context", "Poller", "Socket"]


def _loop_of(io_loop: IOLoop) -> asyncio.AbstractEventLoop:
    loop: asyncio.AbstractEventLoop = io_loop.asyncio_loop  # type: ignore[attr-defined]  # all loops of tornado's are
    return loop


def _nothing(_known: Any, _events: int) -> None:
    """Never called: a handler for no events."""


class Known:
    """What an IOLoop knows of a Socket: only that it is to be closed by `close(all_fds=True)`."""

    def __init__(self, socket: "Socket") -> None:
        self._socket = socket
        self._fd = socket._core.fileno()

    def fileno(self) -> int:
        """As long as the Socket is open, no other has this descriptor."""
        return self._fd

    def close(self) -> None:
        """Close the Socket."""
        self._socket.close()


class Socket(AsyncSocket):
    """A Socket whose `send`, `recv`, `poll` and their kin return futures."""

    _repr_cls = "zmq.eventloop.future.Socket"
    _io_loop: IOLoop | None = None
    _known: Known | None = None

    def _default_loop(self) -> asyncio.AbstractEventLoop:
        return _loop_of(IOLoop.current())

    def _enter(self, loop: asyncio.AbstractEventLoop) -> None:
        super()._enter(loop)
        known = Known(self)
        with suppress(ValueError):  # another object for the same socket is known already
            IOLoop.current().add_handler(known, _nothing, 0)
            self._io_loop, self._known = IOLoop.current(), known

    def _leave(self) -> None:
        if self._io_loop is not None and self._known is not None:
            self._io_loop.remove_handler(self._known)
            self._io_loop = self._known = None
        super()._leave()


class Poller(AsyncPoller):
    """A Poller whose `poll` returns a future."""


class Context(_Context[Socket]):
    """A Context that makes Sockets whose operations are futures."""

    io_loop: Any = None
    """Deprecated, and not used: sockets belong to the loop that runs."""
    _socket_class = Socket
    _instance = None
    _repr_cls = "zmq.eventloop.future.Context"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.pop("io_loop", None) is not None:
            text = f"{type(self).__name__}(io_loop) argument is deprecated. Use the currently active loop."
            warnings.warn(text, DeprecationWarning, stacklevel=2)
        super().__init__(*args, **kwargs)  # type: ignore[misc]  # of blocking Sockets, say the overloads
