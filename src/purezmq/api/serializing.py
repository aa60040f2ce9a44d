"""Sending and receiving text, JSON, Python objects, and whatever else can be made into bytes.

Imports `transfer`.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .buffers import Buffer
from .message import Frame, MessageTracker
from .transfer import Transfer

T = TypeVar("T")


class Serializing(Transfer):
    """Messages that are more than bytes to the program."""

    __slots__ = ()

    def send_string(
        self, u: str, flags: int = 0, copy: bool = True, encoding: str = "utf-8", **kwargs: Any
    ) -> MessageTracker | None:
        """Send a text, encoded. Raises TypeError when it is not a text, and as `send`."""
        if not isinstance(u, str):
            raise TypeError(f"str objects only, not {type(u).__name__}")
        return self.send(u.encode(encoding), flags=flags, copy=copy, **kwargs)

    def recv_string(self, flags: int = 0, encoding: str = "utf-8") -> str:
        """Receive a text, as sent by `send_string`. Raises UnicodeDecodeError, and as `recv`."""
        text: str = self._deserialize(self.recv(flags=flags), lambda received: received.decode(encoding))
        return text

    send_unicode = send_string
    recv_unicode = recv_string

    def send_json(self, obj: object, flags: int = 0, **kwargs: Any) -> None:
        """Send something as JSON. Keywords go to `json.dumps`. Raises as that does, and as `send`."""
        import json  # noqa: PLC0415 (not every program uses it)

        passed_on = {name: kwargs.pop(name) for name in ("routing_id", "group") if name in kwargs}
        sent: None = self.send(json.dumps(obj, **kwargs).encode(), flags=flags, **passed_on)
        return sent

    def recv_json(self, flags: int = 0, **kwargs: Any) -> Any:
        """Receive what was sent by `send_json`. Keywords go to `json.loads`. Raises ValueError, and as `recv`."""
        import json  # noqa: PLC0415 (not every program uses it)

        return self._deserialize(self.recv(flags), lambda received: json.loads(received.decode(), **kwargs))

    def send_pyobj(
        self, obj: object, flags: int = 0, protocol: int | None = None, **kwargs: Any
    ) -> MessageTracker | None:
        """Send a Python object, pickled. Raises as `pickle.dumps` and `send` do."""
        import pickle  # noqa: PLC0415 (not every program uses it)

        tracker: MessageTracker | None = self.send(pickle.dumps(obj, protocol), flags=flags, **kwargs)
        return tracker

    def recv_pyobj(self, flags: int = 0) -> Any:
        """Receive what was sent by `send_pyobj`.

        Unpickling runs whatever code the sender chose: only for peers that you trust as you trust your own program.
        Raises as `pickle.loads` and `recv` do.
        """
        import pickle  # noqa: PLC0415 (not every program uses it)

        return self._deserialize(self.recv(flags), pickle.loads)

    def send_serialized(
        self,
        msg: T,
        serialize: Callable[[T], Iterable[Buffer | Frame]],
        flags: int = 0,
        copy: bool = True,
        **kwargs: Any,
    ) -> MessageTracker | None:
        """Send the parts that `serialize(msg)` returns. Raises as that does, and as `send_multipart`."""
        return self.send_multipart(serialize(msg), flags=flags, copy=copy, **kwargs)

    def recv_serialized(self, deserialize: Callable[[list[Any]], T], flags: int = 0, copy: bool = True) -> T:
        """Receive a message: what `deserialize` makes of the list of its parts (Frames with `copy=False`)."""
        return self._deserialize(self.recv_multipart(flags=flags, copy=copy), deserialize)

    def _deserialize(self, received: Any, load: Callable[[Any], T]) -> T:
        """Apply `load` to what was received; to be overridden where that is not there yet (futures)."""
        return load(received)
