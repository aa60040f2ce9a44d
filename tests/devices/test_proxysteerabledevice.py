"""Against purezmq only: the libzmq that pyzmq brings has no steerable proxies any more."""

import struct

from tests.helpers.waiting import TIMEOUT

LOOPBACK = "tcp://127.0.0.1"


def test_a_steerable_proxy_does_as_it_is_told_and_ends(ours, devices, client):
    device = devices.ThreadProxySteerable(ours.PULL, ours.PUSH, ours.PUSH, ours.PAIR)
    own = ours.Context()
    device.context_factory = lambda: own
    binds = (device.bind_in_to_random_port, device.bind_out_to_random_port, device.bind_mon_to_random_port)
    ports = [bind(LOOPBACK) for bind in (*binds, device.bind_ctrl_to_random_port)]
    device.start()
    kinds = (ours.PUSH, ours.PULL, ours.PULL, ours.PAIR)
    push, pull, seen, control = (client(*end) for end in zip(kinds, ports, strict=True))
    push.send(b"hello")
    assert pull.recv() == seen.recv() == b"hello"
    control.send(b"STATISTICS")
    assert [struct.unpack("=Q", part)[0] for part in control.recv_multipart()] == [1, 5, 0, 0, 0, 0, 1, 5]
    control.send(b"TERMINATE")
    device.join(TIMEOUT)
    assert device.done
    own.term()


def test_the_fourth_socket_connects_and_has_options(ours, devices, client, start):
    steer = client(ours.XPUB)
    device = devices.ThreadProxySteerable(ours.PULL, ours.PUSH, ours.PUB, ours.SUB)
    device.connect_ctrl(steer.last_endpoint.decode())
    device.setsockopt_ctrl(ours.SUBSCRIBE, b"TERM")
    start(device)
    assert steer.recv() == b"\x01TERM"
    steer.send(b"TERMINATE")
    device.join(TIMEOUT)
    assert device.done


def test_without_a_fourth_socket_it_is_a_proxy(ours, devices, start, client):
    device = devices.ThreadProxySteerable(ours.REP, -1)
    assert device.ctrl_type is None
    port = device.bind_in_to_random_port(LOOPBACK)
    start(device)
    echo = client(ours.REQ, port)
    echo.send(b"are you there?")
    assert echo.recv()
