"""A Socket whose operations are futures: for asyncio, and for whatever else runs on its loops.

What is possible at once is done at once, without a turn of the loop. What is not waits in order, until the loop finds
the socket's descriptor readable, or another thread has changed something. Imports `async_express`, `done`,
`loop_watch`, `pending`, `socket`, and the public `constants` and `error`.
"""

import asyncio
import os
import warnings
from collections import deque
from collections.abc import AsyncIterator, Callable
from functools import partial
from operator import index
from typing import TYPE_CHECKING, Any, Self

from .._native import RLock
from ..constants import Errno, Flag, PollEvent
from ..error import Again, ZMQError
from .async_express import AsyncExpress, Turn
from .buffers import Buffer
from .done import Home, Received, filled
from .express import parts_as_bytes
from .loop_watch import LoopWatch
from .pending import Pending
from .returned import Returned
from .socket import Socket
from .socket_base import Rest
from .transfer import ENDS, _room
from .translate import CORE_ERRORS, translated

if TYPE_CHECKING:
    from .async_types import AsyncOperations
else:
    AsyncOperations = AsyncExpress

__all__ = ["AsyncSocket"]

Receipt = Callable[[Callable[[], Any]], tuple[Any, ...]]
"""Makes an attempt, and returns what `Pending.finish` is to be told."""

DONTWAIT = int(Flag.DONTWAIT)
POLLIN, POLLOUT = int(PollEvent.POLLIN), int(PollEvent.POLLOUT)


