import gc
import threading
import time

import gevent
import pytest

import purezmq
from tests.helpers.resources import held
from tests.helpers.threads import Crew
from tests.helpers.wire import RawPeer, command

MESSAGES = 500


class Clock:
    """A greenlet that counts its turns."""

    def __init__(self, spawn):
        self.turns = 0
        spawn(self._run)

    def _run(self):
        while True:
            self.turns += 1
            gevent.sleep(0.001)

    def go_on(self):
        """Wait until it has had some more."""
        until = self.turns + 3
        while self.turns < until:
            gevent.sleep(0.001)


@pytest.fixture
def clock(spawn):
    return Clock(spawn)


# what waits lets others run

RECEIVERS = {
    "recv": lambda socket: socket.recv(),
    "recv of a Frame": lambda socket: socket.recv(copy=False).bytes,
    "recv_multipart": lambda socket: socket.recv_multipart()[0],
    "recv_multipart of Frames": lambda socket: socket.recv_multipart(copy=False)[0].bytes,
    "recv_string": lambda socket: socket.recv_string().encode(),
    "recv_json": lambda socket: b"%d" % socket.recv_json(),
    "recv_into": lambda socket: b"1" * socket.recv_into(bytearray(8)),
    "poll": lambda socket: b"%d" % socket.poll(10_000),
}


@pytest.mark.parametrize("how", RECEIVERS)
def test_others_run_while_one_waits_for_a_message(green, pair, spawn, clock, how):
    push, pull = pair(green.PUSH, green.PULL)
    receiver = spawn(RECEIVERS[how], pull)
    clock.go_on()
    assert not receiver.ready()
    push.send(b"1")
    assert receiver.get() == b"1"


def test_others_run_while_one_iterates(ours, pair, spawn, clock):
    push, pull = pair(ours.PUSH, ours.PULL)
    receiver = spawn(lambda: [message for message, _ in zip(pull, range(2), strict=False)])
    clock.go_on()
    push.send(b"1")
    push.send(b"2")
    push.send(b"3")
    assert receiver.get() == [[b"1"], [b"2"]]


SENDERS = {
    "send": lambda socket: socket.send(b"x"),
    "send of a Frame": lambda socket: socket.send(b"x", copy=False),
    "send in parts": lambda socket: (socket.send(b"x", purezmq.SNDMORE), socket.send(b"y")),
    "send_multipart": lambda socket: socket.send_multipart([b"x", b"y"]),
    "send_json": lambda socket: socket.send_json({"x": 1}),
    "poll": lambda socket: socket.poll(10_000, purezmq.POLLOUT),
}


@pytest.mark.parametrize("how", SENDERS)
def test_others_run_while_one_waits_for_room(green, context, spawn, clock, how):
    push = context.socket(green.PUSH)
    push.bind("inproc://room")
    sender = spawn(SENDERS[how], push)
    clock.go_on()
    assert not sender.ready()
    with context.socket(green.PULL) as pull:
        pull.connect("inproc://room")
        sender.get()
        if how != "poll":
            assert pull.recv()[:1] in {b"x", b"{"}
    push.close(linger=0)


def test_request_and_reply_take_turns_in_two_greenlets(green, pair, spawn):
    rep, req = pair(green.REP, green.REQ)

    def serve():
        while True:
            rep.send(rep.recv() + b"!")

    spawn(serve)
    for number in range(50):
        req.send(b"%d" % number)
        assert req.recv() == b"%d!" % number


def test_with_dontwait_nobody_waits(green, context):
    push, pull = context.socket(green.PUSH), context.socket(green.PULL)
    push.bind("inproc://nobody")
    for call in (lambda: push.send(b"x", green.DONTWAIT), lambda: pull.recv(green.DONTWAIT)):
        with pytest.raises(green.Again):
            call()
    with pytest.raises(green.Again):
        push.send_multipart([b"x", b"y"], green.DONTWAIT)
    with pytest.raises(green.Again):
        pull.recv_multipart(green.DONTWAIT)
    assert push.poll(0, green.POLLOUT) == 0
    push.close(linger=0)
    pull.close(linger=0)


