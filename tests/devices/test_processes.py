"""Devices in processes of their own, and devices that still run when the program ends.

The parents are programs of their own: pytest's process has threads, and is nothing to be forked.
"""

import multiprocessing
from typing import Final

import pytest

from tests.helpers.processes import run_script

METHODS: Final = multiprocessing.get_all_start_methods()

START: Final = """
import multiprocessing, struct, sys, warnings
import purezmq as zmq
from purezmq import devices

warnings.simplefilter("ignore")  # Python's own, about threads and fork
multiprocessing.set_start_method(sys.argv[1])


def client(context, kind, port):
    socket = context.socket(kind)
    socket.rcvtimeo = socket.sndtimeo = 20_000
    socket.connect(f"tcp://127.0.0.1:{port}")
    return socket
"""

ECHO: Final = (
    START
    + """
device = devices.ProcessDevice(zmq.QUEUE, zmq.REP, -1)
port = device.bind_in_to_random_port("tcp://127.0.0.1")
device.start()
with zmq.Context() as context, client(context, zmq.REQ, port) as socket:
    for number in range(3):
        socket.send(b"%d" % number)
        print(socket.recv().decode())
"""
)

STEERED: Final = (
    START
    + """
COUNT, SIZE = 500, 50_000
device = devices.ProcessProxySteerable(zmq.PULL, zmq.PUSH, zmq.PUB, zmq.REP)
device.setsockopt_out(zmq.LINGER, 20_000)
ports = [
    bind("tcp://127.0.0.1")
    for bind in (device.bind_in_to_random_port, device.bind_out_to_random_port, device.bind_ctrl_to_random_port)
]
device.start()
with (
    zmq.Context() as context,
    client(context, zmq.PUSH, ports[0]) as push,
    context.socket(zmq.PULL) as pull,
    client(context, zmq.REQ, ports[2]) as control,
):
    pull.rcvhwm, pull.rcvtimeo = 1, 20_000
    pull.connect(f"tcp://127.0.0.1:{ports[1]}")
    for number in range(COUNT):
        push.send(b"%d " % number + bytes(SIZE))
    passed = 0
    while passed < COUNT:
        control.send(b"STATISTICS")
        passed = struct.unpack("=Q", control.recv_multipart()[6])[0]
    control.send(b"TERMINATE")
    control.recv()
    assert [int(pull.recv().split()[0]) for _ in range(COUNT)] == list(range(COUNT))
    device.join(20)
    print(device.launcher.exitcode)
"""
)

THREADS: Final = """
import purezmq as zmq
from purezmq import devices

for context_factory in (zmq.Context.instance, zmq.Context):
    device = devices.ThreadMonitoredQueue(zmq.ROUTER, zmq.DEALER)
    device.context_factory = context_factory
    port = device.bind_in_to_random_port("tcp://127.0.0.1")
    device.bind_out("tcp://127.0.0.1:*")
    device.start()
    with zmq.Context() as context, context.socket(zmq.REQ) as socket:
        socket.linger = 0
        socket.connect(f"tcp://127.0.0.1:{port}")
        socket.send(b"nobody answers")
print("end")
"""


@pytest.mark.parametrize("method", METHODS)
def test_a_process_ends_with_its_parent(method):
    assert run_script(ECHO, method) == ["0", "1", "2"]


@pytest.mark.parametrize("method", METHODS)
def test_what_a_process_has_taken_is_delivered_when_it_is_told_to_end(method):
    assert run_script(STEERED, method) == ["0"]


def test_threads_do_not_keep_a_program_from_ending():
    assert run_script(THREADS) == ["end"]
