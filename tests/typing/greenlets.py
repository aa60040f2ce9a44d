"""A user's program: gevent. Type checkers read it; it is not run."""

from typing import Any, assert_type

import purezmq.green as zmq


def main() -> None:
    context = zmq.Context()
    assert_type(context, zmq.Context)
    assert_type(zmq.Context.instance(), zmq.Context)
    with context.socket(zmq.REQ) as socket:
        assert_type(socket, zmq.Socket)
        socket.connect("tcp://127.0.0.1:5555")
        socket.linger = 0
        assert_type(socket.recv(), bytes)
        assert_type(socket.recv(copy=False), zmq.Frame)
        assert_type(socket.recv_multipart(), list[bytes])
        poller = zmq.Poller()
        poller.register(socket, zmq.POLLIN)
        assert_type(poller.poll(10), list[tuple[Any, int]])
        zmq.select([socket], [], [])
        zmq.device(zmq.QUEUE, socket, socket)