def test_poll_ends_when_the_time_is_up(green, pair, clock):
    _, pull = pair(green.PUSH, green.PULL)
    begun = time.monotonic()
    assert pull.poll(50) == 0
    assert 0.04 < time.monotonic() - begun < 5
    assert clock.turns > 1


def test_the_timeouts_of_the_socket_are_heeded(ours, context, clock):
    push, pull = context.socket(ours.PUSH), context.socket(ours.PULL)
    push.bind("inproc://late")
    with pytest.warns(UserWarning, match="SNDTIMEO"):
        push.sndtimeo = 50
    with pytest.warns(UserWarning, match="RCVTIMEO"):
        pull.rcvtimeo = 50
    for call in (lambda: push.send(b"x"), lambda: push.send_multipart([b"x", b"y"]), pull.recv, pull.recv_multipart):
        turns, begun = clock.turns, time.monotonic()
        with pytest.raises(ours.Again):
            call()
        assert 0.04 < time.monotonic() - begun < 5
        assert clock.turns > turns
    push.close(linger=0)
    pull.close()


@pytest.mark.parametrize("name", ["rcvtimeo", "sndtimeo"])
def test_whoever_touches_a_timeout_is_warned_once(green, context, name):
    with context.socket(green.PULL) as pull:
        with pytest.warns(UserWarning, match="TIMEO") as told:
            setattr(pull, name, 5000)
        assert len(told) == 1
        with pytest.warns(UserWarning, match="TIMEO"):
            assert getattr(pull, name) == 5000


# many greenlets


def test_many_greenlets_receive_each_message_once(ours, pair, spawn):
    push, pull = pair(ours.PUSH, ours.PULL)
    received = []

    def receive():
        while True:
            received.append(pull.recv())
            gevent.sleep(0)

    for _ in range(20):
        spawn(receive)
    for number in range(MESSAGES):
        push.send(b"%d" % number)
    while len(received) < MESSAGES:
        gevent.sleep(0.001)
    assert sorted(map(int, received)) == list(range(MESSAGES))


def test_many_greenlets_send_through_a_narrow_socket(ours, pair, spawn):
    push, pull = pair(ours.PUSH, ours.PULL, sndhwm=1, rcvhwm=1)

    def send(start):
        for number in range(start, MESSAGES, 20):
            push.send_multipart([b"%d" % number, b"x" * 10_000])

    senders = [spawn(send, start) for start in range(20)]
    received = [int(pull.recv_multipart()[0]) for _ in range(MESSAGES)]
    gevent.joinall(senders, raise_error=True)
    assert sorted(received) == list(range(MESSAGES))


def test_one_sends_while_another_waits_to_receive(green, pair, spawn):
    first, second = pair(green.DEALER, green.DEALER)
    receiver = spawn(first.recv)
    first.send(b"there")
    assert second.recv() == b"there"
    second.send(b"back")
    assert receiver.get() == b"back"


def test_messages_in_parts_of_several_greenlets_are_not_mixed_up(ours, pair, spawn):
    push, pull = pair(ours.PUSH, ours.PULL)

    def send(name):
        push.send(name, ours.SNDMORE)
        gevent.sleep(0.001)
        push.send(name)

    def receive():
        first = pull.recv()
        gevent.sleep(0.001)
        assert pull.getsockopt(ours.RCVMORE)
        return first, pull.recv()

    names = [b"%d" % number for number in range(10)]
    receivers = [spawn(receive) for _ in names]
    for name in names:
        spawn(send, name)
    assert sorted(receiver.get() for receiver in receivers) == [(name, name) for name in names]


def test_a_greenlet_takes_its_half_sent_message_along(ours, pair):
    push, pull = pair(ours.PUSH, ours.PULL)
    gevent.spawn(push.send, b"half", ours.SNDMORE).join()
    push.send(b"whole")
    assert pull.recv_multipart() == [b"whole"]
    while push._unsent:
        gc.collect()
        gevent.sleep(0.001)


