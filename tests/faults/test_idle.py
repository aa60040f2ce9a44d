"""A process that has nothing to do does nothing: not one system call is made, by any of its threads."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil
import pytest

from tests.helpers.processes import Program
from tests.helpers.waiting import eventually

STRACE: Final = shutil.which("strace") or ""

WINDOW: Final = 2.0
"""Seconds of which all are watched."""

IDLE: Final = """
import threading
import purezmq as zmq

context = zmq.Context()
sockets = []

def pair(binder, connector, endpoint):
    ends = context.socket(binder), context.socket(connector)
    ends[0].bind(endpoint)
    ends[1].connect(ends[0].last_endpoint)
    sockets.extend(ends)
    return ends

for endpoint in ("tcp://127.0.0.1:*", "ipc://*", "inproc://idle"):
    pull, push = pair(zmq.PULL, zmq.PUSH, endpoint)
    push.send(b"text")
    assert pull.recv() == b"text"
    router, dealer = pair(zmq.ROUTER, zmq.DEALER, endpoint.replace("idle", "busy"))
    dealer.send(b"question")
    router.send_multipart(router.recv_multipart())
    assert dealer.recv() == b"question"
    publisher, subscriber = pair(zmq.XPUB, zmq.SUB, endpoint.replace("idle", "topics"))
    subscriber.subscribe(b"")
    assert publisher.recv() == b"\\x01"
    publisher.send(b"news")
    assert subscriber.recv() == b"news"

threading.Thread(target=pull.recv).start()  # inproc
threading.Thread(target=sockets[0].recv).start()  # tcp
threading.Thread(target=dealer.poll).start()
poller = zmq.Poller()
poller.register(router, zmq.POLLIN)
poller.register(subscriber, zmq.POLLIN)
threading.Thread(target=poller.poll).start()
print("idle", flush=True)
threading.Event().wait()
"""


def traceable() -> bool:
    """Whether strace is there, and may look at a process of ours."""
    if not STRACE:
        return False
    with Program.script("input()") as program:
        tracer = subprocess.Popen([STRACE, "-p", str(program.pid)], stderr=subprocess.PIPE, text=True)
        assert tracer.stderr
        attached = "attached" in tracer.stderr.readline()
        program.write("")
        tracer.communicate(timeout=10)
    return attached


@pytest.mark.skipif(not traceable(), reason="there is no strace that may trace")
def test_an_idle_process_makes_no_system_call(tmp_path: Path) -> None:
    with Program.script(IDLE) as program:
        assert program.line() == "idle"
        threads = psutil.Process(program.pid).num_threads()
        assert threads >= 5
        with traced(program.pid, tmp_path / "calls") as log:
            eventually(lambda: not calls_within(WINDOW, log), "it comes to rest", timeout=20)


@contextmanager
def traced(pid: int, log: Path) -> Iterator[Path]:
    """Have all system calls of a process written down. To attach and to detach a tracer makes some."""
    tracer = subprocess.Popen([STRACE, "-f", "-p", str(pid), "-o", str(log)], stderr=subprocess.PIPE, text=True)
    assert tracer.stderr
    tracer.stderr.readline()
    try:
        yield log
    finally:
        tracer.terminate()
        tracer.communicate(timeout=10)


def calls_within(seconds: float, log: Path) -> str:
    """What is written down in so many seconds."""
    before = len(log.read_text())
    time.sleep(seconds)
    return log.read_text()[before:]
