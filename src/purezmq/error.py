"""The exceptions of the API: pyzmq's classes, with libzmq's texts.

Where purezmq knows more than libzmq's text, the text comes first, as programs may look for it, and the reason follows
in parentheses: `Invalid argument (LINGER wants milliseconds, -1 for ever; got -2)`.
Imports only the standard library and `constants`.
"""

import os
import threading
from errno import EINTR

from .constants import EAGAIN, EFSM, EHOSTUNREACH, EMTHREAD, ENOCOMPATPROTO, ETERM

_LIBZMQ = "4.3.5"  # whose behaviour is matched, and whose version is reported

# Where libzmq's text is not the system's (libzmq, src/err.cpp).
_TEXTS: dict[int, str] = {
    EFSM: "Operation cannot be accomplished in current state",
    ENOCOMPATPROTO: "The protocol is not compatible with the socket type",
    ETERM: "Context was terminated",
    EMTHREAD: "No thread available",
    EHOSTUNREACH: "Host unreachable",
}

_last = threading.local()


def strerror(errno: int) -> str:
    """Return libzmq's text for an error number. Raises TypeError when that is not a number."""
    return _TEXTS.get(errno) or os.strerror(errno)


def zmq_errno() -> int:
    """Return the number of the last error that purezmq raised in this thread, 0 before the first."""
    number: int = getattr(_last, "errno", 0)
    return number


class ZMQBaseError(Exception):
    """The root of all ZeroMQ errors."""


class ZMQError(ZMQBaseError):
    """An operation failed: `errno` says how in a number, `strerror` and `str()` in words.

    `errno` is None when the error was made from a text alone. Without arguments it is the last error of this thread.
    """

    errno: int | None = None
    strerror: str

    def __init__(self, errno: int | str | None = None, msg: str | None = None) -> None:
        if errno is None:
            errno = zmq_errno()
        if isinstance(errno, int):
            self.errno = errno
            self.strerror = strerror(errno) if msg is None else msg
        else:
            self.strerror = str(errno) if msg is None else msg

    def __str__(self) -> str:
        return self.strerror

    def __repr__(self) -> str:
        return f"{type(self).__name__}('{self}')"


class Again(ZMQError):
    """EAGAIN: not possible now, and the caller does not wait, or has waited for the time that was set."""

    def __init__(self, errno: object = None, msg: object = None) -> None:  # noqa: ARG002 (as callers of pyzmq's)
        super().__init__(EAGAIN)


class ContextTerminated(ZMQError):
    """ETERM: the context was terminated or shut down, before the call or during it."""

    def __init__(self, errno: object = None, msg: object = None) -> None:  # noqa: ARG002 (as callers of pyzmq's)
        super().__init__(ETERM)


class InterruptedSystemCall(ZMQError, InterruptedError):
    """EINTR. Calls that a signal interrupts are resumed (PEP 475), so that this is never seen."""

    errno = EINTR
    strerror: str

    def __init__(self, errno: object = None, msg: object = None) -> None:  # noqa: ARG002 (as callers of pyzmq's)
        super().__init__(EINTR)

    def __str__(self) -> str:
        return f"{super().__str__()}: This call should have been retried. Please report this to purezmq."


class ZMQBindError(ZMQBaseError):
    """`Socket.bind_to_random_port` found no free port."""


class NotDone(ZMQBaseError):
    """`MessageTracker.wait` timed out before the message was sent."""


class ZMQVersionError(NotImplementedError):
    """Something that a newer libzmq than the one that purezmq matches would have."""

    msg: str
    min_version: str
    version: str

    def __init__(self, min_version: str, msg: str = "Feature") -> None:
        self.msg = msg
        self.min_version = min_version
        self.version = _LIBZMQ

    def __str__(self) -> str:
        return f"{self.msg} requires libzmq >= {self.min_version}, have {self.version}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}('{self}')"


class DraftFDWarning(RuntimeWarning):
    """Never issued: every socket has a descriptor here. For programs that filter pyzmq's warning of this name."""

    def __init__(self, msg: str = "") -> None:
        super().__init__(msg or "FD of a thread-safe socket is experimental in pyzmq; in purezmq every socket has one")


class ProactorSelectorThreadWarning(RuntimeWarning):
    """Never issued: no helper thread is started. For programs that filter `zmq.asyncio`'s warning of this name."""


_CLASSES: dict[int, type[ZMQError]] = {EAGAIN: Again, ETERM: ContextTerminated, EINTR: InterruptedSystemCall}


def from_errno(errno: int, reason: str = "") -> ZMQError:
    """Make the error to raise for `errno`: of the class that pyzmq has for it, with the reason behind libzmq's text."""
    _last.errno = errno
    error = _CLASSES.get(errno, ZMQError)(errno)
    if reason:
        error.strerror = f"{error.strerror} ({reason})"
    return error


__all__ = [
    "Again",
    "ContextTerminated",
    "DraftFDWarning",
    "InterruptedSystemCall",
    "NotDone",
    "ZMQBaseError",
    "ZMQBindError",
    "ZMQError",
    "ZMQVersionError",
]
