import gevent
import pytest


def ends(context, module, *types):
    """One socket of each type, bound and connected in pairs: 1 to 0, 3 to 2."""
    sockets = [context.socket(kind) for kind in types]
    for outer, inner in zip(sockets[::2], sockets[1::2], strict=True):
        port = inner.bind_to_random_port("tcp://127.0.0.1")
        outer.connect(f"tcp://127.0.0.1:{port}")
    return sockets


def close(sockets):
    for socket in sockets:
        socket.close(linger=0)


def test_a_queue_passes_on_both_ways_while_others_run(green, context, spawn):
    req, router, rep, dealer = sockets = ends(context, green, green.REQ, green.ROUTER, green.REP, green.DEALER)
    spawn(green.device, green.QUEUE, router, dealer)
    for number in range(20):
        req.send_multipart([b"question", b"%d" % number])
        assert rep.recv_multipart() == [b"question", b"%d" % number]
        rep.send(b"answer")
        assert req.recv() == b"answer"
    close(sockets)


def test_a_streamer_passes_on_one_way(green, context, spawn):
    push, pull, receiver, sender = sockets = ends(context, green, green.PUSH, green.PULL, green.PULL, green.PUSH)
    spawn(green.device, green.STREAMER, pull, sender)
    push.send(b"x")
    assert receiver.recv() == b"x"
    close(sockets)


def test_a_device_of_one_socket_echoes(green, context, spawn):
    req, rep = sockets = ends(context, green, green.REQ, green.REP)
    spawn(green.device, green.QUEUE, rep, rep)
    for number in range(20):
        req.send(b"%d" % number)
        assert req.recv() == b"%d" % number
    close(sockets)


def test_one_way_goes_on_while_the_other_has_no_room(ours, context, spawn):
    left, pass_left, right, pass_right = sockets = ends(context, ours, *[ours.DEALER] * 4)
    for socket in sockets:
        socket.sndhwm = socket.rcvhwm = 1
    spawn(ours.device, ours.QUEUE, pass_left, pass_right)

    def flood():
        while True:
            left.send(b"x" * 100_000)

    spawn(flood)
    right.send(b"back")
    assert left.recv() == b"back"
    close(sockets)


def test_a_busy_device_lets_others_run(ours, context, spawn):
    push, pull, receiver, sender = sockets = ends(context, ours, ours.PUSH, ours.PULL, ours.PULL, ours.PUSH)
    sender.sndhwm = pull.rcvhwm = push.sndhwm = 0
    for _ in range(5000):
        push.send(b"x")
    assert pull.poll()
    turns = []
    spawn(lambda: turns.append(gevent.sleep(0)))
    spawn(ours.device, ours.STREAMER, pull, sender)
    for _ in range(5000):
        receiver.recv()
    assert turns
    close(sockets)


def test_it_ends_with_the_context(ours, spawn):
    context = ours.Context()
    sockets = [context.socket(ours.DEALER), context.socket(ours.ROUTER)]
    device = spawn(ours.device, ours.QUEUE, *sockets)
    gevent.sleep(0.001)
    terminating = spawn(context.term)
    with pytest.raises(ours.ContextTerminated):
        device.get()
    close(sockets)
    terminating.get()
