"""The options of a Socket: by number, as text, as attributes.

Imports `socket_base`, `options`, `translate`, and the public `constants` and `error`.
"""

from typing import TYPE_CHECKING, Any

from ..constants import Errno, SocketOption
from .options import get_option, set_option
from .socket_base import SocketBase
from .translate import CORE_ERRORS, translated

RCVMORE = int(SocketOption.RCVMORE)
TOPICS = {"SUBSCRIBE": SocketOption.SUBSCRIBE, "UNSUBSCRIBE": SocketOption.UNSUBSCRIBE}


class SocketOptionsMixin(SocketBase):
    """Setting and getting options. They are listed, with units and defaults, in docs/options.md."""

    __slots__ = ()

    def set(self, option: int, optval: int | bytes) -> None:
        """Set an option.

        Parameters
        ----------
        option : int
            For instance `zmq.LINGER`.
        optval : int or bytes
            As the option wants it; text goes through `set_string`.

        Raises
        ------
        TypeError, OverflowError
            when the value is of the wrong type, or too large for libzmq's
        ZMQError
            EINVAL when there is no such option, this socket type does not have it, or the value is out of range;
            ENOTSOCK when the socket is closed
        """
        self._check_open()
        try:
            set_option(self._core, option, optval)
        except CORE_ERRORS as error:
            raise translated(error) from None

    def get(self, option: int) -> int | bytes:
        """Get the value of an option: int or bytes.

        Raises ZMQError: EINVAL when there is no such option, or it cannot be read; ENOTSOCK when the socket is closed.
        """
        self._check_open()
        if option == RCVMORE:
            return int(self._unread.mine() is not None)
        if option == SocketOption.EVENTS:
            return self._ready()
        try:
            return self._core.export() if option == SocketOption.FD else get_option(self._core, option)
        except CORE_ERRORS as error:
            raise translated(error) from None

    setsockopt = set
    getsockopt = get

    def set_string(self, option: int, optval: str, encoding: str = "utf-8") -> None:
        """Set an option to a text, encoded. Raises TypeError when it is not a text, and as `set`."""
        if not isinstance(optval, str):
            raise TypeError(f"strings only, not {type(optval)}: {optval!r}")
        self.set(option, optval.encode(encoding))

    def get_string(self, option: int, encoding: str = "utf-8") -> str:
        """Get an option that is a text, decoded. Raises TypeError when it is a number, and as `get`."""
        value = self.get(SocketOption(option))
        if not isinstance(value, bytes):
            raise TypeError(f"option {option} will not return a string to be decoded")
        return value.decode(encoding)

    setsockopt_string = setsockopt_unicode = set_string
    getsockopt_string = getsockopt_unicode = get_string

    def subscribe(self, topic: str | bytes) -> None:
        """Receive messages that begin with this prefix, too: SUB sockets (EINVAL for others); b"" for all messages."""
        self.set(SocketOption.SUBSCRIBE, topic.encode() if isinstance(topic, str) else topic)

    def unsubscribe(self, topic: str | bytes) -> None:
        """Undo one `subscribe` with this prefix: SUB sockets (EINVAL for others)."""
        self.set(SocketOption.UNSUBSCRIBE, topic.encode() if isinstance(topic, str) else topic)

    def get_hwm(self) -> int:
        """Return the high-water mark for sending (SNDHWM)."""
        return int(self.get(SocketOption.SNDHWM))

    def set_hwm(self, value: int) -> None:
        """Set both high-water marks: messages queued for, and from, each peer; 0 for no limit, default 1000."""
        self.sndhwm = value
        self.rcvhwm = value

    if TYPE_CHECKING:
        hwm: int
    else:
        hwm = property(
            get_hwm, set_hwm, None, "Both high-water marks: set together; reading gives the one for sending."
        )

    def fileno(self) -> int:
        """Return a file descriptor for foreign poll loops, to be watched for reading; never to be read.

        It is level-triggered: readable while a message can be received, and whenever the socket's events may have
        changed. `EVENTS` tells what they are.
        """
        return int(self.get(SocketOption.FD))

    @property
    def FD(self) -> int:  # noqa: N802 (the option's name)
        """As `fileno()`."""
        return self.fileno()

    # attributes

    def __setattr__(self, name: str, value: Any) -> None:
        number = TOPICS.get(name.upper())
        if number is None or name in self.__dict__:
            super().__setattr__(name, value)
        else:
            self.set(number, value.encode() if isinstance(value, str) else value)

    def _set_attribute(self, name: str, number: int, value: Any) -> None:
        self.set(number, value)

    def _get_attribute(self, name: str, number: int) -> Any:
        return self.get(number)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *SocketOption.__members__]

    # not yet

    def join(self, group: str | bytes) -> None:
        """Join a group: for DISH sockets, which do not exist yet (ENOTSUP)."""
        raise self._refusal(
            Errno.ENOTSUP, f"cannot join {group!r}: groups are for DISH sockets, which do not exist yet"
        )

    def leave(self, group: str | bytes) -> None:
        """Leave a group: for DISH sockets, which do not exist yet (ENOTSUP)."""
        raise self._refusal(
            Errno.ENOTSUP, f"cannot leave {group!r}: groups are for DISH sockets, which do not exist yet"
        )
