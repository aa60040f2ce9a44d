"""The Socket: its beginning and its end. What it does in between is in the modules that it is made of.

Imports `endpoints`, `serializing`, `monitoring`, `socket_options`, `handles`, `translate`, and the public `constants`
and `error`.
"""

import os
import warnings
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self, TypeAlias, TypeVar, overload

from ..constants import Errno, PollEvent, SocketOption, SocketType
from ..error import from_errno
from .buffers import PerThread
from .endpoints import Endpoints
from .handles import Handles, as_handle
from .message import COPY_THRESHOLD
from .monitoring import Monitored
from .options import set_option
from .serializing import Serializing
from .socket_options import SocketOptionsMixin
from .translate import CORE_ERRORS, translated

if TYPE_CHECKING:
    # For type checkers a Socket whose methods return messages is the usual one; typing.TypeVar cannot say so yet.
    from typing_extensions import TypeVar as DefaultingTypeVar

    from ..engine.socket import SocketCore
    from .context import Context

    Received_co = DefaultingTypeVar("Received_co", covariant=True, default=bytes)
else:
    Received_co = TypeVar("Received_co", covariant=True)

__all__ = ["Socket", "SyncSocket"]

HANDLES: "Handles[SocketCore]" = Handles()


class Socket(Endpoints, Serializing, Monitored, SocketOptionsMixin, Generic[Received_co]):
    """A ZeroMQ socket: `Context.socket` makes them.

    Any thread may call any method at any time; `close` ends calls that wait in other threads (ENOTSOCK there). A
    message sent or received part by part must be so in one thread.

    Options are attributes, too: `socket.linger = 0`. `with` closes the socket at its end, and `for message in socket`
    receives until it is closed.

    Parameters
    ----------
    context : Context
        Whose socket it is.
    socket_type : int
        `zmq.REQ` and so on.
    shadow : Socket or int
        Another Socket, or its `underlying`: this one is then a second object for the same socket.
    copy_threshold : int
        See `copy_threshold`.
    """

    context: "Context[Any]"
    """Whose socket it is."""
    _type_number: int
    _pid: int
    _shadow: bool = False
    _shadow_obj: Any = None
    _monitor_socket: Any = None
    _repr_cls = "zmq.Socket"

    @overload
    def __init__(
        self: "Socket[bytes]", ctx_or_socket: "Context[Any]", socket_type: int, *, copy_threshold: int | None = None
    ) -> None: ...
    @overload
    def __init__(self: "Socket[bytes]", *, shadow: "Socket[Any] | int", copy_threshold: int | None = None) -> None: ...
    @overload
    def __init__(self: "Socket[bytes]", ctx_or_socket: "Socket[Any]") -> None: ...
    def __init__(
        self,
        ctx_or_socket: "Context[Any] | Socket[Any] | None" = None,
        socket_type: int = 0,
        *,
        shadow: "Socket[Any] | int" = 0,
        copy_threshold: int | None = None,
    ) -> None:
        if isinstance(ctx_or_socket, Socket):
            shadow, ctx_or_socket = ctx_or_socket, None
        self.copy_threshold = COPY_THRESHOLD if copy_threshold is None else copy_threshold
        self._unsent = PerThread()
        self._unread = PerThread()
        self._pid = os.getpid()
        if shadow:
            self._adopt(shadow)
        elif ctx_or_socket is None:
            raise TypeError("context must be specified")
        elif socket_type < 0:
            raise TypeError("socket_type must be specified")
        else:
            self.context = ctx_or_socket
            self._core = ctx_or_socket._new_core(socket_type)
        self._core_options = self._core.options
        self._lanes = self._core.lanes
        self.__dict__["type"] = SocketType(self._core.type)

    def _adopt(self, other: "Socket[Any] | int") -> None:
        core = HANDLES.find(as_handle(other))
        if core is None:
            raise from_errno(Errno.ENOTSOCK, f"expected the number of an open socket, got {other!r}")
        self._shadow, self._shadow_obj = True, other
        self._core = core
        if isinstance(other, Socket):
            self.context = other.context

    @property
    def underlying(self) -> int:
        """A number that stands for the socket, for `shadow`; 0 once it is closed."""
        return 0 if self._core.closed else HANDLES.give(self._core)

    @classmethod
    def shadow(cls, address: "int | Socket[Any]") -> Self:
        """Return a second object for the same socket, which does not close it when it is deleted.

        `address` is a Socket, or its `underlying`. Raises ZMQError(ENOTSOCK) when that is closed.
        """
        return cls(shadow=address)

    def __copy__(self, memo: Any = None) -> Self:
        """As `shadow(self)`."""
        return self.shadow(self.underlying)

    __deepcopy__ = __copy__

    def __reduce__(self) -> NoReturn:
        """Raise TypeError: to another process it would mean nothing."""
        raise TypeError(f"{self!r} belongs to this process and cannot be pickled")

    @property
    def socket_type(self) -> int:
        """Deprecated: use `type`."""
        warnings.warn("Socket.socket_type is deprecated, use Socket.type", DeprecationWarning, stacklevel=2)
        return self._core.type

    def __repr__(self) -> str:
        name = f"{type(self).__dict__.get('_repr_cls') or f'{type(self).__module__}.{type(self).__name__}'}"
        core = getattr(self, "_core", None)
        if core is None:
            return f"<{name} at {id(self):#x}>"
        state = " closed" if core.closed else f" {core.endpoints}"
        return f"<{name}(zmq.{SocketType(core.type).name}) at {id(self):#x}{state}>"

    # wait

    def poll(self, timeout: float | None = None, flags: int = PollEvent.POLLIN) -> int:
        """Wait until the socket is ready.

        Parameters
        ----------
        timeout : int
            Milliseconds (a fraction is cut off); None (the default) or negative: as long as it takes.
        flags : int
            POLLIN (the default): a message can be received. POLLOUT: one can be sent. Or both.

        Returns
        -------
        int
            those of the flags that hold; 0 when the time is up

        Raises
        ------
        ZMQError
            ENOTSUP when the socket is closed, ETERM when its context is terminated
        """
        if self._core.closed:
            raise self._refusal(Errno.ENOTSUP, "cannot be waited for")
        return self._wait(int(flags), None if timeout is None or timeout < 0 else int(timeout) / 1000) if flags else 0

    # end

    def close(self, linger: int | None = None) -> None:
        """Close the socket. It may be closed again; whoever waits on it gets ZMQError(ENOTSOCK).

        Returns at once, with all listeners closed; what is queued is delivered in the background.

        Parameters
        ----------
        linger : int
            Milliseconds for that; -1: as long as it takes; 0: drop it. None: what LINGER says, by default -1.
        """
        if getattr(self, "_core", None) is None or self._pid != os.getpid():
            return
        if (context := self.__dict__.get("context")) is not None:
            context._rm_socket(self)
        try:
            if linger is not None and not self._core.closed:
                set_option(self._core, SocketOption.LINGER, linger)
            self._core.close()
        except CORE_ERRORS as error:
            raise translated(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if self._shadow or getattr(self, "_core", None) is None or self._core.closed or self._pid != os.getpid():
            return
        try:
            warnings.warn(f"Unclosed socket {self!r}", ResourceWarning, stacklevel=2, source=self)
        finally:
            self.close()


SyncSocket: TypeAlias = Socket[bytes]
