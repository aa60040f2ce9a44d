"""The Context: where sockets come from, and what ends them.

Imports `attributes`, `handles`, `options`, `socket`, `translate`, the engine's context, and the public `constants` and
`error`.
"""

import atexit
import os
import threading
import warnings
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, Self, TypeAlias, TypeVar, overload
from weakref import WeakValueDictionary

from ..constants import ContextOption, Errno, SocketOption
from ..engine.context import ContextCore
from ..error import ZMQError, from_errno
from .attributes import ContextAttributes
from .handles import Handles, as_handle
from .options import get_context_option, set_context_option
from .socket import Socket, SyncSocket
from .translate import CORE_ERRORS, translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import TypeVar as DefaultingTypeVar

    from ..engine.socket import SocketCore

    S_co = DefaultingTypeVar("S_co", bound=Socket[Any], covariant=True, default=Socket[bytes])
else:
    S_co = TypeVar("S_co", bound=Socket, covariant=True)

__all__ = ["Context", "SyncContext"]

T = TypeVar("T", bound=Socket[Any])

HANDLES: Handles[ContextCore] = Handles()
BLOCKY = int(SocketOption.BLOCKY)
OF_CONTEXT = {**ContextOption.__members__, "BLOCKY": SocketOption.BLOCKY}
"""Attributes that are options of the context itself. BLOCKY is one, although pyzmq lists it with the sockets'."""

_exiting = threading.Event()
atexit.register(_exiting.set)


