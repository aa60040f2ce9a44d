"""A user's program: polling, proxies, devices, monitors, logs and helpers. Type checkers read it; it is not run."""

import logging
import sys
from typing import Any, assert_type

import purezmq as zmq
from purezmq import devices
from purezmq.decorators import context, socket
from purezmq.devices import ProcessDevice, ProxySteerable, ThreadDevice, ThreadMonitoredQueue, ThreadProxy
from purezmq.log.handlers import PUBHandler, TopicLogger
from purezmq.utils import jsonapi, z85
from purezmq.utils.monitor import parse_monitor_message, reason, recv_monitor_message
from purezmq.utils.win32 import allow_interrupt


def polling(one: zmq.Socket[bytes], other: zmq.Socket[bytes]) -> None:
    poller = zmq.Poller()
    poller.register(one, zmq.POLLIN)
    poller.register(other)
    poller.register(sys.stdin, zmq.POLLIN)
    poller.register(0, zmq.POLLIN | zmq.POLLERR)
    poller.modify(one, zmq.POLLOUT)
    poller.unregister(other)
    assert_type(poller.sockets, list[tuple[Any, int]])
    assert_type(poller.poll(), list[tuple[Any, int]])
    ready: dict[zmq.Socket[bytes], int] = dict(poller.poll(timeout=1000))
    if ready.get(one, 0) & zmq.POLLIN or one in ready:
        one.recv()
    assert_type(zmq.zmq_poll([(one, zmq.POLLIN), (other, zmq.POLLOUT)], 10), list[tuple[zmq.Socket[bytes], int]])
    assert_type(zmq.zmq_poll([(0, zmq.POLLIN)]), list[tuple[int, int]])
    mixed: list[tuple[Any, int]] = [(one, zmq.POLLIN), (0, zmq.POLLIN)]
    zmq.zmq_poll(mixed, timeout=0)
    readable, writable, failed = zmq.select([one, 0], [other], [], timeout=0.5)
    assert_type(readable, list[Any])
    for found in [*readable, *writable, *failed]:
        assert found is one


def proxies(one: zmq.Socket[bytes], other: zmq.Socket[bytes], capture: zmq.Socket[bytes] | None) -> None:
    zmq.proxy(one, other)
    zmq.proxy(one, other, capture)
    zmq.proxy_steerable(one, other, capture, control=one)
    zmq.device(zmq.QUEUE, one, other)
    devices.monitored_queue(one, other, one, b"in", out_prefix=b"out")


def background() -> None:
    device = ThreadDevice(zmq.QUEUE, zmq.ROUTER, zmq.DEALER)
    device.bind_in("tcp://127.0.0.1:*")
    assert_type(device.bind_out_to_random_port("tcp://127.0.0.1"), int)
    device.connect_out("inproc://there")
    device.setsockopt_in(zmq.ROUTING_ID, b"in")
    device.setsockopt_out(zmq.LINGER, 0)
    device.context_factory = zmq.Context.instance
    device.start()
    device.join(timeout=1)
    assert_type(device.done, bool)
    ProcessDevice(zmq.STREAMER, zmq.PULL, zmq.PUSH).start()
    proxy = ThreadProxy(zmq.XSUB, zmq.XPUB, zmq.PUSH)
    proxy.connect_mon("inproc://copies")
    ThreadMonitoredQueue(zmq.ROUTER, zmq.DEALER, zmq.PUB, b"in", b"out").bind_mon("inproc://copies")
    steered = ProxySteerable(zmq.XSUB, zmq.XPUB, zmq.PUB, zmq.PAIR)
    steered.bind_ctrl("inproc://control")


def monitors(watched: zmq.Socket[bytes]) -> None:
    watched.monitor("inproc://events", zmq.EVENT_CONNECTED | zmq.EVENT_DISCONNECTED)
    monitor = watched.get_monitor_socket(zmq.EVENT_ALL)
    assert_type(monitor, zmq.Socket[bytes])
    while monitor.poll(1000):
        happened = recv_monitor_message(monitor, zmq.DONTWAIT)
        assert_type(happened["event"], zmq.Event)
        assert_type(happened["endpoint"], bytes)
        if happened["value"] > 0 and happened["event"] == zmq.EVENT_MONITOR_STOPPED:
            break
    assert_type(parse_monitor_message(monitor.recv_multipart())["event"], zmq.Event)
    watched.disable_monitor()


def monitors_of_version_2(watched: zmq.Socket[bytes]) -> None:
    watched.monitor("inproc://events", zmq.EVENT_ALL_V2, version=2, type=zmq.PUB)
    monitor = watched.get_monitor_socket(version=2)
    assert_type(monitor, zmq.Socket[bytes])
    watched.monitor_pipes_stats()
    happened = recv_monitor_message(monitor)
    assert_type(happened.get("values", []), list[int])
    assert_type(reason(happened), str)


@context()
@socket(zmq.PUSH)
@socket(zmq.PULL, name="pull")
def work(times: int, ctx: zmq.Context, push: zmq.Socket[bytes], *, pull: zmq.Socket[bytes]) -> str:
    push.connect("inproc://work")
    return pull.recv_string() * times


class Worker:
    @socket("push", zmq.PUSH)
    def work(self, push: zmq.Socket[bytes]) -> int:
        return push.linger


def decorated() -> None:
    assert_type(work(3), str)
    assert_type(Worker().work(), int)


def logs(publisher: zmq.Socket[bytes]) -> None:
    handler = PUBHandler("tcp://127.0.0.1:*", root_topic="shop")
    handler = PUBHandler(publisher)
    handler.setFormatter(logging.Formatter("%(message)s"), logging.INFO)
    handler.root_topic = "other"
    assert_type(handler.root_topic, str)
    assert_type(handler.socket, zmq.Socket[Any])
    logger = TopicLogger("shop")
    logger.addHandler(handler)
    logger.info("orders", "number %d", 42, extra={"more": 1})  # noqa: PLE1205 (the first one is the topic)


def helpers() -> None:
    assert_type(z85.encode(b"1234"), bytes)
    assert_type(z85.decode("01234"), bytes)
    assert_type(jsonapi.dumps({"a": 1}), bytes)
    number: int = jsonapi.loads(b"1")
    assert_type(number, int)
    with allow_interrupt(lambda: None):
        pass
    zmq.install_as_zmq()
    assert_type(zmq.get_includes(), list[str])
    assert_type(zmq.utils.jsonapi.dumps(1), bytes)
