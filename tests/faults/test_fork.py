"""A child that inherits a context and its sockets neither hangs nor disturbs its parent.

The parents are programs of their own: pytest's process has threads, and is nothing to be forked.
"""

import multiprocessing
from typing import Final

import pytest

from tests.helpers.processes import run_script

pytestmark = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="this platform does not fork"
)

PARENT: Final = """
import gc, multiprocessing, os, signal, sys, threading, time, warnings
import purezmq as zmq

warnings.simplefilter("ignore")  # Python's own, about threads and fork


def finished(pid):
    \"\"\"The child's exit status; a child that hangs is killed, and that is its status.\"\"\"
    deadline = time.monotonic() + 10
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)


def talk(context, endpoint, text):
    with context.socket(zmq.PUSH) as sock:
        sock.connect(endpoint)
        sock.send(text)


context = zmq.Context()
pull = context.socket(zmq.PULL)
pull.rcvtimeo = 10_000
pull.bind("tcp://127.0.0.1:*")
endpoint = pull.last_endpoint.decode()
push = context.socket(zmq.PUSH)
push.sndtimeo = 10_000
push.connect(endpoint)
push.send(b"before")
assert pull.recv() == b"before"


def parent_is_undisturbed():
    for number in range(100):
        push.send(b"%d" % number)
    assert [int(pull.recv()) for _ in range(100)] == list(range(100))
    talk(context, endpoint, b"a new connection")
    assert pull.recv() == b"a new connection"
    assert not pull.poll(50)
"""

CHILDREN: Final = {
    "does nothing": "",
    "closes what it inherited": """
push.close()
pull.close()
context.term()
""",
    "destroys the context": "context.destroy(linger=0)",
    "drops what it inherited": """
del push, pull, context
gc.collect()
""",
    "opens its own context": """
with zmq.Context() as mine:
    talk(mine, endpoint, b"from the child")
    with mine.socket(zmq.REP) as reply, mine.socket(zmq.REQ) as request:
        reply.bind("tcp://127.0.0.1:*")
        request.connect(reply.last_endpoint)
        request.rcvtimeo = reply.rcvtimeo = 10_000
        request.send(b"question")
        assert reply.recv() == b"question"
        reply.send(b"answer")
        assert request.recv() == b"answer"
""",
    "opens the process's instance": """
mine = zmq.Context.instance()
talk(mine, endpoint, b"from the child")
mine.term()
""",
    "uses what it inherited": """
for use in (
    lambda: push.send(b"stolen", zmq.DONTWAIT),
    lambda: pull.recv(zmq.DONTWAIT),
    lambda: push.poll(0),
    lambda: context.socket(zmq.PUSH),
):
    try:
        use()
    except zmq.ZMQError:
        pass
""",
    "leaves its own context open": """
mine = zmq.Context()
sock = mine.socket(zmq.PUSH)
sock.connect(endpoint)
sock.send(b"from the child")
""",
}
SPEAKING: Final = {"opens its own context", "opens the process's instance", "leaves its own context open"}


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def hears(child: str) -> str:
    return 'assert pull.recv() == b"from the child"\n' if child in SPEAKING else ""


@pytest.mark.parametrize("child", CHILDREN)
def test_a_forked_child_that(child: str) -> None:
    run_script(
        f"{PARENT}\n"
        f"zmq.Context.instance()\n"
        f"pid = os.fork()\n"
        f"if pid == 0:\n{indented(CHILDREN[child])}    sys.exit(7)\n"  # through all that Python does at its end
        f"{hears(child)}"
        f"assert finished(pid) == 7, 'the child'\n"
        f"parent_is_undisturbed()\n"
    )


@pytest.mark.parametrize("child", ["opens its own context", "drops what it inherited"])
def test_a_child_of_multiprocessing_that(child: str) -> None:
    run_script(
        f"{PARENT}\n"
        f"def work():\n    global push, pull, context\n{indented(CHILDREN[child])}"
        f"process = multiprocessing.get_context('fork').Process(target=work)\n"
        f"process.start()\n"
        f"{hears(child)}"
        f"process.join(10)\n"
        f"assert process.exitcode == 0, process.exitcode\n"
        f"parent_is_undisturbed()\n"
    )


def test_a_child_that_is_forked_while_other_threads_receive_and_send() -> None:
    """Whatever locks these hold in that moment, the child must not wait for them."""
    run_script(
        f"{PARENT}\n"
        f"other = context.socket(zmq.PULL)\n"
        f"other.bind('tcp://127.0.0.1:*')\n"
        f"pusher = context.socket(zmq.PUSH)\n"
        f"pusher.connect(other.last_endpoint)\n"
        f"def receive():\n"
        f"    while other.recv() != b'end':\n"
        f"        pass\n"
        f"stop = threading.Event()\n"
        f"def send():\n"
        f"    while not stop.is_set():\n"
        f"        pusher.send(b'text')\n"
        f"    pusher.send(b'end')\n"
        f"threads = [threading.Thread(target=receive), threading.Thread(target=send)]\n"
        f"for thread in threads:\n"
        f"    thread.start()\n"
        f"for _ in range(20):\n"
        f"    pid = os.fork()\n"
        f"    if pid == 0:\n{indented(indented(CHILDREN['opens its own context']))}        sys.exit(7)\n"
        f"    {hears('opens its own context')}"
        f"    assert finished(pid) == 7, 'the child'\n"
        f"stop.set()\n"
        f"for thread in threads:\n"
        f"    thread.join(10)\n"
        f"    assert not thread.is_alive()\n"
        f"parent_is_undisturbed()\n"
    )
