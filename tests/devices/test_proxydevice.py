LOOPBACK = "tcp://127.0.0.1"


def test_a_proxy_shows_what_passes(zmq, devices, start, client):
    device = devices.ThreadProxy(zmq.PULL, zmq.PUSH, zmq.PUSH)
    ports = [bind(LOOPBACK) for bind in (device.bind_in_to_random_port, device.bind_out_to_random_port)]
    ports.append(device.bind_mon_to_random_port(LOOPBACK))
    start(device)
    push, pull, seen = (client(*end) for end in zip((zmq.PUSH, zmq.PULL, zmq.PULL), ports, strict=True))
    push.send_multipart([b"a", b"b"])
    assert pull.recv_multipart() == seen.recv_multipart() == [b"a", b"b"]


def test_the_third_socket_connects_and_has_options(zmq, devices, start, client):
    push, pull, seen = client(zmq.PUSH), client(zmq.PULL), client(zmq.ROUTER)
    device = devices.ThreadProxy(zmq.PULL, zmq.PUSH, zmq.DEALER)
    for connect, socket in ((device.connect_in, push), (device.connect_out, pull), (device.connect_mon, seen)):
        connect(socket.last_endpoint.decode())
    device.setsockopt_mon(zmq.ROUTING_ID, b"the proxy")
    start(device)
    push.send(b"hello")
    assert pull.recv() == b"hello"
    assert seen.recv_multipart() == [b"the proxy", b"hello"]


def test_what_passes_is_published_by_default(zmq, devices):
    for kind in (devices.Proxy, devices.ThreadProxy, devices.ProcessProxy):
        assert kind(zmq.PULL, zmq.PUSH).mon_type == zmq.PUB
