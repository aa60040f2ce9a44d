"""Context and Socket for gevent: while a call waits, other greenlets run.

Imports gevent, `poll` and `waiting`.
"""

import warnings
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from gevent import get_hub, getcurrent

import purezmq as zmq

from ..api.waiting import Watch
from .poll import _Poller
from .waiting import Deadline, looking_out

__all__ = ["TIMEOS", "_Context", "_Socket"]

T = TypeVar("T")

DONTWAIT = int(zmq.DONTWAIT)

TIMEOS = (zmq.RCVTIMEO, zmq.SNDTIMEO)
"""Options that pyzmq's green sockets have, too, but do not heed."""


class PerGreenlet(WeakKeyDictionary[Any, Any]):
    """What a Socket has of messages in parts: a value for each greenlet that has one."""

    def mine(self) -> Any:
        """Return this greenlet's value, None when it has none."""
        return self.get(getcurrent()) if self else None

    def keep(self, value: Any) -> None:
        """Give this greenlet a value."""
        self[getcurrent()] = value

    def drop(self) -> None:
        """Take this greenlet's value away, if it has one."""
        self.pop(getcurrent(), None)


class _Socket(zmq.Socket[bytes]):
    """A Socket whose calls let other greenlets run while they wait.

    Any greenlet, of any thread, may call any method at any time. One that is killed while it waits, or is thrown a
    `gevent.Timeout`, has sent the message as a whole or not at all, and has received none. A message that is sent or
    received part by part must be so in one greenlet.
    """

    _repr_cls = "zmq.green.Socket"
    _poller_class = _Poller

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unsent = PerGreenlet()  # type: ignore[assignment]  # it does what a PerThread does
        self._unread = PerGreenlet()  # type: ignore[assignment]

    def set(self, opt: int, val: int | bytes) -> None:
        """Set an option, as `zmq.Socket.set`. A UserWarning says that RCVTIMEO and SNDTIMEO work, unlike in pyzmq."""
        _warn_of_timeo(opt)
        super().set(opt, val)

    def get(self, opt: int) -> Any:
        """Get the value of an option, as `zmq.Socket.get`; with the same UserWarning as `set`."""
        _warn_of_timeo(opt)
        return super().get(opt)

    if not TYPE_CHECKING:  # with pyzmq's parameters; what they are is said by the types of zmq.Socket

        def send(self, data: Any, flags: int = 0, copy: bool = True, track: bool = False, **kwargs: Any) -> Any:
            """Send a message, as `zmq.Socket.send`."""
            return super().send(data, flags, copy, track, **kwargs)

        def send_multipart(self, *args: Any, **kwargs: Any) -> Any:
            """Send a message of several parts, as `zmq.Socket.send_multipart`."""
            return super().send_multipart(*args, **kwargs)

        def recv_multipart(self, *args: Any, **kwargs: Any) -> Any:
            """Receive all parts of a message, as `zmq.Socket.recv_multipart`."""
            return super().recv_multipart(*args, **kwargs)

    # whatever may wait

    def _send_now(self, message: Any, flags: int) -> None:
        self._patiently(partial(super()._send_now, message, DONTWAIT), self._send_timeout(flags))

    def _send(self, parts: Any, flags: int) -> None:
        self._patiently(partial(super()._send, parts, flags | DONTWAIT), self._send_timeout(flags))

    def _receive(self, flags: int) -> Any:
        return self._patiently(partial(super()._receive, DONTWAIT), self._recv_timeout(flags))

    def _recv_from(self, flags: int) -> Any:
        return self._patiently(partial(super()._recv_from, DONTWAIT), self._recv_timeout(flags))

    def _wait(self, events: int, timeout: float | None) -> int:
        try:
            return self._patiently(partial(self._look, super()._wait, events), timeout)
        except zmq.Again:
            return 0

    @staticmethod
    def _look(look: Callable[[int, float], int], events: int) -> int:
        if ready := look(events, 0.0):
            return ready
        raise zmq.Again

    def _patiently(self, attempt: Callable[[], T], timeout: float | None) -> T:
        """Make the attempt until it succeeds; after `timeout` seconds it may raise Again."""
        try:
            return attempt()
        except zmq.Again:
            if timeout == 0:
                raise
        deadline = Deadline(timeout)
        with looking_out([Watch(self, -1, 0)]) as lookout:
            while True:
                lookout.clear()
                try:
                    return attempt()
                except zmq.Again:
                    if deadline.remaining == 0:
                        raise
                lookout.wait(deadline.remaining)


def _warn_of_timeo(option: int) -> None:
    if option in TIMEOS:
        text = f"{zmq.SocketOption(option).name}: pyzmq's zmq.green ignores it; here calls raise Again when time is up"
        warnings.warn(text, UserWarning, stacklevel=3)


class _Context(zmq.Context[_Socket]):
    """A Context that makes Sockets for greenlets."""

    _socket_class = _Socket
    _repr_cls = "zmq.green.Context"
    _instance = None
    _collected: bool = False

    def term(self) -> None:
        """Terminate the context, as `zmq.Context.term`; other greenlets, which may have its sockets, run meanwhile."""
        if self.closed or self._collected:
            super().term()
        else:
            get_hub().threadpool.apply(super().term)

    def __del__(self) -> None:
        self._collected = True  # a finalizer may run in the middle of anything, where no other greenlet must run
        super().__del__()
