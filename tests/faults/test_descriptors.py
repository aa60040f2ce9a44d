"""Out of descriptors: an exception in the call, a pause in the accepting, and never the end of the process."""

import socket
from typing import Final

import pytest

import purezmq as zmq
from tests.helpers.processes import Program, run_script
from tests.helpers.sockets import Sockets
from tests.helpers.waiting import eventually

pytest.importorskip("resource", reason="this platform has no limit to lower")

LOWERED: Final = """
import errno, os, resource, sys, time
import purezmq as zmq

def lower(more):
    \"\"\"Leave room for so many descriptors.\"\"\"
    highest = max(int(name) for name in os.listdir("/dev/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + more, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

def refused(call):
    \"\"\"Whether it cannot be done for want of descriptors.\"\"\"
    try:
        call()
    except zmq.ZMQError as e:
        assert e.errno == errno.EMFILE, e
        return True
    return False

context = zmq.Context()
pull = context.socket(zmq.PULL)
pull.rcvtimeo = 10_000
pull.bind("tcp://127.0.0.1:*")
endpoint = pull.last_endpoint.decode()
push = context.socket(zmq.PUSH)
push.connect(endpoint)
push.send(b"before")
assert pull.recv() == b"before"

def all_is_well(push=push, pull=pull):
    push.send(b"well")
    assert pull.recv() == b"well"
"""


def test_sockets_beyond_the_limit_are_refused_and_can_be_opened_when_others_were_closed() -> None:
    run_script(
        LOWERED
        + """
lower(20)
for _ in range(5):
    opened = []
    assert any(refused(lambda: opened.append(context.socket(zmq.PUSH))) for _ in range(1000))
    all_is_well()
    for sock in opened:
        sock.close()
    all_is_well()
"""
    )


def test_binding_beyond_the_limit_is_refused() -> None:
    run_script(
        LOWERED
        + """
rep = context.socket(zmq.REP)
lower(10)
assert any(refused(lambda: rep.bind("tcp://127.0.0.1:*")) for _ in range(1000))
all_is_well()
rep.close()
with context.socket(zmq.REP) as rep:
    rep.bind("tcp://127.0.0.1:*")
all_is_well()
"""
    )


def test_connecting_beyond_the_limit_is_refused_or_tried_later() -> None:
    run_script(
        LOWERED
        + """
other = context.socket(zmq.PULL)
other.rcvtimeo = 10_000
other.bind("tcp://127.0.0.1:*")
late = context.socket(zmq.PUSH)
late.reconnect_ivl = 10
spare = []
lower(10)
try:
    while True:
        spare.append(os.open(os.devnull, os.O_RDONLY))
except OSError as e:
    assert e.errno == errno.EMFILE
if refused(lambda: late.connect(other.last_endpoint)):
    connect = lambda: late.connect(other.last_endpoint)
else:
    connect = lambda: None
all_is_well()
for fd in spare:
    os.close(fd)
connect()
all_is_well(late, other)
"""
    )


def test_a_context_beyond_the_limit_is_refused() -> None:
    run_script(
        LOWERED
        + """
contexts = []

def another():
    mine = zmq.Context()
    contexts.append(mine)
    mine.socket(zmq.PULL).close()

lower(20)
assert any(refused(another) for _ in range(1000))
all_is_well()
for mine in contexts:
    mine.term()
another()
all_is_well()
"""
    )


SERVER: Final = (
    LOWERED
    + """
print(endpoint, flush=True)
push.send(b"used")
lower(12)
for line in sys.stdin:
    begin = time.process_time(), time.monotonic()
    if line == "quiet\\n":
        assert not pull.poll(300)
        print("busy" if time.process_time() - begin[0] > 0.15 else "at rest", flush=True)
    else:
        all_is_well()
        print("well", flush=True)
"""
).replace('push.send(b"used")\n', "")


def test_accepting_pauses_without_descriptors_and_goes_on_when_there_are_some(sockets: Sockets) -> None:
    with Program.script(SERVER) as server:
        endpoint = server.line()
        host, _, port = endpoint.removeprefix("tcp://").rpartition(":")
        crowd = [socket.create_connection((host, int(port)), 10) for _ in range(40)]
        try:
            server.write("quiet")
            assert server.line() == "at rest", "it does not spin while it cannot accept"
            server.write("all is well")
            assert server.line() == "well", "those that are connected go on"
        finally:
            for one in crowd:
                one.close()
        late = sockets.connected(zmq.PUSH, endpoint, immediate=1, reconnect_ivl=20)
        eventually(lambda: late.poll(0, zmq.POLLOUT), "it accepts again")
        server.write("all is well")
        assert server.line() == "well"
