"""ZMQStream for gevent's Sockets."""

from typing import Any

from tornado.ioloop import IOLoop

from purezmq import Socket
from purezmq.eventloop import zmqstream

__all__ = ["ZMQStream"]


class ZMQStream(zmqstream.ZMQStream):
    """The same as `purezmq.eventloop.zmqstream.ZMQStream`."""

    def __init__(self, socket: Socket[Any], io_loop: IOLoop | None = None) -> None:
        super().__init__(socket, io_loop or IOLoop.instance())
