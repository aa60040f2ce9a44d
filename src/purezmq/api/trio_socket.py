"""A Socket whose operations are awaited, by tasks of trio's.

What is possible at once is done at once; what is not waits in order (see `trio_watch`). Imports `buffers`, `express`,
`socket`, `transfer`, `translate`, `trio_poller`, `trio_run`, `trio_watch`, and the public `constants` and `error`.
"""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from operator import index
from threading import local
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

import trio
from trio.lowlevel import cancel_shielded_checkpoint, checkpoint, checkpoint_if_cancelled

from ..constants import Errno, Flag, PollEvent
from ..error import Again, ZMQError
from .buffers import Buffer
from .express import parts_as_bytes
from .socket import Socket
from .transfer import ENDS, _room
from .translate import CORE_ERRORS, translated
from .trio_poller import until_ready
from .trio_run import TrioRun
from .trio_watch import NOT_YET, TrioWatch

if TYPE_CHECKING:
    from .message import Frame, MessageTracker

__all__ = ["TrioSocket"]

T = TypeVar("T")

DONTWAIT = int(Flag.DONTWAIT)
POLLIN = int(PollEvent.POLLIN)


AT_ONCE = 16
"""Operations that are done at once, one after another; then the run's other tasks get their turn."""


class Operations(local):
    """How many more are done at once in this thread, whose tasks take turns."""

    left = AT_ONCE


OPERATIONS = Operations()


class Turns:
    """The tasks that wait. Apart from the Socket, whose attributes are options, too."""

    __slots__ = ("receivers", "senders")

    def __init__(self) -> None:
        self.receivers: set[trio.lowlevel.Task] = set()
        self.senders: set[trio.lowlevel.Task] = set()