# nothing is lost


def test_a_greenlet_that_gives_up_receiving_takes_no_message_along(green, pair, spawn):
    push, pull = pair(green.PUSH, green.PULL)
    with pytest.raises(gevent.Timeout), gevent.Timeout(0.01):
        pull.recv()
    killed = spawn(pull.recv_multipart)
    killed.kill()
    push.send(b"x")
    assert pull.recv() == b"x"


def test_a_greenlet_that_is_killed_when_the_message_is_there_leaves_it(green, pair, spawn):
    push, pull = pair(green.PUSH, green.PULL)
    for number in range(20):
        receiver = spawn(pull.recv)
        push.send(b"%d" % number)
        gevent.spawn(receiver.kill)
        receiver.join()
        message = receiver.value
        if isinstance(message, gevent.GreenletExit):
            message = pull.recv()
        assert message == b"%d" % number


def test_a_greenlet_that_gives_up_sending_has_sent_nothing(green, context, spawn):
    push = context.socket(green.PUSH)
    push.bind("inproc://given-up")
    with pytest.raises(gevent.Timeout), gevent.Timeout(0.01):
        push.send(b"lost")
    spawn(push.send_multipart, [b"lost", b"too"]).kill()
    with context.socket(green.PULL) as pull:
        pull.connect("inproc://given-up")
        push.send(b"sent")
        assert pull.recv_multipart() == [b"sent"]
        assert pull.poll(0) == 0
    push.close(linger=0)


def test_no_change_is_hidden_by_a_greenlet_that_asks_for_the_events(ours, context, spawn):
    push, pull = context.socket(ours.PUSH), context.socket(ours.PULL)
    push.sndhwm = pull.rcvhwm = 1
    push.bind("inproc://asked")
    pull.connect("inproc://asked")
    while push.events & ours.POLLOUT:
        push.send(b"x")
    sender = spawn(push.send, b"y")
    gevent.sleep(0.001)
    while not push.events & ours.POLLOUT:
        pull.recv()
    sender.get()
    push.close(linger=0)
    pull.close()


def test_the_loop_sleeps_while_a_sender_waits_and_messages_do_too(ours, pair, spawn):
    first, second = pair(ours.DEALER, ours.DEALER, sndhwm=1, rcvhwm=1)
    second.send(b"nobody reads this")
    assert first.poll(10_000)

    def fill():
        while True:
            first.send(b"x" * 100_000)

    spawn(fill)
    used = 1.0
    while used > 0.05:
        before = time.process_time()
        gevent.sleep(0.2)
        used = time.process_time() - before
    assert first.events == ours.POLLIN


def test_waiting_leaves_nothing_behind(ours, pair, spawn):
    push, pull = pair(ours.PUSH, ours.PULL)

    def go():
        receiver = spawn(pull.recv)
        push.send(b"x")
        receiver.get()
        spawn(pull.recv).kill()
        with pytest.raises(gevent.Timeout), gevent.Timeout(0.001):
            pull.poll()

    go()
    before = held().descriptors
    for _ in range(50):
        go()
    assert held().descriptors == before
    assert not pull._core._polls


# threads, and the engine's


def test_a_thread_wakes_a_greenlet(ours, pair, spawn, clock):
    push, pull = pair(ours.PUSH, ours.PULL)
    receiver = spawn(lambda: [pull.recv() for _ in range(MESSAGES)])
    with Crew() as crew:
        crew.start(lambda: [push.send(b"x") for _ in range(MESSAGES)])
        assert receiver.get() == [b"x"] * MESSAGES


def test_greenlets_of_several_threads_share_a_socket(ours, pair, spawn):
    push, pull = pair(ours.PUSH, ours.PULL)

    def receive():
        greenlets = [gevent.spawn(pull.recv) for _ in range(5)]
        received = [greenlet.get() for greenlet in greenlets]
        gevent.get_hub().destroy()
        return received

    with Crew() as crew:
        jobs = [crew.start(receive) for _ in range(3)]
        for number in range(15):
            push.send(b"%d" % number)
        received = [message for job in jobs for message in job.result()]
    assert sorted(map(int, received)) == list(range(15))


