"""purezmq for trio: the same names, whose operations are awaited. It needs `pip install purezmq[trio]`.

::

    import purezmq.trio

    async def main():
        async with purezmq.trio.Context() as context, context.socket(zmq.PULL) as pull:
            pull.bind("tcp://127.0.0.1:5555")
            async for [message] in pull:
                ...

    trio.run(main)

While a task waits for a socket, trio's loop does that socket's I/O, with no thread between.

Programs for anyio that run on trio use this module, those that run on asyncio use `purezmq.asyncio`: its futures can be
awaited there, and anyio's cancel scopes cancel them.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

import trio

from .api.context import Context as _Context
from .api.trio_poller import TrioPoller
from .api.trio_socket import TrioSocket

if TYPE_CHECKING:
    from outcome import Outcome

__all__ = ["Context", "Poller", "Socket"]


class Socket(TrioSocket):
    """A Socket whose `send`, `recv`, `poll` and their kin are awaited by tasks of trio's."""

    _repr_cls = "zmq.trio.Socket"


class Poller(TrioPoller):
    """A Poller whose `poll` is awaited by tasks of trio's."""


class Context(_Context[Socket]):
    """A Context that makes Sockets for trio."""

    _socket_class = Socket
    _instance = None
    _repr_cls = "zmq.trio.Context"

    if TYPE_CHECKING:  # the overloads there are for Contexts that make blocking Sockets

        def __init__(self, io_threads: int | _Context[Any] = 1, shadow: _Context[Any] | int | None = None) -> None: ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close what is left and terminate, while the loop goes on.

        If this is cancelled, nobody waits any longer: what was sent is delivered in the background, as LINGER says.
        """
        self._warn_destroy_close = True
        token, over = trio.lowlevel.current_trio_token(), trio.Event()
        outcomes = []

        def tell(outcome: "Outcome[None]") -> None:
            outcomes.append(outcome)
            with suppress(trio.RunFinishedError):
                token.run_sync_soon(over.set)

        trio.lowlevel.start_thread_soon(self.destroy, tell)
        await over.wait()
        outcomes[0].unwrap()
