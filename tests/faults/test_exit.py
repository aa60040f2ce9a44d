"""A program that ends without closing anything has delivered what it sent."""

import signal
import time
from typing import Final

import pytest

import purezmq as zmq
from tests.helpers.endpoints import fresh_endpoint
from tests.helpers.processes import Program
from tests.helpers.sockets import Sockets
from tests.helpers.waiting import eventually

MESSAGES: Final = 10_000
SENDER: Final = """
import sys
import purezmq as zmq

context = zmq.Context()
sock = context.socket(zmq.PUSH)
sock.sndhwm = 0
sock.connect(sys.argv[1])
for number in range(int(sys.argv[2])):
    sock.send(b"%d " % number + b"x" * 100)
"""
ENDINGS: Final = {
    "at the end of its text": ("", 0),
    "by sys.exit": ("sys.exit(3)", 3),
    "by an exception": ("raise KeyError('on purpose')", 1),
    "with everything deleted": ("del sock, context", 0),
    "after close": ("sock.close()", 0),
    "after term": ("sock.close()\ncontext.term()", 0),
    "in a thread": (
        "import threading\nthreading.Thread(target=lambda: sock.send(b'%d ' % int(sys.argv[2])), daemon=False).start()",
        0,
    ),
}


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_all_is_delivered_by_a_program_that_ends(sockets: Sockets, transport: str, ending: str) -> None:
    text, status = ENDINGS[ending]
    with fresh_endpoint(transport) as endpoint:
        pull = sockets.bound(zmq.PULL, endpoint)
        with Program.script(SENDER + text, endpoint, str(MESSAGES)) as program:
            count = MESSAGES + (ending == "in a thread")
            assert [int(pull.recv().split()[0]) for _ in range(count)] == list(range(count))
            assert program.wait() == status


def test_it_waits_a_little_for_a_receiver_that_comes_late(sockets: Sockets) -> None:
    with fresh_endpoint("tcp") as endpoint, Program.script(f"{SENDER}print('sent')", endpoint, "100") as program:
        assert program.line() == "sent"
        pull = sockets.bound(zmq.PULL, endpoint)
        assert [int(pull.recv().split()[0]) for _ in range(100)] == list(range(100))
        assert program.wait() == 0


TERM: Final = "sock.close()\nprint('sent')\ncontext.term()"
"""Said expressly: wait until all is delivered, however long it takes."""


def test_term_waits_for_a_receiver_that_comes_late(sockets: Sockets) -> None:
    with fresh_endpoint("tcp") as endpoint, Program.script(SENDER + TERM, endpoint, "100") as program:
        assert program.line() == "sent"
        pull = sockets.bound(zmq.PULL, endpoint)
        assert [int(pull.recv().split()[0]) for _ in range(100)] == list(range(100))
        assert program.wait() == 0


@pytest.mark.parametrize("transport", ["tcp", "inproc"])
def test_a_program_that_ends_does_not_wait_for_a_receiver_that_never_comes(transport: str) -> None:
    with fresh_endpoint(transport) as endpoint, Program.script(SENDER, endpoint, "100") as program:
        assert program.wait() == 0


def test_it_waits_for_a_receiver_that_is_slow(sockets: Sockets) -> None:
    with fresh_endpoint("tcp") as endpoint:
        pull = sockets.bound(zmq.PULL, endpoint, rcvhwm=1)
        with Program.script(f"{SENDER}sock.send(bytes(50_000_000))\nprint('sent')", endpoint, "100") as program:
            assert program.line() == "sent"
            assert [int(pull.recv().split()[0]) for _ in range(100)] == list(range(100))
            assert pull.recv() == bytes(50_000_000)
            assert program.wait() == 0


def test_it_does_not_wait_when_it_shall_not_linger() -> None:
    with fresh_endpoint("tcp") as endpoint:
        begin = time.monotonic()
        with Program.script(f"{SENDER}sock.linger = 0", endpoint, "100") as program:
            assert program.wait() == 0
        with Program.script(f"{SENDER}sock.linger = 100", endpoint, "100") as program:
            assert program.wait() == 0
        assert time.monotonic() - begin < 8


def test_a_term_that_waits_can_be_interrupted() -> None:
    with fresh_endpoint("tcp") as endpoint, Program.script(SENDER + TERM, endpoint, "100") as program:
        assert program.line() == "sent"

        def interrupted() -> bool:
            program.signal(signal.SIGINT)  # Python takes note of some only between two of its last steps
            return program.process.poll() is not None

        eventually(interrupted, "it ends")


def test_what_a_closed_socket_still_had_to_send_is_sent_by_term(sockets: Sockets) -> None:
    with fresh_endpoint("tcp") as endpoint:
        pull = sockets.bound(zmq.PULL, endpoint, rcvhwm=0)
        with zmq.Context() as context:
            for client in range(10):
                sock = context.socket(zmq.PUSH)
                sock.connect(endpoint)
                for number in range(100):
                    sock.send(b"%d %d" % (client, number))
                sock.close()
        got = sorted(tuple(map(int, pull.recv().split())) for _ in range(1000))
        assert got == [(client, number) for client in range(10) for number in range(100)]
