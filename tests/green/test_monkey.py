"""In a program that gevent has patched, at whatever moment, everything works as in any other."""

from functools import cache

import pytest

from tests.helpers.processes import Program, run_script

BEGINNINGS = {
    "patched before the import": """
from gevent import monkey
monkey.patch_all()
import purezmq, purezmq.green
""",
    "patched after the import": """
import purezmq, purezmq.green
from gevent import monkey
monkey.patch_all()
""",
    "patched when in use": """
import purezmq, purezmq.green
early = purezmq.green.Context()
early_push, early_pull = early.socket(purezmq.PUSH), early.socket(purezmq.PULL)
early_port = early_pull.bind_to_random_port("tcp://127.0.0.1")
early_push.connect(f"tcp://127.0.0.1:{early_port}")
early_push.send(b"early")
assert early_pull.recv() == b"early"
from gevent import monkey
monkey.patch_all()
early_push.send(b"late")
assert early_pull.recv() == b"late"
""",
}

COMMON = """
import os, sys, threading, time
import gevent
zmq = getattr(purezmq, "green") if sys.argv[1] == "green" else purezmq
context = zmq.Context()

def pair(one, other, host="127.0.0.1"):
    first, second = context.socket(one), context.socket(other)
    port = first.bind_to_random_port("tcp://127.0.0.1")
    second.connect(f"tcp://{host}:{port}")
    return first, second
"""

SCENES = {
    "messages cross": """
push, pull = pair(zmq.PUSH, zmq.PULL)
for number in range(3000):
    push.send(b"%d" % number)
    assert pull.recv() == b"%d" % number
""",
    "a name is looked up": """
push, pull = pair(zmq.PULL, zmq.PUSH, "localhost")
pull.send(b"x")
assert push.recv() == b"x"
""",
    "large messages are tracked": """
push, pull = pair(zmq.PUSH, zmq.PULL)
tracker = push.send(bytearray(1_000_000), copy=False, track=True)
assert len(pull.recv()) == 1_000_000
tracker.wait(10)
""",
    "several things are polled": """
push, pull = pair(zmq.PUSH, zmq.PULL)
reader, writer = os.pipe()
poller = zmq.Poller()
for thing in (push, pull, reader):
    poller.register(thing, zmq.POLLIN)
assert poller.poll(20) == []
os.write(writer, b"x")
assert poller.poll() == [(reader, zmq.POLLIN)]
os.read(reader, 1)
push.send(b"x")
assert poller.poll() == [(pull, zmq.POLLIN)]
""",
    "messages in parts are not mixed up": """
push, pull = pair(zmq.PUSH, zmq.PULL)

def send(name):
    push.send(name, zmq.SNDMORE)
    time.sleep(0.001)
    push.send(name)

threads = [threading.Thread(target=send, args=(b"%d" % number,)) for number in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert sorted(pull.recv_multipart() for _ in threads) == [[b"%d" % number] * 2 for number in range(5)]
""",
    "the child of a fork begins anew": """
push, pull = pair(zmq.PUSH, zmq.PULL)
push.send(b"x")
assert pull.recv() == b"x"
gevent.get_hub()  # without one gevent's fork misses the end of the child
child = os.fork()
if not child:
    context = zmq.Context()
    push, pull = pair(zmq.PUSH, zmq.PULL)
    push.send(b"y")
    os._exit(pull.recv() == b"y")
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
push.send(b"z")
assert pull.recv() == b"z"
""",
}

GREEN_SCENES = {
    "whoever waits when the program forks waits in the parent": """
push, pull = pair(zmq.PUSH, zmq.PULL)
receiver = gevent.spawn(pull.recv)
time.sleep(0.001)
child = os.fork()
if not child:
    time.sleep(0.001)
    context = zmq.Context()
    push, pull = pair(zmq.PUSH, zmq.PULL)
    other = gevent.spawn(pull.recv)
    time.sleep(0)
    push.send(b"y")
    well = other.get() == b"y" and not receiver.ready()
    receiver.kill()
    os._exit(well and receiver.ready())
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
push.send(b"z")
assert receiver.get() == b"z"
""",
    "threads, which are greenlets, wait for each other": """
first, second = pair(zmq.DEALER, zmq.DEALER)

def echo():
    while (message := second.recv()) != b"end":
        second.send(message)

thread = threading.Thread(target=echo)
thread.start()
for number in range(100):
    first.send(b"%d" % number)
    assert first.recv() == b"%d" % number
first.send(b"end")
thread.join()
""",
    "threads of the system's wait, too": """
push, pull = pair(zmq.PUSH, zmq.PULL)
receiver = gevent.get_hub().threadpool.spawn(pull.recv)
time.sleep(0.01)
push.send(b"x")
assert receiver.get(timeout=10) == b"x"
""",
    "a context is terminated while another thread has a socket": """
push, pull = pair(zmq.PUSH, zmq.PULL)

def receive():
    try:
        pull.recv()
    except zmq.ContextTerminated:
        push.close()
        pull.close()

thread = threading.Thread(target=receive)
thread.start()
time.sleep(0)
context.term()
thread.join()
""",
}


GEVENT_ALONE = """
import os, threading
reader, writer = os.pipe()
threading.Thread(target=os.read, args=(reader, 1), daemon=True).start()
from gevent import monkey
monkey.patch_all()
if not os.fork():
    os._exit(0)
os.wait()
print("well")
"""


@cache
def gevent_survives_a_fork():
    """Whether it does when it is patched late; on Python 3.13 its own hook may fail, and says so."""
    return run_script(GEVENT_ALONE, "") == ["well"]


def lives(beginning, kind, scene):
    if "fork" in scene and beginning == "patched when in use" and not gevent_survives_a_fork():
        pytest.skip("gevent alone does not")
    assert run_script(f"{BEGINNINGS[beginning]}{COMMON}{scene}\ncontext.destroy(0)\nprint('well')", kind) == ["well"]


@pytest.mark.parametrize("scene", [*SCENES, *GREEN_SCENES])
@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_green_sockets(ours, beginning, scene):
    lives(beginning, "green", (SCENES | GREEN_SCENES)[scene])


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_plain_sockets(beginning, scene):
    lives(beginning, "plain", SCENES[scene])


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_a_program_that_ends_has_delivered_what_it_sent(ours, context, beginning):
    pull = context.socket(ours.PULL)
    port = pull.bind_to_random_port("tcp://127.0.0.1")
    text = f"push = context.socket(zmq.PUSH)\npush.connect('tcp://127.0.0.1:{port}')\npush.send(b'last words')"
    with Program(["-c", f"{BEGINNINGS[beginning]}{COMMON}{text}", "green"]) as program:
        assert pull.recv() == b"last words"
        assert program.wait() == 0
    pull.close()
