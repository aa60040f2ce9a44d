"""Libraries that are made for pyzmq, started with `python -m purezmq run`.

Each test skips where its library is not installed. That none of their processes imports pyzmq is shown by the decoy,
which all of them would find before it, and by an assertion in those that run code of ours.
"""

from importlib.util import find_spec

import pytest

from tests.helpers.endpoints import free_port

CHECK = "\nimport sys, zmq\nassert zmq is sys.modules['purezmq'], zmq\n"


def needs(*modules: str) -> pytest.MarkDecorator:
    missing = [module for module in modules if find_spec(module) is None]
    return pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} is not installed")


IMAGES = """
from multiprocessing import get_context
import imagezmq, numpy

def camera(endpoint, number):
    with imagezmq.ImageSender(connect_to=endpoint) as sender:
        image = numpy.full((480, 640, 3), number, dtype=numpy.uint8)
        for view in (image, image[::2, ::2]):
            assert sender.send_image(f"camera {number}", view) == b"OK"
        assert sender.send_jpg(f"camera {number}", b"jpg" * 10_000) == b"OK"

if __name__ == "__main__":
    with imagezmq.ImageHub(open_port="tcp://127.0.0.1:*") as hub:
        hub.zmq_socket.rcvtimeo = 10_000
        for number in (1, 2):
            arguments = [hub.zmq_socket.last_endpoint.decode(), number]
            process = get_context("spawn").Process(target=camera, args=arguments)
            process.start()
            for _ in range(2):
                name, image = hub.recv_image()
                hub.send_reply(b"OK")
                print(name, image.shape, image.min(), image.max())
            name, jpg = hub.recv_jpg()
            hub.send_reply(b"OK")
            print(name, bytes(jpg) == b"jpg" * 10_000)
            process.join()
            assert process.exitcode == 0
"""


@needs("imagezmq", "numpy")
def test_imagezmq_sends_images_without_copying_them(python, write):
    assert python("-m", "purezmq", "run", write("program.py", CHECK + IMAGES)) == [
        f"camera {number} {rest}"
        for number in (1, 2)
        for rest in (f"(480, 640, 3) {number} {number}", f"(240, 320, 3) {number} {number}", "True")
    ]


LOG_HERE = """
import subprocess
from logbook.queues import ZeroMQSubscriber

subscriber = ZeroMQSubscriber(sys.argv[1], multi=True)
children = [subprocess.Popen([sys.executable, "there.py", sys.argv[1], name]) for name in ("one", "two")]
records = [subscriber.recv(timeout=10) for _ in range(4)]
for record in sorted(records, key=lambda record: (record.channel, record.time)):
    print(record.channel, record.level_name, record.message, record.exception_name)
assert [child.wait() for child in children] == [0, 0]
subscriber.close()
"""
LOG_THERE = """
import logbook
from logbook.queues import ZeroMQHandler

handler = ZeroMQHandler(sys.argv[1], multi=True)
with handler.applicationbound():
    log = logbook.Logger(sys.argv[2])
    log.info("hello")
    try:
        1 / 0
    except ZeroDivisionError:
        log.exception("failed")
handler.close()
handler.context.term()
"""


@needs("logbook")
def test_logbook_collects_the_records_of_other_processes(python, write):
    write("there.py", CHECK + LOG_THERE)
    endpoint = f"tcp://127.0.0.1:{free_port()}"
    assert python("-m", "purezmq", "run", write("here.py", CHECK + LOG_HERE), endpoint) == [
        f"{name} {record}"
        for name in ("one", "two")
        for record in ("INFO hello None", "ERROR failed builtins.ZeroDivisionError")
    ]


WORK = """
import sys, zmq
from scoop import futures

def square(number):
    assert zmq is sys.modules["purezmq"], zmq
    return number**2

if __name__ == "__main__":
    print("sum", sum(futures.map(square, range(100))))
"""


@needs("scoop")
def test_scoop_spreads_work_over_processes_that_it_starts(python, write):
    assert "sum 328350" in python("-m", "purezmq", "run", "-m", "scoop", "-n", "3", write("program.py", WORK))


