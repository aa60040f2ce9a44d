"""ZMQStream: a Socket in a tornado loop, which calls back with what was received, and with what was sent.

Imports tornado and `watch`. For coroutines there are `purezmq.asyncio` and `purezmq.eventloop.future`.
"""

import asyncio
import json
import pickle
import warnings
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, Self, overload

from tornado.ioloop import IOLoop
from tornado.log import gen_log

import purezmq as zmq

from ..api.async_socket import AsyncSocket
from .watch import StreamWatch

__all__ = ["ZMQStream"]

POLLIN, POLLOUT = int(zmq.POLLIN), int(zmq.POLLOUT)


class ZMQStream:
    """A Socket whose messages come to a callback, and go out when there is room, while the loop does other things.

    ::

        stream = ZMQStream(context.socket(zmq.REP))
        stream.bind("tcp://127.0.0.1:5555")
        stream.on_recv(stream.send_multipart)  # an echo

    Callbacks may be coroutines. To be used in the loop's own thread; `bind`, `connect`, `getsockopt` and their kin are
    the socket's.

    Parameters
    ----------
    socket : Socket
        An asyncio Socket is taken as a plain one, with a RuntimeWarning.
    io_loop : IOLoop
        None (the default): the current one, which in an asyncio program stands for the running loop.
    """

    socket: zmq.Socket[bytes]
    """The socket; None once the stream is closed."""
    io_loop: IOLoop
    """The loop that calls back."""
    poller: zmq.Poller
    """What `flush` asks."""

    def __init__(self, socket: zmq.Socket[Any], io_loop: IOLoop | None = None) -> None:
        if isinstance(socket, AsyncSocket):
            text = (
                "ZMQStream wants a plain Socket: make it by `context.socket(type, socket_class=zmq.Socket)`, "
                f"or from another one by `zmq.Socket(shadow=other)`; got {socket!r}"
            )
            warnings.warn(text, RuntimeWarning, stacklevel=2)
            socket = zmq.Socket(shadow=socket)
        self.socket = socket
        self.io_loop = io_loop or IOLoop.current()
        self.poller = zmq.Poller()
        self._unsent: deque[tuple[Sequence[Any], dict[str, Any]]] = deque()
        self._recv_callback: Callable[[Any], object] | None = None
        self._recv_copy = True
        self._send_callback: Callable[[Any, Any], object] | None = None
        self._close_callback: Callable[[], object] | None = None
        self._is_closed = False
        self._flushed = False
        self._tasks: set[asyncio.Future[Any]] = set()
        self._watch = StreamWatch(socket, self.io_loop, self._look)
        self.bind = socket.bind
        self.bind_to_random_port = socket.bind_to_random_port
        self.connect = socket.connect
        self.setsockopt = socket.setsockopt
        self.getsockopt = socket.getsockopt
        self.setsockopt_string = socket.setsockopt_string
        self.getsockopt_string = socket.getsockopt_string
        self.setsockopt_unicode = socket.setsockopt_unicode
        self.getsockopt_unicode = socket.getsockopt_unicode

    # receive

    @overload
    def on_recv(self, callback: Callable[[list[bytes]], object] | None, copy: Literal[True] = True) -> None: ...
    @overload
    def on_recv(self, callback: Callable[[list[zmq.Frame]], object] | None, copy: Literal[False]) -> None: ...
    @overload
    def on_recv(self, callback: Callable[[list[Any]], object] | None, copy: bool = True) -> None: ...
    def on_recv(self, callback: Callable[[list[Any]], object] | None, copy: bool = True) -> None:
        """Have each message that comes given to a callback.

        Parameters
        ----------
        callback : callable or coroutine function
            Called with the list of the message's parts. It takes the place of the one before. None: messages wait.
        copy : bool
            False: the parts are Frames.

        Raises
        ------
        AssertionError
            when the callback cannot be called
        OSError
            when the stream is closed
        """
        self._check_closed()
        _check_callable(callback)
        self._recv_callback = callback
        self._recv_copy = copy
        self._look_again()

    @overload
    def on_recv_stream(
        self, callback: Callable[[Self, list[bytes]], object] | None, copy: Literal[True] = True
    ) -> None: ...
    @overload
    def on_recv_stream(
        self, callback: Callable[[Self, list[zmq.Frame]], object] | None, copy: Literal[False]
    ) -> None: ...
    @overload
    def on_recv_stream(self, callback: Callable[[Self, list[Any]], object] | None, copy: bool = True) -> None: ...
    def on_recv_stream(self, callback: Callable[[Self, list[Any]], object] | None, copy: bool = True) -> None:
        """As `on_recv`, with this stream as the callback's first argument."""
        if callback is None:
            self.stop_on_recv()
        else:
            self.on_recv(lambda message: callback(self, message), copy=copy)

    def stop_on_recv(self) -> None:
        """Let messages wait; the same as `on_recv(None)`."""
        self.on_recv(None)

    def receiving(self) -> bool:
        """Whether messages are received, that is, whether there is a callback for them."""
        return self._recv_callback is not None

    # send

    def on_send(self, callback: Callable[[Any, Any], object] | None) -> None:
        """Have a callback called with each message that was sent.

        Parameters
        ----------
        callback : callable or coroutine function
            Called with the message, as a list, and what `Socket.send_multipart` returned for it: a MessageTracker or
            None; the ZMQError if it could not be sent. It takes the place of the one before. None: there is none.

        Raises as `on_recv` does.
        """
        self._check_closed()
        _check_callable(callback)
        self._send_callback = callback

    def on_send_stream(self, callback: Callable[[Self, Any, Any], object] | None) -> None:
        """As `on_send`, with this stream as the callback's first argument."""
        if callback is None:
            self.stop_on_send()
        else:
            self.on_send(lambda message, status: callback(self, message, status))

    def stop_on_send(self) -> None:
        """Call nobody; the same as `on_send(None)`."""
        self.on_send(None)

    def sending(self) -> bool:
        """Whether messages wait to be sent."""
        return bool(self._unsent)

    def send(
        self,
        msg: Any,
        flags: int = 0,
        copy: bool = True,
        track: bool = False,
        callback: Callable[[Any, Any], object] | None = None,
        **kwargs: Any,
    ) -> None:
        """Send a message of one part: `msg`. The rest is as for `send_multipart`."""
        self.send_multipart([msg], flags=flags, copy=copy, track=track, callback=callback, **kwargs)

    def send_multipart(
        self,
        msg: Sequence[Any],
        flags: int = 0,
        copy: bool = True,
        track: bool = False,
        callback: Callable[[Any, Any], object] | None = None,
        **kwargs: Any,
    ) -> None:
        """Send a message as soon as there is room for it, after those that were given to the stream before.

        Parameters
        ----------
        msg : list of bytes, Frames or buffers
            The parts.
        flags, copy, track, **kwargs
            As for `Socket.send_multipart`.
        callback : callable or coroutine function
            As for `on_send`: for this message and those that follow.

        Raises OSError when the stream is closed.
        """
        self.on_send(callback or self._send_callback)
        self._unsent.append((msg, {**kwargs, "flags": flags | zmq.DONTWAIT, "copy": copy, "track": track}))
        self._look_again()

    def send_string(
        self,
        u: str,
        flags: int = 0,
        encoding: str = "utf-8",
        callback: Callable[[Any, Any], object] | None = None,
        **kwargs: Any,
    ) -> None:
        """Send a text, encoded. Raises TypeError when it is not a text."""
        if not isinstance(u, str):
            raise TypeError(f"str objects only, not {type(u).__name__}")
        self.send(u.encode(encoding), flags=flags, callback=callback, **kwargs)

    send_unicode = send_string

    def send_json(
        self, obj: Any, flags: int = 0, callback: Callable[[Any, Any], object] | None = None, **kwargs: Any
    ) -> None:
        """Send something as JSON. Raises as `json.dumps` does."""
        self.send(json.dumps(obj).encode(), flags=flags, callback=callback, **kwargs)

    def send_pyobj(
        self,
        obj: Any,
        flags: int = 0,
        protocol: int = -1,
        callback: Callable[[Any, Any], object] | None = None,
        **kwargs: Any,
    ) -> None:
        """Send a Python object, pickled. Raises as `pickle.dumps` does."""
        self.send(pickle.dumps(obj, protocol), flags=flags, callback=callback, **kwargs)

    def flush(self, flag: int = POLLIN | POLLOUT, limit: int | None = None) -> int:
        """Receive and send, without the loop, what can be at once; callbacks are called as usual.

        After that the loop's next turn brings nothing for this stream: others get theirs.

        Parameters
        ----------
        flag : int
            POLLIN: receive. Without a callback (`on_recv`) what comes is thrown away. POLLOUT: send. Or both.
        limit : int
            So many messages, received and sent, at most; None (the default) or 0: all.

        Returns
        -------
        int
            how many it were

        Raises OSError when the stream is closed.
        """
        self._check_closed()
        was_flushed, self._flushed = self._flushed, False
        count = 0
        while (not limit or count < limit) and (moved := self._move(flag)):
            count += moved
        if count or was_flushed:
            self._flushed = True
        if count and not was_flushed:
            self.io_loop.add_callback(self._end_flush)
        return count

    def _move(self, flag: int) -> int:
        """Receive one message and send one, as far as that is asked for and possible: how many it were."""
        wanted = flag & (POLLIN | POLLOUT if self.sending() else POLLIN)
        if self._is_closed or not wanted:
            return 0
        self.poller.register(self.socket, wanted)
        events = dict(self.poller.poll(0)).get(self.socket, 0)
        received = events & POLLIN and self._handle_recv()
        sent = events & POLLOUT and self.sending() and self._handle_send()
        return int(received) + int(sent)

    def _end_flush(self) -> None:
        self._flushed = False
        self._look_again()

    # the loop

    def _look(self) -> None:
        """Something may have changed: receive a message and send one, if that is wanted and possible."""
        if self._is_closed or self._flushed:
            return
        try:
            events = self.socket.events
        except zmq.ContextTerminated:
            gen_log.warning("%r: its context is terminated", self)
            return
        except zmq.ZMQError as error:
            if self.closed():
                gen_log.warning("%r was attached to a closed socket: %s", self, error)
            else:
                gen_log.exception("%r", self)
            return
        stuck = False
        try:
            if events & POLLIN and self.receiving():
                self._handle_recv()
            if events & POLLOUT and self.sending():
                stuck = not self._handle_send()
        finally:
            self._look_again(POLLIN if stuck else POLLIN | POLLOUT)

    def _look_again(self, mask: int = POLLIN | POLLOUT) -> None:
        """Have the loop look in its next turn, if there is something to be done already."""
        if self._is_closed or self._flushed:
            return
        wanted = (POLLIN if self.receiving() else 0) | (POLLOUT if self.sending() else 0)
        try:
            if wanted & mask & self.socket.events:
                self._watch.set()
        except zmq.ZMQError:  # it is closed: let `_look` say so
            self._watch.set()

    def _handle_recv(self) -> bool:
        """Receive a message and call back. Whether there was one."""
        try:
            message = self.socket.recv_multipart(zmq.DONTWAIT, copy=self._recv_copy)
        except zmq.Again:  # another thread has taken it
            return False
        if self._recv_callback is not None:
            self._run_callback(self._recv_callback, message)
        return True

    def _handle_send(self) -> bool:
        """Send the next message and call back. Whether there was room for it."""
        message, options = self._unsent[0]
        status: Any
        try:
            status = self.socket.send_multipart(message, **options)
        except zmq.Again:  # no room for this one: it waits for the next change
            return False
        except zmq.ZMQError as error:
            gen_log.error("%r: cannot send: %s", self, error)
            status = error
        self._unsent.popleft()
        if self._send_callback is not None:
            self._run_callback(self._send_callback, message, status)
        return True

    def _run_callback(self, callback: Callable[..., object], *arguments: object) -> None:
        try:
            outcome = callback(*arguments)
            if isinstance(outcome, Awaitable):
                task = asyncio.ensure_future(outcome, loop=self.io_loop.asyncio_loop)  # type: ignore[attr-defined]
                self._tasks.add(task)
                task.add_done_callback(self._task_done)
        except Exception:
            gen_log.exception("Uncaught exception in ZMQStream callback")
            raise  # to the loop

    def _task_done(self, task: "asyncio.Future[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            gen_log.error("Uncaught exception in ZMQStream callback", exc_info=error)

    # the end

    def set_close_callback(self, callback: Callable[[], object] | None) -> None:
        """Have a callback called when the stream is closed."""
        self._close_callback = callback

    def close(self, linger: int | None = None) -> None:
        """Close the stream and its socket. It may be closed again.

        Parameters
        ----------
        linger : int
            As for `Socket.close`. Messages that wait in the stream, and not in the socket, are not sent.
        """
        if self._is_closed:
            return
        if self.socket.closed:
            text = f"{self!r} is closed only after closing socket {self.socket!r}: use stream.close() instead"
            warnings.warn(text, stacklevel=2)
        self._is_closed = True
        self._unsent.clear()
        self._watch.stop()
        self.socket.close(linger)
        self.socket = None  # type: ignore[assignment]  # as long as it is open, it has one
        if self._close_callback is not None:
            self._run_callback(self._close_callback)

    def closed(self) -> bool:
        """Whether the stream is closed. If its socket is, the stream is closed, too."""
        if not self._is_closed and self.socket.closed:
            self.close()
        return self._is_closed

    def _check_closed(self) -> None:
        if self._is_closed:
            raise OSError("Stream is closed")

    # no longer

    def on_err(self, callback: Callable[..., object]) -> None:
        """Do nothing. Deprecated."""
        gen_log.warning("ZMQStream.on_err does nothing")

    def stop_on_err(self) -> None:
        """Do nothing. Deprecated."""
        gen_log.warning("ZMQStream.stop_on_err does nothing")


def _check_callable(callback: object) -> None:
    if callback is not None and not callable(callback):
        raise AssertionError(f"expected a callback that can be called, or None; got {callback!r}")
