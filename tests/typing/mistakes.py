"""A user's program that is wrong in each marked line. Type checkers read it; it is not run."""

import purezmq as zmq
import purezmq.asyncio


def sending(socket: zmq.Socket[bytes]) -> None:
    socket.send("text")  # type: ignore[call-overload]
    socket.send(1)  # type: ignore[call-overload]
    socket.send_multipart(["text"])  # type: ignore[list-item]
    socket.send_multipart([b"", 1])  # type: ignore[list-item]
    socket.send_string(b"octets")  # type: ignore[arg-type]
    tracker: zmq.MessageTracker = socket.send_multipart([b""])  # type: ignore[assignment]
    tracker.wait()


def receiving(socket: zmq.Socket[bytes]) -> str:
    text: str = socket.recv()  # type: ignore[assignment]
    frame: zmq.Frame = socket.recv(copy=True)  # type: ignore[assignment]
    socket.recv().more  # type: ignore[attr-defined]  # noqa: B018 (that is the mistake)
    socket.recv_multipart().append(text)  # type: ignore[arg-type]
    socket.recv_into("text")  # type: ignore[arg-type]
    return frame.bytes  # type: ignore[return-value]


def options(socket: zmq.Socket[bytes], context: zmq.Context) -> None:
    socket.linger = "0"  # type: ignore[assignment]
    socket.rcvtimeo = None  # type: ignore[assignment]
    socket.identity = "text"  # type: ignore[assignment]
    socket.setsockopt("LINGER", 0)  # type: ignore[arg-type]
    socket.setsockopt(zmq.SUBSCRIBE, "topic")  # type: ignore[arg-type]
    socket.setsockopt_string(zmq.SUBSCRIBE, b"topic")  # type: ignore[arg-type]
    socket.closed = True  # type: ignore[misc]
    context.io_threads = b""  # type: ignore[assignment]
    context.socket("PUSH")  # type: ignore[call-overload]
    context.socket()  # type: ignore[call-overload]
    socket.bind(5555)  # type: ignore[arg-type]


async def awaiting(socket: zmq.asyncio.Socket, plain: zmq.Socket[bytes]) -> None:
    await plain.recv()  # type: ignore[misc]
    socket.recv().decode()  # type: ignore[attr-defined]
    text: str = await socket.recv()  # type: ignore[assignment]
    await socket.send(text)  # type: ignore[arg-type]
    plain = socket  # type: ignore[assignment]
