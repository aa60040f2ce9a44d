"""A user's program: what goes in and out of sockets. Type checkers read it; it is not run."""

import array
import pickle
from typing import Any, assert_type

import purezmq as zmq


def send(socket: zmq.Socket[bytes], frame: zmq.Frame, copy: bool) -> None:
    socket.send(b"")
    socket.send(b"", zmq.SNDMORE | zmq.DONTWAIT)
    socket.send(bytearray(1), copy=True)
    socket.send(memoryview(b""), 0, True, False)
    assert_type(socket.send(b"", copy=False), zmq.MessageTracker)
    assert_type(socket.send(array.array("d"), copy=False, track=True), zmq.MessageTracker)
    assert_type(socket.send(b"", zmq.SNDMORE, False), zmq.MessageTracker)
    assert_type(socket.send(b"", zmq.SNDMORE, False, track=True), zmq.MessageTracker)
    assert_type(socket.send(b"", copy=copy), zmq.MessageTracker | None)
    assert_type(socket.send(frame), zmq.MessageTracker)
    assert_type(socket.send(frame, zmq.SNDMORE, copy=False, track=True), zmq.MessageTracker)


def send_parts(socket: zmq.Socket[bytes], frame: zmq.Frame) -> None:
    assert_type(socket.send_multipart([b"", b""]), zmq.MessageTracker | None)
    socket.send_multipart((b"", frame, bytearray()), zmq.DONTWAIT, copy=False, track=True)
    socket.send_multipart(part for part in [b"", b""])
    socket.send_multipart([frame, frame], flags=zmq.SNDMORE)


def recv(socket: zmq.Socket[bytes], copy: bool) -> None:
    assert_type(socket.recv(), bytes)
    assert_type(socket.recv(zmq.NOBLOCK), bytes)
    assert_type(socket.recv(flags=zmq.NOBLOCK, copy=True, track=False), bytes)
    assert_type(socket.recv(copy=False), zmq.Frame)
    assert_type(socket.recv(zmq.NOBLOCK, False), zmq.Frame)
    assert_type(socket.recv(zmq.NOBLOCK, copy=False, track=True), zmq.Frame)
    assert_type(socket.recv(copy=copy), bytes | zmq.Frame)
    assert_type(socket.recv_into(bytearray(10)), int)
    assert_type(socket.recv_into(memoryview(bytearray(10)), nbytes=5, flags=zmq.DONTWAIT), int)


def recv_parts(socket: zmq.Socket[bytes], copy: bool) -> None:
    assert_type(socket.recv_multipart(), list[bytes])
    assert_type(socket.recv_multipart(zmq.NOBLOCK, copy=True), list[bytes])
    assert_type(socket.recv_multipart(copy=False), list[zmq.Frame])
    assert_type(socket.recv_multipart(0, False), list[zmq.Frame])
    assert_type(socket.recv_multipart(copy=False, track=True), list[zmq.Frame])
    assert_type(socket.recv_multipart(copy=copy), list[bytes] | list[zmq.Frame])
    routing_id, _, body = socket.recv_multipart()
    assert_type(routing_id, bytes)
    socket.send_multipart([routing_id, b"", body.upper()])
    for message in socket:
        assert_type(message, list[bytes])


def texts(socket: zmq.Socket[bytes]) -> None:
    assert_type(socket.send_string("", zmq.SNDMORE, encoding="latin-1"), zmq.MessageTracker | None)
    assert_type(socket.recv_string(), str)
    assert_type(socket.recv_string(zmq.DONTWAIT, "latin-1"), str)
    socket.send_unicode("")
    assert_type(socket.recv_unicode(), str)


def objects(socket: zmq.Socket[bytes]) -> None:
    socket.send_json({"numbers": [1, 2.5, None]}, zmq.DONTWAIT, indent=1)
    request: dict[str, Any] = socket.recv_json()
    assert_type(request, dict[str, Any])
    socket.recv_json(zmq.DONTWAIT, parse_int=str)
    assert_type(socket.send_pyobj({1, 2}, protocol=pickle.HIGHEST_PROTOCOL), zmq.MessageTracker | None)
    numbers: set[int] = socket.recv_pyobj()
    assert_type(numbers, set[int])


def to_parts(point: tuple[int, int]) -> list[bytes]:
    return [b"%d" % coordinate for coordinate in point]


def from_parts(parts: list[bytes]) -> tuple[int, int]:
    x, y = map(int, parts)
    return x, y


def from_frames(parts: list[zmq.Frame]) -> int:
    return len(parts)


def serialized(socket: zmq.Socket[bytes]) -> None:
    assert_type(socket.send_serialized((1, 2), to_parts), zmq.MessageTracker | None)
    socket.send_serialized({1: b""}, lambda known: known.values(), zmq.DONTWAIT, copy=False)
    assert_type(socket.recv_serialized(from_parts), tuple[int, int])
    assert_type(socket.recv_serialized(from_frames, copy=False), int)


def frames(socket: zmq.Socket[bytes]) -> None:
    frame = zmq.Frame(b"", track=True, copy=False, copy_threshold=0)
    assert_type(zmq.Message(), zmq.Frame)
    assert_type(frame.bytes, bytes)
    assert_type(bytes(frame), bytes)
    assert_type(frame.buffer, memoryview)
    assert_type(len(frame), int)
    assert_type(frame.more, bool)
    assert_type(frame.tracker, zmq.MessageTracker | None)
    assert_type(frame.get(zmq.MORE), int)
    assert_type(frame.get("Peer-Address"), int | str)
    assert_type(frame["Peer-Address"], int | str)
    frame = socket.recv(copy=False)


def trackers(frame: zmq.Frame) -> None:
    tracker = zmq.MessageTracker(frame)
    assert_type(tracker.done, bool)
    tracker.wait()
    tracker.wait(timeout=0.5)
    assert_type(zmq.COPY_THRESHOLD, int)
