"""The server of a pipeline is killed and restarted, again and again, while a PUSH goes on sending.

What may be lost is what had been handed to the kernel, or to the server, when the server was killed. Everything else
arrives, in order, once, and whole.
"""

import os
import threading
import zlib
from typing import Any, Final, NamedTuple

import pytest

import purezmq as zmq
from tests.helpers.endpoints import fresh_endpoint
from tests.helpers.processes import Program
from tests.helpers.sockets import Sockets
from tests.helpers.waiting import TIMEOUT, eventually

RESTARTS: Final = 20
BUFFERS: Final = 65_536
BODY: Final = 1000

SHARE: Final = 300
FOR_EVER: Final = 1_000_000

QUEUE: Final = 5000
"""The PUSH's high-water mark, so long that a queue which is lost is not taken for buffers which are lost."""

HANDED_OVER: Final = QUEUE // 2
"""Messages that fit into the buffers of the kernel and of both processes, and not all of the queue."""

SERVER: Final = """
import os, sys, zlib
import purezmq as zmq

endpoint, buffers, busy = sys.argv[1:]
sock = zmq.Context().socket(zmq.PULL)
sock.rcvbuf, sock.rcvhwm = int(buffers), 100
sock.bind(endpoint)
for count in range(int(busy)):
    number, checksum, body = sock.recv_multipart()
    assert zlib.crc32(body) == int(checksum), number
    os.write(1, number + b"\\n")
sys.stdin.read()  # reads no more, until it is killed
"""


class Sender(threading.Thread):
    """Sends numbered messages until it is stopped; `begun` is the number of the last one that it began to send."""

    def __init__(self, sock: Any) -> None:
        super().__init__()
        self.sock = sock
        self.begun = 0
        self.waiting = False
        self.stopped = False
        self.body = os.urandom(BODY)
        self.checksum = b"%d" % zlib.crc32(self.body)

    def run(self) -> None:
        while not self.stopped:
            self.begun += 1
            message = [b"%d" % self.begun, self.checksum, self.body]
            try:
                self.sock.send_multipart(message, zmq.DONTWAIT)
            except zmq.Again:
                self.waiting = True
                self.sock.send_multipart(message)
                self.waiting = False


class Life(NamedTuple):
    """What one server received, how much had been sent when it died, and whether it had left something unread."""

    received: list[int]
    sent: int
    idle: bool


def assert_legal_loss(before: Life, first: int) -> None:
    """`first` is the first message that reached the next server."""
    last = before.received[-1]
    assert last < first, "it arrived again"
    assert first - last - 1 <= HANDED_OVER, "more was lost than had been handed over"
    if before.idle:
        # A kernel with unread octets answers the server's death with a reset, so that nothing more can be written.
        assert first <= before.sent + 1, "what was sent after the server's death was lost"


def numbers(lines: list[str]) -> list[int]:
    """What a server printed."""
    return [int(line) for line in lines]


def killed_server(endpoint: str, sender: Sender, *, idle: bool) -> Life:
    """Let a server receive some messages and kill it, at work, or idle: then the sender had to wait for it."""
    with Program.script(SERVER, endpoint, str(BUFFERS), str(SHARE if idle else FOR_EVER)) as server:
        lines = [server.line() for _ in range(SHARE)]
        if idle:
            eventually(lambda: sender.waiting, "the queue is full")
        server.kill()
        return Life(numbers(lines + server.rest()), sender.begun, idle)


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_all_that_a_restarted_server_could_get_arrives_once_and_whole(sockets: Sockets, transport: str) -> None:
    with fresh_endpoint(transport) as endpoint:
        push = sockets.connected(zmq.PUSH, endpoint, sndhwm=QUEUE, sndbuf=BUFFERS, reconnect_ivl=10, sndtimeo=-1)
        sender = Sender(push)
        sender.start()
        try:
            before = Life([0], 0, idle=True)
            for restart in range(RESTARTS):
                life = killed_server(endpoint, sender, idle=bool(restart % 2))
                first, last = life.received[0], life.received[-1]
                assert life.received == list(range(first, last + 1)), "none is missing, twice or out of order"
                assert_legal_loss(before, first)
                before = life
            sender.stopped = True
            with Program.script(SERVER, endpoint, str(BUFFERS), str(FOR_EVER)) as server:
                first = int(server.line())
                assert_legal_loss(before, first)
                sender.join(TIMEOUT)
                expected = range(first + 1, sender.begun + 1)
                assert [int(server.line()) for _ in expected] == list(expected)
        finally:
            sender.stopped = True
            sockets.close()
            sender.join(TIMEOUT)
