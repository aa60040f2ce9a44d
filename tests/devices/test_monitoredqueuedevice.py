import pytest

LOOPBACK = "tcp://127.0.0.1"


@pytest.mark.parametrize("prefixes", [(), (b"one", b"two")])
def test_a_monitored_queue_says_what_comes_from_where(zmq, devices, start, client, prefixes):
    device = devices.ThreadMonitoredQueue(zmq.PAIR, zmq.PAIR, zmq.PUSH, *prefixes)
    alice, bob, seen = client(zmq.PAIR), client(zmq.PAIR), client(zmq.PULL)
    for connect, socket in ((device.connect_in, alice), (device.connect_out, bob), (device.connect_mon, seen)):
        connect(socket.last_endpoint.decode())
    start(device)
    alice.send(b"hello")
    assert bob.recv() == b"hello"
    bob.send_multipart([b"hello", b"alice"])
    assert alice.recv_multipart() == [b"hello", b"alice"]
    first, second = prefixes or (b"in", b"out")
    assert seen.recv_multipart() == [first, b"hello"]
    assert seen.recv_multipart() == [second, b"hello", b"alice"]


def test_it_is_published_by_default(zmq, devices):
    for kind in (devices.MonitoredQueue, devices.ThreadMonitoredQueue, devices.ProcessMonitoredQueue):
        assert kind(zmq.ROUTER, zmq.DEALER).mon_type == zmq.PUB
