"""tornado's IOLoop under the names that it had when sockets needed one of their own. Deprecated: use tornado.ioloop."""

import warnings

from tornado.ioloop import IOLoop, PeriodicCallback

__all__ = ["IOLoop", "PeriodicCallback", "ZMQIOLoop", "install"]


def _deprecate(stacklevel: int) -> None:
    text = "zmq.eventloop.ioloop is deprecated: sockets work in tornado's and in asyncio's own loops."
    warnings.warn(text, DeprecationWarning, stacklevel=stacklevel)


_deprecate(3)

ZMQIOLoop = IOLoop


def install() -> None:
    """Do nothing. Deprecated."""
    _deprecate(3)
