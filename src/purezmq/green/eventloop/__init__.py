"""purezmq.eventloop for gevent: tornado's IOLoop."""

from .ioloop import IOLoop

__all__ = ["IOLoop"]
