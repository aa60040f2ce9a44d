"""What the engine refuses, each with its errno; `api` makes pyzmq's errors of these and of the system's OSErrors."""

import errno

_BASE = 156384712  # libzmq's errnos of its own start here (zmq.h, ZMQ_HAUSNUMERO)


class EngineError(Exception):
    """An operation that could not be done: `errno` is what libzmq would say, the text is what happened here."""

    errno: int

    def __init__(self, text: str, code: int | None = None) -> None:
        super().__init__(text)
        if code is not None:
            self.errno = code


class WouldBlock(EngineError):
    """Not possible now, and the caller does not wait, or has waited long enough."""

    errno = errno.EAGAIN


class SocketClosed(EngineError):
    """The socket is closed, or was closed while the call waited."""

    errno = errno.ENOTSOCK


class ContextTerminated(EngineError):
    """The context is shut down, or was while the call waited."""

    errno = _BASE + 53


class NoSuchEndpoint(EngineError):
    """`unbind` or `disconnect` of something that is not there."""

    errno = errno.ENOENT


class NotAvailable(EngineError):
    """A thing of libzmq's that purezmq does not have (yet)."""

    errno = errno.ENOTSUP