def test_a_thread_that_ends_while_its_greenlets_wait_is_forgotten(ours, context):
    def leave_waiting(*sockets):
        for socket in sockets:
            gevent.spawn(socket.recv)
        gevent.spawn(ours.Poller.poll, poller)
        gevent.sleep(0)
        gevent.get_hub().destroy(destroy_loop=True)

    def go():
        pull, push = context.socket(ours.PULL), context.socket(ours.PUSH)
        pull.bind("inproc://forgotten")
        push.connect("inproc://forgotten")
        for socket in (pull, push):
            poller.register(socket, ours.POLLIN)
        with Crew() as crew:
            crew.start(leave_waiting, pull).result()
        push.send(b"x")
        assert pull.recv() == b"x"
        for socket in (pull, push):
            poller.unregister(socket)
            socket.close()

    poller = ours.Poller()
    go()
    before = held().descriptors
    for _ in range(5):
        go()
    while held().descriptors > before:
        gevent.sleep(0.001)


def test_the_engine_goes_on_while_a_greenlet_computes(ours, context, spawn):
    pull = context.socket(ours.PULL)
    port = pull.bind_to_random_port("tcp://127.0.0.1")
    answered = threading.Event()

    def ping():
        with RawPeer.connect(f"tcp://127.0.0.1:{port}") as peer:
            peer.handshake("PUSH")
            peer.send(command(b"PING", b"\0\0there?"))
            answer = peer.read_frame().body
            answered.set()
            return answer

    spawn(pull.recv)
    gevent.sleep(0.001)
    with Crew() as crew:
        answer = crew.start(ping)
        deadline = time.monotonic() + 10
        while not answered.is_set() and time.monotonic() < deadline:
            sum(range(1000))
        assert answered.is_set()
        assert answer.result() == b"\4PONGthere?"
    pull.close()


# the end


def test_close_wakes_whoever_waits(green, pair, spawn):
    _, pull = pair(green.PUSH, green.PULL)
    receiver = spawn(pull.recv)
    gevent.sleep(0.001)
    pull.close()
    with pytest.raises(green.ZMQError) as refused:
        receiver.get()
    assert refused.value.errno == green.ENOTSOCK


def test_term_lets_those_run_who_still_have_sockets(ours, spawn):
    context = ours.Context()
    pull = context.socket(ours.PULL)

    def work():
        with pull:
            pull.recv()

    worker = spawn(work)
    gevent.sleep(0.001)
    context.term()
    assert context.closed
    with pytest.raises(ours.ContextTerminated):
        worker.get()


def test_a_context_that_nobody_keeps_is_terminated_without_a_turn_of_others(ours, spawn):
    turns = []
    spawn(lambda: turns.append(gevent.sleep(0)))
    context = ours.Context()
    with pytest.warns(ResourceWarning, match="context"):
        del context
    assert turns == []


# classes


def test_the_names_are_those_of_the_package(ours):
    assert set(purezmq.__all__) <= set(ours.__all__)
    assert ours.PUSH is purezmq.PUSH
    assert issubclass(ours.Socket, purezmq.Socket)
    assert ours.Socket is not purezmq.Socket


def test_sockets_and_contexts_say_what_they_are(green):
    context = green.Context.instance()
    assert context is green.Context.instance()
    assert repr(context).startswith("<zmq.green.Context(")
    with context.socket(green.PULL) as pull:
        assert isinstance(pull, green.Socket)
        assert repr(pull).startswith("<zmq.green.Socket(zmq.PULL)")
    context.term()


def test_a_plain_socket_gets_a_green_side(ours, spawn, clock):
    with purezmq.Context() as context, context.socket(purezmq.PULL) as plain, context.socket(purezmq.PUSH) as push:
        plain.bind("inproc://plain")
        push.connect("inproc://plain")
        receiver = spawn(ours.Socket.shadow(plain).recv)
        clock.go_on()
        push.send(b"x")
        assert receiver.get() == b"x"