class AsyncSocket(AsyncOperations, Socket["asyncio.Future[Any]"]):  # type: ignore[misc]  # others return no futures
    """A Socket for use within an event loop: `send`, `recv`, `poll` and their kin return futures.

    It may be used in one loop after another. Several tasks may wait on it, and are served in order. Cancelling one
    that waits loses no message: a receive that is cancelled leaves it to the next, a send has either been made as a
    whole or not at all.
    """

    _watch: LoopWatch | None = None
    _moving: RLock = None  # type: ignore[assignment]
    """Held while it goes from loop to loop, and while one serves those who wait there."""
    _poll_futures: deque[Pending] = None  # type: ignore[assignment]

    def __init__(self, context: Any = None, socket_type: int = -1, io_loop: Any = None, **kwargs: Any) -> None:
        if io_loop is not None:
            warnings.warn(
                f"{type(self).__name__}(io_loop) argument is deprecated. Use the currently active loop.",
                DeprecationWarning,
                stacklevel=2,
            )
        shadow = kwargs.pop("_from_socket", None) or kwargs.pop("shadow", None)
        if shadow is not None:
            super().__init__(shadow=shadow, **kwargs)  # type: ignore[misc]  # of blocking Sockets, say the overloads
        else:
            super().__init__(context, socket_type, **kwargs)  # type: ignore[misc]  # likewise
        self._moving = RLock()
        self._turn = Turn()
        self._returned = Returned()
        self._recv_futures = deque()
        self._send_futures = deque()
        self._poll_futures = deque()

    @classmethod
    def from_socket(cls, socket: Socket[Any], io_loop: Any = None) -> Self:
        """Return a second object, with futures, for a Socket."""
        return cls(_from_socket=socket, io_loop=io_loop)

    # receive

    def recv_into(  # type: ignore[override]
        self, buf: Buffer, /, *, nbytes: int = 0, flags: int = 0
    ) -> "asyncio.Future[int]":
        """Receive into memory that is there: a future of the length, as `Socket.recv_into` returns it."""
        self._check_open()
        room = _room(buf, nbytes)

        def store(part: bytes) -> int:
            count = min(len(part), room.nbytes)
            room[:count] = part[:count]
            return len(part)

        received: asyncio.Future[int] = self._deserialize(self.recv(flags), store)
        return received

    def _recv_later(self, flags: int, copy: bool, track: bool) -> "asyncio.Future[Any]":
        return self._receive_by(partial(Socket.recv, self, index(flags) | DONTWAIT, copy, track), flags)

    def _recv_parts_later(self, flags: int, copy: bool, track: bool) -> "asyncio.Future[Any]":
        return self._receive_by(partial(Socket.recv_multipart, self, index(flags) | DONTWAIT, copy, track), flags)

    def _receive_by(self, attempt: Callable[[], Any], flags: int) -> "asyncio.Future[Any]":
        self._current_loop()
        if index(flags) & DONTWAIT:
            return self._at_once(self._turn.received, attempt, self._recv_futures, self._receipt)
        if not self._recv_futures:
            try:
                return self._turn.received(*self._receipt(attempt))  # type: ignore[no-any-return]
            except Again:
                pass
            except ZMQError as error:
                return self._failed(error)
        return self._receive_in_turn(attempt)

    def _recv_in_turn(self) -> "asyncio.Future[Any]":
        return self._receive_in_turn(self._part_now)

    def _recv_parts_in_turn(self) -> "asyncio.Future[Any]":
        return self._receive_in_turn(self._parts_now)

    def _receive_in_turn(self, attempt: Callable[[], Any]) -> "asyncio.Future[Any]":
        return self._enqueue(self._recv_futures, attempt, self._core_options.rcvtimeo)

    def _part_now(self) -> Any:
        if self._unread:
            return Socket.recv(self, DONTWAIT)
        message = self._read()
        return message if type(message) is bytes else self._first_of(message)

    def _parts_now(self) -> Any:
        return Socket.recv_multipart(self, DONTWAIT) if self._unread else parts_as_bytes(self._read())

    def _read(self) -> Any:
        try:
            message = self._core.try_recv()
        except CORE_ERRORS as error:
            raise translated(error) from None
        if message is None:
            raise Again
        return message

    def _receipt(self, attempt: Callable[[], Any]) -> tuple[Any, Home]:
        """What was received, and where it goes back to."""
        if self._returned:
            self._returned.bring_back(self._unread)
        before = self._unread.mine()
        outcome = attempt()
        rest = before or self._unread.mine()
        return outcome, self if rest is None else Partly(self, rest)

    def _first_done(self, message: Any) -> "asyncio.Future[Any]":
        outcome, home = self._receipt(partial(self._first_of, message))
        self._turn.done += 1
        return filled(Received(), outcome, home, self._turn.done)  # type: ignore[return-value]  # it says it is one

    def take_back(self, message: Any, number: int, rest: Rest | None = None) -> None:
        """Have the next receiver get a message whose receiver was cancelled before it got it."""
        self._returned.put(message, number, rest)
        self._wake()

    def _is_left_over(self) -> bool:
        return bool(self._returned) or super()._is_left_over()

    def _leave_it(self) -> None:
        self._returned.clear()
        super()._leave_it()

    def _deserialize(self, received: Any, load: Callable[[Any], Any]) -> Any:
        if isinstance(received, Received):
            try:
                return received.loaded(load)
            except Exception as error:  # noqa: BLE001 (it is told whoever waits)
                return self._failed(error)
        if isinstance(received, Pending) and not received.done():
            received.load = load
        return received

    # send

    def _send_later(
        self, data: Any, flags: int, copy: bool, track: bool, others: dict[str, Any]
    ) -> "asyncio.Future[Any]":
        return self._send_by(partial(Socket.send, self, data, index(flags) | DONTWAIT, copy, track, **others), flags)

    def _send_parts_later(
        self, parts: list[Any], flags: int, copy: bool, track: bool, others: dict[str, Any]
    ) -> "asyncio.Future[Any]":
        attempt = partial(Socket.send_multipart, self, parts, index(flags) | DONTWAIT, copy, track, **others)
        return self._send_by(attempt, flags)

    def _send_by(self, attempt: Callable[[], Any], flags: int) -> "asyncio.Future[Any]":
        self._current_loop()
        if self._returned:
            try:
                self._check_turn()
            except ZMQError as error:
                return self._failed(error)
        if index(flags) & DONTWAIT:
            return self._at_once(self._turn.sent, attempt, self._send_futures, _outcome)
        if not self._send_futures:
            try:
                return self._turn.sent(attempt())  # type: ignore[no-any-return]
            except Again:
                pass
            except Exception as error:  # noqa: BLE001 (the caller's, when it waits for it)
                self._check_open()
                return self._failed(error)
        return self._enqueue(self._send_futures, attempt, self._core_options.sndtimeo)

    # at once

    def _at_once(
        self,
        done: Callable[..., "asyncio.Future[Any]"],
        attempt: Callable[[], Any],
        queue: "deque[Pending]",
        receipt: Receipt,
    ) -> "asyncio.Future[Any]":
        """What is not to wait; but those who wait already come first."""
        if queue:
            return self._failed(Again())
        try:
            return done(*receipt(attempt))
        except Exception as error:  # noqa: BLE001 (the caller's, when it waits for it)
            self._check_open()
            return self._failed(error)

    def _failed(self, error: Exception) -> "asyncio.Future[Any]":
        future: asyncio.Future[Any] = self._current_loop().create_future()
        future.set_exception(error)
        return future

    # poll

    def get(self, key: int) -> int | bytes:
        """Get the value of an option, at once. As `Socket.get`."""
        return super().get(key)

    def poll(  # type: ignore[override]
        self, timeout: float | None = None, flags: int = POLLIN
    ) -> "asyncio.Future[int]":
        """Wait until the socket is ready: a future of what `Socket.poll` returns, or raises."""
        if self._core.closed:
            raise self._refusal(Errno.ENOTSUP, "cannot be waited for")
        mask = int(flags)

        def look() -> int:
            events = self._ready() & mask
            if not events:
                raise Again
            return events

        with self._moving:
            future = self._enqueue(self._poll_futures, look, None)
            if timeout is not None and timeout >= 0:
                future.timer = future.get_loop().call_later(timeout / 1000, _poll_over, future)
            self._serve_one(future, _outcome)
        if timeout == 0:
            _poll_over(future)
        return future

    # the loop

    def _current_loop(self) -> asyncio.AbstractEventLoop:
        """The loop that runs now. The socket moves into it if it was used in another one before."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = self._default_loop()
        if loop is not self._turn.loop:
            self._enter(loop)
        return loop

    _get_loop = _current_loop

    def _default_loop(self) -> asyncio.AbstractEventLoop:
        warnings.warn(
            "No running event loop. zmq.asyncio should be used from within an asyncio loop.",
            RuntimeWarning,
            stacklevel=5,
        )
        return asyncio.get_event_loop()

    def _enter(self, loop: asyncio.AbstractEventLoop) -> None:
        self._check_open()  # in a forked child it is not, and the lock may be another thread's
        with self._moving:
            self._leave()
            try:
                self._watch = LoopWatch.of(self._core, loop)
            except CORE_ERRORS as error:
                raise translated(error) from None
            self._watch.listeners.append(self._serve)
            self._turn.enter(loop)
            self._wake()  # what came until now was told the other loop

    def _leave(self) -> None:
        """No loop looks after the socket any more, and nobody waits for it in one."""
        with self._moving:
            self._turn.leave()
            watch, self._watch = self._watch, None
            if watch is None:
                return
            waiting = [*self._recv_futures, *self._send_futures, *self._poll_futures]
            for queue in (self._recv_futures, self._send_futures, self._poll_futures):
                queue.clear()
            watch.leave(self._serve)
            for future in waiting:
                future.queue = None
                watch.have(future.cancel)

    def _enqueue(self, queue: "deque[Pending]", attempt: Callable[[], Any], timeout: float | None) -> Pending:
        """A future that is served in its turn, or fails with Again after `timeout` seconds."""
        with self._moving:
            loop = self._current_loop()
            future = Pending(loop, attempt, queue)
        if timeout is not None:
            future.timer = loop.call_later(timeout, _too_late, future)
        return future

    def _wake(self) -> None:
        """Have those who wait served in the loop's next turn."""
        if self._watch is not None:
            self._watch.set()

    def _serve(self) -> bool:
        """Something may have changed: whoever waits gets what there is now, in turn. Whether anybody still waits."""
        with self._moving:
            if self._watch is None or not self._watch.is_here():  # another loop, in another thread, has it by now
                return False
            if not self._turn.is_over:
                self._turn.begin()
            if self._recv_futures:
                self._serve_all(self._recv_futures, self._receipt)
            elif not self._send_futures and not self._poll_futures:
                self._look()
            if self._send_futures and self._look() & POLLOUT:
                self._serve_all(self._send_futures, _outcome)
            for future in tuple(self._poll_futures):  # each waits for what it waits for
                self._serve_one(future, _outcome)
            if self._core.closed:
                self._leave()
            return bool(self._recv_futures or self._send_futures or self._poll_futures)

    def _look(self) -> int:
        """What is possible now; everything, at the end: each of those who wait is told so by its own attempt."""
        try:
            return self._ready()
        except ZMQError:
            return POLLIN | POLLOUT

    def _serve_all(self, queue: "deque[Pending]", receipt: Receipt) -> None:
        while queue and self._serve_one(queue[0], receipt):
            pass

    def _serve_one(self, future: Pending, receipt: Receipt) -> bool:
        """Whether it waits no longer."""
        try:
            outcome = receipt(future.attempt)
        except Again:
            return False
        except Exception as error:  # noqa: BLE001 (it is told whoever waits)
            future.step_out()
            future.fail(error)
        else:
            future.step_out()
            self._turn.done += 1
            future.finish(self._turn.done, *outcome)
        return True

    # the end

    def close(self, linger: int | None = None) -> None:
        """Close the socket, as `Socket.close`; what waits is cancelled."""
        if getattr(self, "_recv_futures", None) is not None and not self._core.closed:
            self._leave()
        super().close(linger)

    def __del__(self) -> None:
        if self._watch is not None and self._pid == os.getpid():  # a second object for a Socket is not closed
            self._leave()
        super().__del__()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def __aiter__(self) -> AsyncIterator[list[bytes]]:
        """The messages as they come, each a list of parts, until the socket is closed or the context terminated."""
        return self._messages()

    async def _messages(self) -> AsyncIterator[list[bytes]]:
        while True:
            try:
                message = await self.recv_multipart()
            except ZMQError as error:
                if error.errno in ENDS:
                    return
                raise
            yield message


class Partly:
    """The home of a part of a message, whose other parts are with others, or still to be received."""

    __slots__ = ("_rest", "_socket")

    def __init__(self, socket: AsyncSocket, rest: Rest) -> None:
        self._socket = socket
        self._rest = rest

    def take_back(self, part: Any, number: int) -> None:
        """Have somebody else receive it."""
        self._socket.take_back(part, number, self._rest)


def _outcome(attempt: Callable[[], Any]) -> tuple[Any]:
    """The receipt of what is no message."""
    return (attempt(),)


def _too_late(future: Pending) -> None:
    if future.step_out():
        future.fail(Again())


def _poll_over(future: Pending) -> None:
    if future.step_out():
        future.finish(0, 0)
