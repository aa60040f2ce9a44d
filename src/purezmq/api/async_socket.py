"""A Socket whose operations are futures: for asyncio, and for whatever else runs on its loops.

What is possible at once is done at once, without a turn of the loop. What is not waits in order, until the loop finds
the socket's descriptor readable, or another thread has changed something. Imports `loop_watch`, `pending`, `socket`,
and the public `constants` and `error`.
"""

import asyncio
import warnings
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from functools import partial
from operator import index
from typing import Any, Self, TypeVar

from ..constants import Errno, Flag, PollEvent
from ..error import Again, ZMQError
from .buffers import Buffer
from .express import parts_as_bytes
from .loop_watch import LoopWatch
from .message import Frame
from .pending import Arrived, Pending
from .socket import Socket
from .socket_base import Rest
from .transfer import ENDS, _room
from .translate import CORE_ERRORS, translated

__all__ = ["AsyncSocket"]

F = TypeVar("F", bound="asyncio.Future[Any]")

DONTWAIT = int(Flag.DONTWAIT)
POLLIN, POLLOUT = int(PollEvent.POLLIN), int(PollEvent.POLLOUT)

AT_ONCE = 256
"""Operations that are done at once, one after another; then the loop's other tasks get their turn."""


class Budget:
    """How many more operations are done at once. Apart from the Socket, whose attributes are options, too."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = AT_ONCE


class AsyncSocket(Socket["asyncio.Future[Any]"]):
    """A Socket for use within an event loop: `send`, `recv`, `poll` and their kin return futures.

    It may be used in one loop after another. Several tasks may wait on it, and are served in order. Cancelling one
    that waits loses no message: a receive that is cancelled leaves it to the next, a send has either been made as a
    whole or not at all.
    """

    _loop: asyncio.AbstractEventLoop | None = None
    _watch: LoopWatch | None = None
    _budget: "Budget" = None  # type: ignore[assignment]
    _recv_futures: deque[Pending] = None  # type: ignore[assignment]
    _send_futures: deque[Pending] = None  # type: ignore[assignment]
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
        self._recv_futures = deque()
        self._send_futures = deque()
        self._poll_futures = deque()
        self._budget = Budget()

    @classmethod
    def from_socket(cls, socket: Socket[Any], io_loop: Any = None) -> Self:
        """Return a second object, with futures, for a Socket."""
        return cls(_from_socket=socket, io_loop=io_loop)

    # receive

    def recv(  # type: ignore[override]
        self, flags: int = 0, copy: bool = True, track: bool = False
    ) -> "asyncio.Future[Any]":
        """Receive a message, or the next part of one: a future of what `Socket.recv` returns, or raises."""
        if copy and not self._unread and not self._recv_futures:
            message = self._now()
            if message is not None:
                return self._arrived(message if type(message) is bytes else self._first_of(message))
        return self._receive_by(partial(Socket.recv, self, index(flags) | DONTWAIT, copy, track), flags)

    def recv_multipart(  # type: ignore[override]
        self, flags: int = 0, copy: bool = True, track: bool = False
    ) -> "asyncio.Future[Any]":
        """Receive all parts of a message: a future of what `Socket.recv_multipart` returns, or raises."""
        if copy and not self._unread and not self._recv_futures:
            message = self._now()
            if message is not None:
                return self._arrived(parts_as_bytes(message))
        return self._receive_by(partial(Socket.recv_multipart, self, index(flags) | DONTWAIT, copy, track), flags)

    def recv_into(  # type: ignore[override]
        self, buf: Buffer, /, *, nbytes: int = 0, flags: int = 0
    ) -> "asyncio.Future[Any]":
        """Receive into memory that is there: a future of the length, as `Socket.recv_into` returns it."""
        self._check_open()
        room = _room(buf, nbytes)

        def store(part: bytes) -> int:
            count = min(len(part), room.nbytes)
            room[:count] = part[:count]
            return len(part)

        received: asyncio.Future[Any] = self._deserialize(self.recv(flags), store)
        return received

    def _now(self) -> Any:
        """A message that is there, or None. Nothing is read ahead of those that wait already."""
        ready = self._lanes.ready
        if ready:
            try:
                return ready.pop()
            except IndexError:  # another thread has taken it
                pass
        try:
            return self._core.try_recv()
        except CORE_ERRORS as error:
            raise translated(error) from None

    def _arrived(self, message: Any) -> "asyncio.Future[Any]":
        loop = self._current_loop()
        self._budget.left -= 1
        if self._budget.left:
            return Arrived(loop, message, self)
        return self._next_turn(message, self)

    def _receive_by(self, attempt: Callable[[], Any], flags: int) -> "asyncio.Future[Any]":
        if not self._recv_futures:
            try:
                return self._arrived(attempt())
            except Again as error:
                if index(flags) & DONTWAIT:
                    return self._failed(error)
        elif index(flags) & DONTWAIT:
            return self._failed(Again())  # those who wait come first
        return self._enqueue(self._recv_futures, attempt, self._core_options.rcvtimeo, self)

    def take_back(self, message: Any) -> None:
        """Have the next receiver get a message whose receiver was cancelled before it got it."""
        parts: list[Any] = [part.part if isinstance(part, Frame) else part for part in _as_list(message)]
        rest = self._unread.mine()
        if rest is not None:
            rest.parts.extend(reversed(parts))
        else:
            first = message[0] if isinstance(message, list) else message
            self._unread.keep(Rest(parts[::-1], first._properties if isinstance(first, Frame) else {}))
        if self._watch is not None:
            self._watch.set()

    def _deserialize(self, received: Any, load: Callable[[Any], Any]) -> Any:
        if isinstance(received, Arrived):
            return received.loaded(load)
        if isinstance(received, Pending) and not received.done():
            received.load = load
        return received

    # send

    def send(  # type: ignore[override]
        self, data: Any, flags: int = 0, copy: bool = True, track: bool = False, **kwargs: Any
    ) -> "asyncio.Future[Any]":
        """Send a message, or a part of one: a future of what `Socket.send` returns, or raises."""
        return self._dispatch(partial(Socket.send, self, data, copy=copy, track=track, **kwargs), flags)

    def send_multipart(  # type: ignore[override]
        self, msg_parts: Iterable[Any], flags: int = 0, copy: bool = True, track: bool = False, **kwargs: Any
    ) -> "asyncio.Future[Any]":
        """Send a message of several parts: a future of what `Socket.send_multipart` returns, or raises."""
        parts = list(msg_parts)
        return self._dispatch(partial(Socket.send_multipart, self, parts, copy=copy, track=track, **kwargs), flags)

    def _dispatch(self, operation: Callable[..., Any], flags: int) -> "asyncio.Future[Any]":
        attempt = partial(operation, flags=index(flags) | DONTWAIT)
        loop = self._current_loop()
        if not self._send_futures:
            try:
                tracker = attempt()
            except Again as error:
                if index(flags) & DONTWAIT:
                    return self._failed(error)
            except Exception as error:  # noqa: BLE001 (the caller's, when it waits for it)
                self._check_open()
                return self._failed(error)
            else:
                self._budget.left -= 1
                if not self._budget.left:
                    return self._next_turn(tracker, None)
                sent = loop.create_future()
                sent.set_result(tracker)
                return sent
        elif index(flags) & DONTWAIT:
            return self._failed(Again())
        return self._enqueue(self._send_futures, attempt, self._core_options.sndtimeo, None)

    # poll

    def get(self, key: int) -> Any:
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

        loop = self._current_loop()
        future = self._enqueue(self._poll_futures, look, None, None)
        if timeout is not None and timeout >= 0:
            future.timer = loop.call_later(timeout / 1000, self._poll_over, future)
        self._serve_all(self._poll_futures)
        if timeout == 0 and not future.done():
            self._poll_over(future)
        return future

    def _poll_over(self, future: Pending) -> None:
        if not future.done():
            self._poll_futures.remove(future)
            future.finish(0)

    # the loop

    def _current_loop(self) -> asyncio.AbstractEventLoop:
        """The loop that runs now. The socket moves into it if it was used in another one before."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = self._default_loop()
        if loop is not self._loop:
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
        self._leave()
        self._check_open()
        self._watch = LoopWatch.of(self._core, loop)
        self._watch.listeners.append(self._serve)
        self._loop = loop

    def _leave(self) -> None:
        """No loop looks after the socket any more, and nobody waits for it in one."""
        loop_is_closed = self._loop is not None and self._loop.is_closed()
        for queue in (self._recv_futures, self._send_futures, self._poll_futures):
            while queue:
                future = queue.popleft()
                future.forget = None
                if not loop_is_closed:  # else nobody waits for it any more
                    future.cancel()
        watch, self._watch, self._loop = self._watch, None, None
        if watch is not None:
            watch.leave(self._serve)

    def _enqueue(
        self, queue: "deque[Pending]", attempt: Callable[[], Any], timeout: float | None, home: "AsyncSocket | None"
    ) -> Pending:
        """A future that is served in its turn, or fails with Again after `timeout` seconds."""
        loop = self._current_loop()
        future = Pending(loop, attempt, home)
        future.forget = partial(_forget, queue)
        queue.append(future)
        self._budget.left = AT_ONCE  # its task will wait, and others get their turn
        if timeout is not None:
            future.timer = loop.call_later(timeout, _too_late, queue, future)
        return future

    def _next_turn(self, result: Any, home: "AsyncSocket | None") -> "asyncio.Future[Any]":
        """A result that is there, given in the loop's next turn."""
        self._budget.left = AT_ONCE
        future = Pending(self._current_loop(), _nothing, None)

        def finish() -> None:
            if not future.done():
                future.home = home
                future.finish(result)
            elif home is not None:
                home.take_back(result)

        self._current_loop().call_soon(finish)
        return future

    def _failed(self, error: Exception) -> "asyncio.Future[Any]":
        future: asyncio.Future[Any] = self._current_loop().create_future()
        future.set_exception(error)
        return future

    def _serve(self) -> None:
        """The loop has found that something may have changed: whoever waits gets what there is now, in turn."""
        self._budget.left = AT_ONCE
        try:
            events = self._ready()
        except ZMQError:  # the end: each of them is told so by its own attempt
            events = POLLIN | POLLOUT
        while (events & POLLIN and self._serve_all(self._recv_futures)) or (
            events & POLLOUT and self._serve_all(self._send_futures)
        ):
            try:
                events = self._ready()
            except ZMQError:
                break
        self._serve_all(self._poll_futures)
        if self._core.closed:
            self._leave()

    def _serve_all(self, queue: "deque[Pending]") -> bool:
        """Whether anybody was served."""
        served = False
        while queue:
            future = queue[0]
            try:
                outcome = future.attempt()
            except Again:
                return served
            except Exception as error:  # noqa: BLE001 (it is told whoever waits)
                queue.popleft()
                future.fail(error)
            else:
                queue.popleft()
                future.finish(outcome)
            served = True
        return served

    # the end

    def close(self, linger: int | None = None) -> None:
        """Close the socket, as `Socket.close`; what waits is cancelled."""
        if getattr(self, "_recv_futures", None) is not None and not self._core.closed:
            self._leave()
        super().close(linger)

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


def _as_list(message: Any) -> list[Any]:
    return message if isinstance(message, list) else [message]


def _forget(queue: "deque[Pending]", future: Pending) -> None:
    queue.remove(future)


def _too_late(queue: "deque[Pending]", future: Pending) -> None:
    if not future.done():
        queue.remove(future)
        future.fail(Again())


def _nothing() -> None:
    """There is nothing to be attempted."""