SUPERVISE = """
import subprocess
from circus.client import CircusClient

daemon = subprocess.Popen([sys.executable, "-m", "circus.circusd", "--log-level", "WARNING", "circus.ini"])
client = CircusClient(endpoint=sys.argv[1], timeout=10)
while (status := client.send_message("status")["statuses"]) == {"worker": "starting"}:
    pass
print(status)
print(client.send_message("incr", name="worker", waiting=True)["numprocesses"])
print(client.send_message("quit", waiting=True)["status"])
client.stop()
sys.exit(daemon.wait(10))
"""
WATCHED = f"{CHECK}import time\ntime.sleep(60)"


@needs("circus", "tornado")
def test_circus_supervises_processes_and_takes_commands(python, write):
    endpoints = [f"tcp://127.0.0.1:{free_port()}" for _ in range(2)]
    write("watched.py", WATCHED)
    write(
        "circus.ini",
        f"[circus]\nendpoint = {endpoints[0]}\npubsub_endpoint = {endpoints[1]}\n"
        "[watcher:worker]\ncmd = python watched.py\nnumprocesses = 2\ncopy_env = True\ncopy_path = True\n",
    )
    program = write("program.py", CHECK + SUPERVISE)
    assert python("-m", "purezmq", "run", program, endpoints[0]) == ["{'worker': 'active'}", "3", "ok"]


SERVICE = """
import zerorpc

class Service:
    def hello(self, name):
        return f"hello {name}"

    def fail(self):
        raise ValueError("on purpose")

    @zerorpc.stream
    def count(self, end):
        return iter(range(end))

server = zerorpc.Server(Service())
server.bind(sys.argv[1])
server.run()
"""
CALLS = """
import subprocess
import gevent, zerorpc

server = subprocess.Popen([sys.executable, "service.py", sys.argv[1]], stderr=subprocess.DEVNULL)
client = zerorpc.Client(sys.argv[1], timeout=10)
print(client.hello("world"))
try:
    client.fail()
except zerorpc.RemoteError as error:
    print(error.name, error.msg)
print(sum(client.count(1000)))
calls = [gevent.spawn(client.hello, str(number)) for number in range(10)]
gevent.joinall(calls)
print([call.value for call in calls] == [f"hello {number}" for number in range(10)])
client.close()
server.terminate()
server.wait()
"""


@needs("zerorpc", "gevent")
def test_zerorpc_calls_a_service_in_another_process(python, write):
    write("service.py", CHECK + SERVICE)
    endpoint = f"tcp://127.0.0.1:{free_port()}"
    program = write("program.py", CHECK + CALLS)
    assert python("-m", "purezmq", "run", program, endpoint) == [
        "hello world",
        "ValueError on purpose",
        "499500",
        "True",
    ]


LOAD = """
import sys, zmq
from locust import User, constant, events, task

assert zmq is sys.modules["purezmq"], zmq

@events.quitting.add_listener
def tell(environment, **_):
    kind, total = type(environment.runner).__name__, environment.stats.total  # workers hand their figures over
    counted = f": {total.num_requests > 0} {total.num_failures}" if kind == "MasterRunner" else ""
    print(f"{kind}{counted}\\n", end="")

class Pinging(User):
    wait_time = constant(0.01)

    @task
    def ping(self):
        event = dict(request_type="PING", name="ping", response_time=1, response_length=0, exception=None, context={})
        self.environment.events.request.fire(**event)
"""


@needs("locust", "gevent")
def test_locust_runs_a_load_test_by_two_workers(python, write):
    write("locustfile.py", LOAD)
    port = str(free_port())
    options = ["--headless", "--processes", "2", "-u", "4", "-r", "4", "-t", "1s", "--loglevel", "WARNING"]
    ports = ["--master-bind-host", "127.0.0.1", "--master-bind-port", port, "--master-port", port]
    lines = python("-m", "purezmq", "run", "-m", "locust", *options, *ports)
    told = sorted(line for line in lines if "Runner" in line)
    assert told == ["MasterRunner: True 0", "WorkerRunner", "WorkerRunner"]
