"""A user's program: asyncio. Type checkers read it; it is not run."""

import asyncio
from typing import Any, assert_type

import purezmq as zmq
import purezmq.asyncio
from purezmq.utils.monitor import recv_monitor_message


async def contexts(plain: zmq.Context) -> None:
    context = zmq.asyncio.Context()
    assert_type(zmq.asyncio.Context(io_threads=2), zmq.asyncio.Context)
    assert_type(zmq.asyncio.Context(plain), zmq.asyncio.Context)
    assert_type(zmq.asyncio.Context.instance(), zmq.asyncio.Context)
    assert_type(zmq.asyncio.Context.shadow(plain), zmq.asyncio.Context)
    socket = context.socket(zmq.ROUTER)
    assert_type(socket, zmq.asyncio.Socket)
    blocking: zmq.Socket[bytes] = context.socket(zmq.ROUTER, zmq.Socket)
    assert_type(blocking.recv(), bytes)
    assert_type(zmq.Socket.shadow(socket), zmq.Socket)
    assert_type(zmq.asyncio.Socket.from_socket(zmq.Socket(socket)), zmq.asyncio.Socket)
    async with zmq.asyncio.Context() as other, other.socket(zmq.PUSH) as push:
        assert_type(push, zmq.asyncio.Socket)
    with socket.bind("inproc://here") as same:
        assert_type(same, zmq.asyncio.Socket)
    socket.linger = 0
    assert_type(socket.type, zmq.SocketType)
    context.term()


async def recv(socket: zmq.asyncio.Socket, copy: bool) -> None:
    assert_type(await socket.recv(), bytes)
    assert_type(await socket.recv(zmq.DONTWAIT), bytes)
    assert_type(await socket.recv(copy=False), zmq.Frame)
    assert_type(await socket.recv(copy=copy), bytes | zmq.Frame)
    assert_type(await socket.recv_into(bytearray(1)), int)
    assert_type(await socket.recv_multipart(), list[bytes])
    assert_type(await socket.recv_multipart(0, False), list[zmq.Frame])
    assert_type(await socket.recv_multipart(copy=False, track=True), list[zmq.Frame])
    assert_type(await asyncio.wait_for(socket.recv(), 1), bytes)
    assert_type(await socket.recv_string(), str)
    request: dict[str, Any] = await socket.recv_json()
    number: int = await socket.recv_pyobj()
    assert_type((request, number), tuple[dict[str, Any], int])
    assert_type(await socket.recv_serialized(len), int)
    async for message in socket:
        assert_type(message, list[bytes])
    one, other = await asyncio.gather(socket.recv(), socket.recv_string())
    assert_type(one, bytes)
    assert_type(other, str)


async def send(socket: zmq.asyncio.Socket, frame: zmq.Frame) -> None:
    assert_type(await socket.send(b"", zmq.SNDMORE), zmq.MessageTracker | None)
    assert_type(await socket.send(frame, copy=False, track=True), zmq.MessageTracker | None)
    assert_type(await socket.send_multipart([b"", frame], copy=False), zmq.MessageTracker | None)
    await socket.send_string("", encoding="latin-1")
    await socket.send_json([1, 2], indent=1)
    await socket.send_pyobj({1, 2})
    await socket.send_serialized("text", lambda text: [text.encode()])


async def polling(socket: zmq.asyncio.Socket) -> None:
    assert_type(await socket.poll(), int)
    assert_type(await socket.poll(1000, zmq.POLLIN), int)
    poller = zmq.asyncio.Poller()
    poller.register(socket, zmq.POLLIN)
    ready: dict[zmq.asyncio.Socket, int] = dict(await poller.poll(timeout=1000))
    assert socket in ready
    monitor = socket.get_monitor_socket()
    assert_type(monitor, zmq.asyncio.Socket)
    assert_type((await recv_monitor_message(monitor))["event"], zmq.Event)
