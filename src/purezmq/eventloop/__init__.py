"""purezmq in tornado's loops: `zmqstream` has the ZMQStream."""

from tornado.ioloop import IOLoop

__all__ = ["IOLoop"]
