"""What the layers below raise, turned into pyzmq's errors: class, errno, libzmq's text, and the reason behind it.

Imports the errors of the engine and of the patterns, and the public `constants` and `error`.
"""

import os

from ..constants import Errno
from ..engine.errors import EngineError, WouldBlock
from ..error import ZMQError, from_errno
from ..patterns.errors import BadValue, Unroutable, UsageError, WrongDirection, WrongState

__all__ = ["CORE_ERRORS", "translated", "with_address"]

CORE_ERRORS = (EngineError, UsageError, OSError)
"""What a call of the engine's raises for a reason that its caller should be told."""

USAGE: dict[type[UsageError], Errno] = {
    WrongDirection: Errno.ENOTSUP,
    WrongState: Errno.EFSM,
    Unroutable: Errno.EHOSTUNREACH,
    BadValue: Errno.EINVAL,
}


def translated(error: Exception) -> ZMQError:
    """The error to raise in the place of one of CORE_ERRORS.

    The other one loses its traceback, which nobody is shown: it would keep frames, and by them a Socket that its
    program has dropped, alive until the collector comes.
    """
    for past in (error, error.__cause__, error.__context__):
        if past is not None:
            past.__traceback__ = None
    match error:
        case WouldBlock():
            return from_errno(Errno.EAGAIN)
        case EngineError():
            return from_errno(error.errno, str(error))
        case UsageError():
            return from_errno(USAGE[type(error)], str(error))
        case OSError(errno=int(code), strerror=text):
            return from_errno(code, "" if text == os.strerror(code) else str(text))
    return from_errno(Errno.EINVAL, str(error))


def with_address(error: ZMQError, address: str | bytes) -> ZMQError:
    """The same error, whose text now also says which address it was."""
    error.strerror = f"{error.strerror} (addr={address!r})"
    return error