class Context(ContextAttributes, Generic[S_co]):
    """The home of sockets: most programs have one.

    ::

        with zmq.Context() as context, context.socket(zmq.PUSH) as socket:
            ...

    `with` closes the sockets that are left, with a ResourceWarning, and terminates the context. Any thread may call any
    method at any time.

    Options are attributes: those of contexts (`io_threads`, `max_sockets`, …) are the context's own; those of sockets
    (`linger`, …) are given to the sockets made later, as far as they have them; `del` undoes that.

    Parameters
    ----------
    io_threads : int
        For libzmq's sake; 0 restricts the context to inproc. Or a Context, as `shadow`.
    shadow : Context or int
        Another Context, or its `underlying`: this one is then a second object for the same context.
    """

    sockopts: dict[int, Any]
    """The options that sockets made later are given."""
    closed: bool = True
    """Whether this Context is terminated."""

    _core: ContextCore
    _pid: int
    _shadow: bool = False
    _shadow_obj: Any = None
    _socket_class: Any = Socket
    _sockets: "WeakValueDictionary[int, Socket[Any]]"
    _warn_destroy_close: bool = False
    _repr_cls = "zmq.Context"

    _instance: ClassVar[Any] = None
    _instance_pid: ClassVar[int | None] = None
    _instance_lock: ClassVar[Any] = threading.Lock()

    @overload
    def __init__(self: "SyncContext", io_threads: int = 1) -> None: ...
    @overload
    def __init__(self: "SyncContext", io_threads: "Context[Any]", /) -> None: ...
    @overload
    def __init__(self: "SyncContext", *, shadow: "Context[Any] | int") -> None: ...
    def __init__(self, io_threads: "int | Context[Any]" = 1, shadow: "Context[Any] | int | None" = None) -> None:
        if isinstance(io_threads, Context):
            shadow, io_threads = io_threads, 1
        self.sockopts = {}
        self._sockets = WeakValueDictionary()
        self._pid = os.getpid()
        if shadow:
            self._adopt(shadow)
        else:
            self._core = ContextCore()
            if type(io_threads) is not int or io_threads != self._core.options.io_threads:
                self._set(ContextOption.IO_THREADS, io_threads)
        self.closed = False

    def _adopt(self, other: "Context[Any] | int") -> None:
        core = HANDLES.find(as_handle(other))
        if core is None:
            raise from_errno(Errno.EFAULT, f"expected the number of an open context, got {other!r}")
        self._shadow, self._shadow_obj = True, other
        self._core = core

    @property
    def underlying(self) -> int:
        """A number that stands for the context, for `shadow`; 0 once it is terminated."""
        return 0 if self.closed else HANDLES.give(self._core)

    @classmethod
    def shadow(cls, address: "int | Context[Any]") -> Self:
        """Return a second object for the same context, which does not terminate it when it is deleted.

        `address` is a Context, or its `underlying`. Raises ZMQError(EFAULT) when that is terminated.
        """
        return cls(shadow=address)

    def __copy__(self, memo: Any = None) -> Self:
        """As `shadow(self)`."""
        return self.shadow(self.underlying)

    __deepcopy__ = __copy__

    def __reduce__(self) -> NoReturn:
        """Raise TypeError: to another process it would mean nothing."""
        raise TypeError(f"{self!r} belongs to this process and cannot be pickled")

    @classmethod
    def instance(cls, io_threads: int = 1) -> Self:
        """Return the Context that all parts of the program share; it is made at the first call, or once terminated.

        `io_threads` is for the one that is made. A forked child gets one of its own.
        """
        if cls._instance_gone():
            with Context._instance_lock:
                if cls._instance_gone():
                    cls._instance = cls(io_threads)
                    cls._instance_pid = os.getpid()
        instance: Self = cls._instance
        return instance

    @classmethod
    def _instance_gone(cls) -> bool:
        return cls._instance is None or cls._instance_pid != os.getpid() or cls._instance.closed

    def __repr__(self) -> str:
        name = f"{type(self).__dict__.get('_repr_cls') or f'{type(self).__module__}.{type(self).__name__}'}"
        count = len(self.__dict__.get("_sockets", ()))
        sockets = f"{count} socket{'s' if count > 1 else ''}" if count else ""
        return f"<{name}({sockets}) at {id(self):#x}{' closed' if self.closed else ''}>"

    # sockets

    @overload
    def socket(self, socket_type: int, socket_class: None = None, **kwargs: Any) -> S_co: ...
    @overload
    def socket(self, socket_type: int, socket_class: type[T], **kwargs: Any) -> T: ...
    @overload
    def socket(self, socket_type: int, socket_class: "Callable[[Self, int], T]", **kwargs: Any) -> T: ...
    def socket(self, socket_type: int, socket_class: "Callable[[Self, int], Any] | None" = None, **kwargs: Any) -> Any:
        """Make a socket.

        Parameters
        ----------
        socket_type : int
            `zmq.REQ` and so on.
        socket_class : class
            Another class than the Context's own (`Socket`).
        **kwargs
            For that class.

        Raises
        ------
        ZMQError
            ENOTSUP when this Context is terminated, ETERM or EFAULT when another object for the same context was,
            EINVAL for an unknown type, EMFILE when MAX_SOCKETS are open, or the system has no descriptor left
        """
        if self.closed:
            raise from_errno(Errno.ENOTSUP, f"{self!r} makes no sockets any more")
        socket = (socket_class or self._socket_class)(self, socket_type, **kwargs)
        for option, value in self.sockopts.items():
            try:
                socket.set(option, value)
            except ZMQError:
                continue  # an option that this type of socket does not have
        self._add_socket(socket)
        return socket

    def _new_core(self, socket_type: int) -> "SocketCore":
        if self._core.ended:
            raise from_errno(Errno.EFAULT, f"{self!r} is terminated")
        try:
            return self._core.socket(socket_type)
        except CORE_ERRORS as error:
            raise translated(error) from None

    def _add_socket(self, socket: Socket[Any]) -> None:
        self._sockets[id(socket)] = socket

    def _rm_socket(self, socket: Socket[Any]) -> None:
        self._sockets.pop(id(socket), None)

    # options

    def set(self, option: int, optval: int) -> None:
        """Set an option of the context.

        Raises RuntimeError when the context is terminated, TypeError when the value is not an int, ZMQError(EINVAL)
        when there is no such option, or the value is out of range.
        """
        self._check_open()
        self._set(option, optval)

    def _set(self, option: int, optval: int) -> None:
        try:
            set_context_option(self._core, option, optval)
        except CORE_ERRORS as error:
            raise translated(error) from None

    def get(self, option: int) -> int:
        """Get the value of an option of the context.

        Raises RuntimeError when the context is terminated, ZMQError(EINVAL) when there is no such option.
        """
        self._check_open()
        try:
            return int(get_context_option(self._core, option))
        except CORE_ERRORS as error:
            raise translated(error) from None

    def _check_open(self) -> None:
        if self.closed:
            raise RuntimeError("Context has been destroyed")

    def setsockopt(self, opt: int, value: int | bytes) -> None:
        """Set an option for the sockets made later; those that do not have it do without."""
        self.sockopts[opt] = value

    def getsockopt(self, opt: int) -> int | bytes:
        """Return what `setsockopt` has set. Raises KeyError when nothing was set."""
        value: int | bytes = self.sockopts[opt]
        return value

    def _set_attribute(self, name: str, number: int, value: Any) -> None:
        if name in OF_CONTEXT:
            self.set(number, value)
        elif name in SocketOption.__members__:
            self.sockopts[number] = value
        else:
            raise AttributeError(f"No such context or socket option: {name}")

    def _get_attribute(self, name: str, number: int) -> Any:
        if name in OF_CONTEXT:
            return self.get(number)
        if name in SocketOption.__members__ and number in self.sockopts:
            return self.sockopts[number]
        raise AttributeError(name)

    def __delattr__(self, name: str) -> None:
        if name in self.__dict__:
            object.__delattr__(self, name)
            return
        option = SocketOption.__members__.get(name.upper())
        if option is None:
            raise AttributeError(f"No such socket option: {name.upper()!r}")
        if option not in self.sockopts:
            raise AttributeError(name.upper())
        del self.sockopts[option]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *OF_CONTEXT]

    # the end

    def term(self) -> None:
        """Terminate the context: calls that wait on its sockets, and later ones, raise ContextTerminated.

        Returns when all its sockets are closed (`destroy` closes them, this does not) and what was sent is delivered or
        LINGER is over. May be called again.
        """
        if not self.closed and self._pid == os.getpid():
            self._core.term()
        self.closed = True

    def destroy(self, linger: int | None = None) -> None:
        """Close all sockets of this Context, and terminate it.

        Parameters
        ----------
        linger : int
            Milliseconds to deliver what was sent; None (the default): what each socket's LINGER says.
        """
        if self.closed:
            return
        for socket in [reference() for reference in self._sockets.valuerefs()]:
            if socket is None or socket.closed:
                continue
            if self._warn_destroy_close:
                text = f"Destroying context with unclosed socket {socket!r}"
                warnings.warn(text, ResourceWarning, stacklevel=3, source=socket)
            socket.close(linger)
        self.term()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._warn_destroy_close = True
        self.destroy()

    def __del__(self) -> None:
        if self._shadow or self.closed or self._pid != os.getpid() or _exiting.is_set():
            return
        self._warn_destroy_close = True
        try:
            warnings.warn(f"Unclosed context {self!r}", ResourceWarning, stacklevel=2, source=self)
        finally:
            self.destroy()


SyncContext: TypeAlias = Context[SyncSocket]


def _new_instance_lock() -> None:
    Context._instance_lock = threading.Lock()  # the thread that held it is not in the child


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_instance_lock)
