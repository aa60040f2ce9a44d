import pickle
import threading

import pytest

from tests.helpers.endpoints import free_port
from tests.helpers.waiting import TIMEOUT, eventually

LOOPBACK = "tcp://127.0.0.1"


def address_of(socket):
    return socket.last_endpoint.decode()


def test_a_device_passes_on_both_ways_between_ports_that_it_chose(zmq, devices, start, client):
    device = devices.ThreadDevice(zmq.QUEUE, zmq.ROUTER, zmq.DEALER)
    inside, outside = device.bind_in_to_random_port(LOOPBACK), device.bind_out_to_random_port(LOOPBACK)
    start(device)
    asker, worker = client(zmq.REQ, inside), client(zmq.REP, outside)
    asker.send_multipart([b"question", b"1"])
    assert worker.recv_multipart() == [b"question", b"1"]
    worker.send(b"answer")
    assert asker.recv() == b"answer"


def test_a_device_connects(zmq, devices, start, client):
    push, pull = client(zmq.PUSH), client(zmq.PULL)
    device = devices.ThreadDevice(zmq.STREAMER, zmq.PULL, zmq.PUSH)
    device.connect_in(address_of(push))
    device.connect_out(address_of(pull))
    start(device)
    push.send(b"hello")
    assert pull.recv() == b"hello"


@pytest.mark.parametrize("side", ["in", "out"])
def test_a_device_of_one_socket_answers_with_the_question(zmq, devices, start, client, side):
    device = devices.ThreadDevice(zmq.QUEUE, zmq.REP, -1)
    port = getattr(device, f"bind_{side}_to_random_port")(LOOPBACK)
    start(device)
    asker = client(zmq.REQ, port)
    for text in (b"once", b"twice"):
        asker.send(text)
        assert asker.recv() == text


@pytest.mark.parametrize("side", ["in", "out"])
def test_options_are_set_before_anything_else(zmq, devices, start, client, side):
    router = client(zmq.ROUTER)
    device = devices.ThreadDevice(zmq.QUEUE, zmq.DEALER, zmq.DEALER)
    getattr(device, f"connect_{side}")(address_of(router))
    getattr(device, f"setsockopt_{side}")(zmq.ROUTING_ID, b"the device")
    other = client(zmq.DEALER)
    getattr(device, "connect_out" if side == "in" else "connect_in")(address_of(other))
    start(device)
    other.send(b"hello")
    assert router.recv_multipart() == [b"the device", b"hello"]


def test_a_device_knows_what_it_was_told(zmq, devices):
    device = devices.Device(zmq.FORWARDER, zmq.SUB, zmq.PUB)
    assert (device.device_type, device.in_type, device.out_type) == (zmq.FORWARDER, zmq.SUB, zmq.PUB)
    assert device.daemon is True
    assert device.done is False
    assert devices.Device(in_type=zmq.SUB, out_type=zmq.PUB).device_type == zmq.QUEUE


def test_both_types_are_wanted(zmq, devices):
    with pytest.raises(TypeError, match="in_type"):
        devices.Device(zmq.QUEUE)
    with pytest.raises(TypeError, match="out_type"):
        devices.Device(zmq.QUEUE, zmq.PULL)


def test_a_port_is_given_to_one_socket_only(zmq, devices):
    device = devices.Device(zmq.QUEUE, zmq.PULL, zmq.PUSH)
    first = free_port()
    given = {
        bind(LOOPBACK, min_port=first, max_port=first + 3, max_tries=1000)
        for bind in (device.bind_in_to_random_port, device.bind_out_to_random_port)
    }
    assert len(given) == 2
    assert given < {first, first + 1, first + 2}


def test_there_may_be_no_port_left(zmq, devices):
    device = devices.Device(zmq.QUEUE, zmq.PULL, zmq.PUSH)
    port = free_port()
    assert device.bind_in_to_random_port(LOOPBACK, port, port + 1) == port
    with pytest.raises(zmq.ZMQBindError):
        device.bind_out_to_random_port(LOOPBACK, port, port + 1)


def test_what_is_wrong_is_raised_at_the_start_and_leaves_nothing_open(zmq, devices, context):
    device = devices.Device(zmq.QUEUE, zmq.PULL, zmq.PUSH)
    device.context_factory = lambda: context
    device.bind_in("tcp://127.0.0.1:*")
    device.bind_out("nonsense")
    with pytest.raises(zmq.ZMQError) as caught:
        device.start()
    assert caught.value.errno == zmq.EINVAL
    assert device.done
    context.term()


def test_whoever_joins_a_device_waits_for_its_end(zmq, devices, client):
    device = devices.Device(zmq.QUEUE, zmq.REP, -1)
    own = zmq.Context()
    device.context_factory = lambda: own
    port = device.bind_in_to_random_port(LOOPBACK)
    running = threading.Thread(target=device.start)
    running.start()
    asker = client(zmq.REQ, port)
    asker.send(b"are you there?")
    assert asker.recv()
    device.join(0.01)
    assert not device.done
    own.term()
    device.join(TIMEOUT)
    assert device.done
    running.join(TIMEOUT)


def test_a_device_ends_when_its_sockets_are_closed(ours, devices, client):
    device = devices.ThreadDevice(ours.QUEUE, ours.REP, -1)
    own = ours.Context()
    device.context_factory = lambda: own
    port = device.bind_in_to_random_port(LOOPBACK)
    device.start()
    asker = client(ours.REQ, port)
    asker.send(b"are you there?")
    assert asker.recv()
    own.destroy(linger=0)
    device.join(TIMEOUT)
    assert not device.launcher.is_alive()


def test_threads_share_a_context_and_processes_have_their_own(zmq, devices):
    assert devices.Device.context_factory == devices.ThreadDevice.context_factory == zmq.Context.instance
    assert devices.ProcessDevice.context_factory is zmq.Context


def test_the_launcher_is_a_daemon_if_the_device_is(zmq, devices, start):
    for daemon in (True, False):
        device = devices.ThreadDevice(zmq.QUEUE, zmq.PULL, zmq.PUSH)
        device.daemon = daemon
        start(device)
        assert device.launcher.daemon is daemon
        eventually(lambda d=device: len(d._sockets) == 2, "the device has its sockets")


def test_a_device_that_was_not_started_cannot_be_waited_for(ours, devices):
    with pytest.raises(RuntimeError, match="started"):
        devices.ThreadDevice(ours.QUEUE, ours.PULL, ours.PUSH).join(0)


def test_a_device_can_be_given_to_another_process(ours, devices, start, client):
    device = devices.ThreadDevice(ours.QUEUE, ours.REP, -1)
    port = device.bind_in_to_random_port(LOOPBACK)
    start(pickle.loads(pickle.dumps(device)))  # noqa: S301 (our own)
    asker = client(ours.REQ, port)
    asker.send(b"are you there?")
    assert asker.recv()
    assert not device.done
