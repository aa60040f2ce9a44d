"""A user's program: tornado. Type checkers read it; it is not run."""

import asyncio
from typing import Any, assert_type

import purezmq as zmq
from purezmq.eventloop.future import Context, Socket
from purezmq.eventloop.zmqstream import ZMQStream


def received(message: list[bytes]) -> None:
    assert message


async def received_later(message: list[bytes]) -> None:
    await asyncio.sleep(len(message))


def received_frames(message: list[zmq.Frame]) -> None:
    assert message


def received_by(stream: ZMQStream, message: list[bytes]) -> None:
    stream.send_multipart(message)


def sent(message: list[Any], tracker: zmq.MessageTracker | zmq.ZMQError | None) -> None:
    assert message
    assert tracker


def main(socket: zmq.Socket[bytes]) -> None:
    stream = ZMQStream(socket)
    stream.bind("tcp://127.0.0.1:*")
    stream.on_recv(received)
    stream.on_recv(received_later)
    stream.on_recv(received_frames, copy=False)
    stream.on_recv_stream(received_by)
    stream.on_recv(None)
    stream.on_recv(stream.send_multipart)
    stream.on_send(sent)
    stream.send(b"")
    stream.send_string("", callback=sent)
    stream.send_json({})
    assert_type(stream.flush(zmq.POLLOUT, limit=1), int)
    assert_type(stream.closed(), bool)
    assert_type(stream.socket, zmq.Socket[bytes])
    stream.close(linger=0)


def futures() -> None:
    with Context() as context:
        assert_type(context.socket(zmq.PULL), Socket)
        assert_type(Context.instance(), Context)