class TrioSocket(Socket[Any]):
    """A Socket for trio: `send`, `recv`, `poll` and their kin are awaited.

    Cancelling one of them loses no message: a receive that is cancelled has not received any, a send that is cancelled
    has not been made. Several tasks may wait, and are served in order. `close` ends those that wait, with
    ZMQError(ENOTSOCK).

    As checkpoints: each operation looks whether it is cancelled before it does anything. One that waits, `poll`, and
    one that fails with Again let other tasks have their turn; what is possible at once does so every `AT_ONCE`
    operations, since a turn of the loop takes several times as long as a message.

    It may be used in one run after another, and in those of several threads at the same time. A message that is sent
    or received part by part must be so by one task, while no other one does that.
    """

    _turns: Turns = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turns = Turns()

    # receive

    async def recv(  # type: ignore[override]
        self, flags: int = 0, copy: bool = True, track: bool = False
    ) -> Any:
        """Receive a message, or the next part of one: what `Socket.recv` returns, or raises."""
        attempt = self._take_part if copy else partial(_unless_again, Socket.recv, self, DONTWAIT, copy, track)
        return await self._perform("receivers", attempt, self._recv_timeout(flags))

    async def recv_multipart(  # type: ignore[override]
        self, flags: int = 0, copy: bool = True, track: bool = False
    ) -> Any:
        """Receive all parts of a message: what `Socket.recv_multipart` returns, or raises."""
        attempt = (
            self._take_parts if copy else partial(_unless_again, Socket.recv_multipart, self, DONTWAIT, copy, track)
        )
        return await self._perform("receivers", attempt, self._recv_timeout(flags))

    async def recv_into(  # type: ignore[override]
        self, buf: Buffer, /, *, nbytes: int = 0, flags: int = 0
    ) -> int:
        """Receive into memory that is there: the length, as `Socket.recv_into` returns it."""
        self._check_open()
        room = _room(buf, nbytes)
        part: bytes = await self.recv(flags)
        count = min(len(part), room.nbytes)
        room[:count] = part[:count]
        return len(part)

    def _take_part(self) -> Any:
        if self._unread:
            return _unless_again(Socket.recv, self, DONTWAIT)
        message = self._take()
        return message if type(message) is bytes or message is NOT_YET else self._first_of(message)

    def _take_parts(self) -> Any:
        if self._unread:
            return _unless_again(Socket.recv_multipart, self, DONTWAIT)
        message = self._take()
        return message if message is NOT_YET else parts_as_bytes(message)

    def _take(self) -> Any:
        ready = self._lanes.ready
        if ready:
            try:
                return ready.pop()
            except IndexError:  # another thread has taken it
                pass
        try:
            message = self._core.try_recv()
        except CORE_ERRORS as error:
            raise translated(error) from None
        return NOT_YET if message is None else message

    async def _deserialize(self, received: Awaitable[Any], load: Callable[[Any], T]) -> T:  # type: ignore[override]
        return load(await received)

    # send

    async def send(  # type: ignore[override]
        self, data: Any, flags: int = 0, copy: bool = True, track: bool = False, **kwargs: Any
    ) -> Any:
        """Send a message, or a part of one: what `Socket.send` returns, or raises."""
        attempt = partial(_unless_again, Socket.send, self, data, index(flags) | DONTWAIT, copy, track, **kwargs)
        return await self._dispatch(attempt, flags)

    async def send_multipart(  # type: ignore[override]
        self, msg_parts: Iterable[Any], flags: int = 0, copy: bool = True, track: bool = False, **kwargs: Any
    ) -> Any:
        """Send a message of several parts: what `Socket.send_multipart` returns, or raises."""
        parts, flags_now = list(msg_parts), index(flags) | DONTWAIT
        attempt = partial(_unless_again, Socket.send_multipart, self, parts, flags_now, copy, track, **kwargs)
        return await self._dispatch(attempt, flags)

    async def _dispatch(self, attempt: Callable[[], Any], flags: int) -> Any:
        TrioRun.adopt(self._core)
        return await self._perform("senders", attempt, self._send_timeout(flags))

    if TYPE_CHECKING:  # what `Serializing` makes of the above, in types

        async def send_string(  # type: ignore[override]  # noqa: D102
            self, u: str, flags: int = 0, copy: bool = True, encoding: str = "utf-8", **kwargs: Any
        ) -> MessageTracker | None: ...
        async def recv_string(  # type: ignore[override]  # noqa: D102
            self, flags: int = 0, encoding: str = "utf-8"
        ) -> str: ...
        async def send_json(  # type: ignore[override]  # noqa: D102
            self, obj: object, flags: int = 0, **kwargs: Any
        ) -> MessageTracker | None: ...
        async def recv_json(self, flags: int = 0, **kwargs: Any) -> Any: ...  # noqa: D102
        async def send_pyobj(  # type: ignore[override]  # noqa: D102
            self, obj: object, flags: int = 0, protocol: int | None = None, **kwargs: Any
        ) -> MessageTracker | None: ...
        async def recv_pyobj(self, flags: int = 0) -> Any: ...  # noqa: D102
        async def send_serialized(  # type: ignore[override]  # noqa: D102
            self,
            msg: T,
            serialize: Callable[[T], Iterable[Buffer | Frame]],
            flags: int = 0,
            copy: bool = True,
            **kwargs: Any,
        ) -> MessageTracker | None: ...
        async def recv_serialized(  # type: ignore[override]  # noqa: D102
            self, deserialize: Callable[[list[Any]], T], flags: int = 0, copy: bool = True
        ) -> T: ...

    # in turn

    async def _perform(
        self, direction: Literal["receivers", "senders"], attempt: Callable[[], Any], patience: float | None
    ) -> Any:
        """Make the attempt now or, if it gives NOT_YET, as soon as it can be made; Again after `patience` seconds."""
        await checkpoint_if_cancelled()
        waiting: set[trio.lowlevel.Task] = getattr(self._turns, direction)
        if not waiting:
            outcome = attempt()
            if outcome is not NOT_YET:
                OPERATIONS.left -= 1
                if not OPERATIONS.left:
                    OPERATIONS.left = AT_ONCE
                    await cancel_shielded_checkpoint()
                return outcome
        if patience == 0:
            await checkpoint()
            raise Again
        task = trio.lowlevel.current_task()
        waiting.add(task)
        try:
            watch = TrioWatch.of(self._core)
            waits = watch.wait(getattr(watch, direction), attempt)
            if patience is None:
                return await waits
            with trio.move_on_after(patience):
                return await waits
        finally:
            waiting.discard(task)
        raise Again

    # poll

    async def poll(  # type: ignore[override]
        self,
        timeout: float | None = None,  # noqa: ASYNC109 (as in pyzmq)
        flags: int = POLLIN,
    ) -> int:
        """Wait until the socket is ready: what `Socket.poll` returns, or raises."""
        if self._core.closed:
            raise self._refusal(Errno.ENOTSUP, "cannot be waited for")
        await checkpoint_if_cancelled()
        events = self._ready() & int(flags)
        if events or timeout == 0:
            await cancel_shielded_checkpoint()
            return events
        if timeout is None or timeout < 0:
            return await until_ready(self, int(flags))
        with trio.move_on_after(timeout / 1000):
            return await until_ready(self, int(flags))
        return 0

    # `async for`, `async with`

    def __aiter__(self) -> Self:
        """The messages as they come, each a list of parts, until the socket is closed or the context terminated."""
        return self

    async def __anext__(self) -> list[bytes]:
        try:
            message: list[bytes] = await self.recv_multipart()
        except ZMQError as error:
            if error.errno in ENDS:
                raise StopAsyncIteration from None
            raise
        return message

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()
        await checkpoint()


def _unless_again(operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What it returns; NOT_YET where it raises Again."""
    try:
        return operation(*args, **kwargs)
    except Again:
        return NOT_YET
