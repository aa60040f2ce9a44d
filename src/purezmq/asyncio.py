"""purezmq for asyncio: the same names, whose operations are awaited.

::

    import purezmq.asyncio

    async def main():
        async with zmq.asyncio.Context() as context, context.socket(zmq.PULL) as pull:
            pull.bind("tcp://127.0.0.1:5555")
            async for [message] in pull:
                ...

While the loop runs it does the sockets' I/O, with no thread between. What is possible at once is done at once.
"""

import asyncio
import selectors
import warnings
from typing import TYPE_CHECKING, Any, Self

from .api.async_poller import AsyncPoller
from .api.async_socket import AsyncSocket
from .api.context import Context as _Context
from .error import ProactorSelectorThreadWarning

__all__ = ["Context", "Poller", "ProactorSelectorThreadWarning", "Socket", "ZMQEventLoop", "install"]


class Socket(AsyncSocket):
    """A Socket whose `send`, `recv`, `poll` and their kin return asyncio futures."""

    _repr_cls = "zmq.asyncio.Socket"


class Poller(AsyncPoller):
    """A Poller whose `poll` returns an asyncio future."""


class Context(_Context[Socket]):
    """A Context that makes asyncio Sockets."""

    _socket_class = Socket
    _instance = None
    _repr_cls = "zmq.asyncio.Context"

    if TYPE_CHECKING:  # the overloads there are for Contexts that make blocking Sockets

        def __init__(self, io_threads: int | _Context[Any] = 1, shadow: _Context[Any] | int | None = None) -> None: ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close what is left and terminate, while the loop goes on."""
        self._warn_destroy_close = True
        await asyncio.get_running_loop().run_in_executor(None, self.destroy)


class ZMQEventLoop(asyncio.SelectorEventLoop):
    """Deprecated: any asyncio loop will do."""

    def __init__(self, selector: selectors.BaseSelector | None = None) -> None:
        _deprecate("ZMQEventLoop")
        super().__init__(selector)


def install() -> None:
    """Deprecated: nothing needs to be installed."""
    _deprecate("install")


def _deprecate(name: str) -> None:
    warnings.warn(f"zmq.asyncio.{name} is deprecated: any asyncio loop will do", DeprecationWarning, stacklevel=3)
