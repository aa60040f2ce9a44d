"""What the operations of asyncio Sockets return, for type checkers alone: nothing imports this at run time.

Imports `async_express`, `buffers` and `message`.
"""

from asyncio import Future
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar, overload

from .async_express import AsyncExpress
from .buffers import Buffer
from .message import Frame, MessageTracker

__all__ = ["AsyncOperations"]

T = TypeVar("T")


class AsyncOperations(AsyncExpress):
    """Futures of what the operations of a blocking Socket return."""

    __slots__ = ()

    def send(  # type: ignore[override]
        self, data: Buffer | Frame, flags: int = 0, copy: bool = True, track: bool = False, **kwargs: Any
    ) -> Future[MessageTracker | None]:
        """As `Socket.send`."""
        raise NotImplementedError

    def send_multipart(
        self,
        msg_parts: Iterable[Buffer | Frame],
        flags: int = 0,
        copy: bool = True,
        track: bool = False,
        **kwargs: Any,
    ) -> Future[MessageTracker | None]:
        """As `Socket.send_multipart`."""
        raise NotImplementedError

    def send_string(
        self, u: str, flags: int = 0, copy: bool = True, encoding: str = "utf-8", **kwargs: Any
    ) -> Future[MessageTracker | None]:
        """As `Socket.send_string`."""
        raise NotImplementedError

    def send_json(self, obj: object, flags: int = 0, **kwargs: Any) -> Future[None]:
        """As `Socket.send_json`."""
        raise NotImplementedError

    def send_pyobj(
        self, obj: object, flags: int = 0, protocol: int | None = None, **kwargs: Any
    ) -> Future[MessageTracker | None]:
        """As `Socket.send_pyobj`."""
        raise NotImplementedError

    def send_serialized(
        self,
        msg: T,
        serialize: Callable[[T], Iterable[Buffer | Frame]],
        flags: int = 0,
        copy: bool = True,
        **kwargs: Any,
    ) -> Future[MessageTracker | None]:
        """As `Socket.send_serialized`."""
        raise NotImplementedError

    @overload
    def recv(self, flags: int = 0, copy: Literal[True] = True, track: bool = False) -> Future[bytes]: ...
    @overload
    def recv(self, flags: int = 0, *, copy: Literal[False], track: bool = False) -> Future[Frame]: ...
    @overload
    def recv(self, flags: int, copy: Literal[False], track: bool = False) -> Future[Frame]: ...
    @overload
    def recv(self, flags: int = 0, copy: bool = True, track: bool = False) -> Future[bytes | Frame]: ...
    def recv(self, flags: int = 0, copy: bool = True, track: bool = False) -> Future[Any]:
        """As `Socket.recv`."""
        raise NotImplementedError

    @overload
    def recv_multipart(
        self, flags: int = 0, copy: Literal[True] = True, track: bool = False
    ) -> Future[list[bytes]]: ...
    @overload
    def recv_multipart(self, flags: int = 0, *, copy: Literal[False], track: bool = False) -> Future[list[Frame]]: ...
    @overload
    def recv_multipart(self, flags: int, copy: Literal[False], track: bool = False) -> Future[list[Frame]]: ...
    @overload
    def recv_multipart(
        self, flags: int = 0, copy: bool = True, track: bool = False
    ) -> Future[list[bytes] | list[Frame]]: ...
    def recv_multipart(self, flags: int = 0, copy: bool = True, track: bool = False) -> Future[Any]:
        """As `Socket.recv_multipart`."""
        raise NotImplementedError

    def recv_string(self, flags: int = 0, encoding: str = "utf-8") -> Future[str]:
        """As `Socket.recv_string`."""
        raise NotImplementedError

    def recv_json(self, flags: int = 0, **kwargs: Any) -> Future[Any]:
        """As `Socket.recv_json`."""
        raise NotImplementedError

    def recv_pyobj(self, flags: int = 0) -> Future[Any]:
        """As `Socket.recv_pyobj`."""
        raise NotImplementedError

    def recv_serialized(self, deserialize: Callable[[list[Any]], T], flags: int = 0, copy: bool = True) -> Future[T]:
        """As `Socket.recv_serialized`."""
        raise NotImplementedError

    send_unicode = send_string
    recv_unicode = recv_string
