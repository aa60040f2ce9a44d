import subprocess
import sys

import pytest


def test_all_names_are_there(zmq):
    for name in zmq.__all__:
        assert hasattr(zmq, name)


def test_pyzmqs_names_are_there(ours):
    real = pytest.importorskip("zmq")
    by_accident = {"Enum", "IntEnum", "IntFlag"}
    assert {name for name in real.__all__ if not hasattr(ours, name)} <= by_accident


def test_versions_are_those_that_are_matched(zmq):
    assert zmq.zmq_version() == "4.3.5"
    assert zmq.zmq_version_info() == (4, 3, 5)
    assert zmq.pyzmq_version() == zmq.__version__
    assert zmq.pyzmq_version_info()[0] == 27


def test_capabilities(zmq):
    assert zmq.has("ipc") == (sys.platform != "win32")
    assert not zmq.has("something weird")
    assert not zmq.has("draft")
    with pytest.raises(TypeError):
        zmq.has(b"ipc")


def test_limits(zmq):
    assert zmq.COPY_THRESHOLD == 65536
    assert zmq.DRAFT_API is False
    assert 30 < zmq.IPC_PATH_MAX_LEN < 1025


def test_the_stopwatch_warns_and_runs(zmq):
    with pytest.warns(DeprecationWarning, match="Stopwatch"):
        watch = zmq.Stopwatch()
    watch.start()
    assert 0 <= watch.stop() < 60_000_000


def test_a_secret_key_has_a_length(zmq):
    with pytest.raises(ValueError, match="40 byte"):
        zmq.curve_public(b"short")


def test_curve_does_not_exist_yet(ours):
    for refused in (ours.curve_keypair, lambda: ours.curve_public("x" * 40)):
        with pytest.raises(ours.ZMQError, match="CURVE") as caught:
            refused()
        assert caught.value.errno == ours.ENOTSUP


def test_a_program_for_pyzmq_passes_the_type_checker(tmp_path):
    pytest.importorskip("mypy")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--no-error-summary",
            "--cache-dir",
            str(tmp_path / "cache"),
            program,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stdout == ""
    assert checked.returncode == 0


PROGRAM = """\
import purezmq as zmq


def serve(context: zmq.Context, address: str) -> bytes:
    with context.socket(zmq.REP) as socket, socket.bind(address):
        socket.linger = 0
        received: bytes = socket.recv()
        parts: list[bytes] = socket.recv_multipart()
        frame: zmq.Frame = socket.recv(copy=False)
        frames: list[zmq.Frame] = socket.recv_multipart(copy=False)
        tracker: zmq.MessageTracker = socket.send(received, copy=False, track=True)
        socket.send(frame, zmq.SNDMORE | zmq.DONTWAIT)
        socket.send_multipart([*parts, *frames, bytearray(2)])
        text: str = socket.recv_string()
        tracker.wait(timeout=1)
        poller = zmq.Poller()
        poller.register(socket, zmq.POLLIN)
        ready = dict(poller.poll(timeout=10))
        for topic, *rest in socket:
            if socket in ready:
                return topic + b"".join(rest) + text.encode()
    return socket.last_endpoint or b""


def client(socket: zmq.Socket) -> None:
    socket.connect("tcp://127.0.0.1:5555")
    socket.send_json({"a": 1})
    socket.setsockopt(zmq.LINGER, 0)


shared: zmq.SyncContext = zmq.Context.instance()
client(zmq.Context(shared).socket(zmq.REQ))
"""
