"""Messages on their way through a socket: one by one and in bursts, beside the lock and under it, until the end."""

import itertools
import sys
import threading

import pytest

from purezmq.constants import SocketType
from purezmq.engine import bursts, traffic
from purezmq.engine.bursts import EAGER, GAP
from purezmq.engine.encoding import BATCH
from purezmq.engine.errors import ContextTerminated, SocketClosed, WouldBlock
from tests.engine.helpers import (
    ANYWHERE,
    Call,
    bound,
    connected,
    cpu_time_below,
    open_socket,
    send_in_passing,
    shaken,
)
from tests.helpers.endpoints import free_port
from tests.helpers.waiting import TIMEOUT, eventually
from tests.helpers.wire import message

POLLIN, POLLOUT = 1, 2
HERE = "inproc://here"
TRANSPORTS = [ANYWHERE, HERE]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time between two messages, which stands still unless the test moves it."""
    now = [100.0]
    for module in (traffic, bursts):
        monkeypatch.setattr(module, "monotonic", lambda: now[0])
    return now


@pytest.fixture(params=TRANSPORTS, ids=["tcp", "inproc"])
def endpoint(request):
    return request.param


@pytest.fixture
def nobody():
    """An endpoint where nobody listens."""
    return f"tcp://127.0.0.1:{free_port()}"


def numbered(count):
    return [b"%d" % number for number in range(count)]


def receive(core, count):
    return [core.recv(TIMEOUT) for _ in range(count)]


def received(core):
    """What there is to receive now."""
    got = []
    while core.wait(POLLIN, 0):
        got.append(core.recv(0))
    return got


def begin_burst(core, part=b"first"):
    """Send until the lane is open: how many messages that took."""
    count = 0
    while not core.lanes.batch:
        assert count < 10_000, "no burst begins"
        core.send(part, TIMEOUT)
        count += 1
    return count


def gather(core, *messages):
    """Put messages into the lane, whether it is open or not: as threads do that found it open."""
    core.lanes.outgoing.extend(messages)


# how a burst begins


def test_the_first_messages_that_come_closely_are_written_at_once(kernel_context):
    push = open_socket(kernel_context, SocketType.PUSH)
    with shaken(push, "PULL") as it:
        it.peer.sock.settimeout(0)
        for number in range(EAGER):
            send_in_passing(push, b"%d" % number)
            expected = message(b"%d" % number)
            assert it.peer.read(len(expected)) == expected
        assert not push.lanes.batch


def test_more_that_come_closely_gather(kernel_context):
    push = open_socket(kernel_context, SocketType.PUSH)
    with shaken(push, "PULL"):
        assert begin_burst(push) == EAGER + 1
        send_in_passing(push, b"a")
        assert push.lanes.outgoing == [b"a"]


def test_a_pause_between_messages_begins_anew(kernel_context, clock):
    push = open_socket(kernel_context, SocketType.PUSH)
    with shaken(push, "PULL"):
        for _ in range(3):
            for _ in range(EAGER):
                push.send(b"x", 0)
            clock[0] += 2 * GAP
        assert not push.lanes.batch


def test_requests_and_replies_do_not_gather(context):
    rep = bound(context, SocketType.REP, HERE)
    req = connected(context, SocketType.REQ, HERE)
    for part in numbered(3 * EAGER):
        req.send(part, 0)
        rep.send(rep.recv(0), 0)
        assert req.recv(0) == part
    assert req.lanes.batch == rep.lanes.batch == 0


def test_a_subscriber_to_be_does_not_gather(context):
    xsub = connected(context, SocketType.XSUB, HERE)
    for part in numbered(3 * EAGER):
        xsub.send(b"\x01" + part, 0)
    assert not xsub.lanes.batch
    assert xsub.pattern.topics_count == 3 * EAGER


def test_a_router_that_answers_for_each_message_does_not_gather(context):
    router = bound(context, SocketType.ROUTER, HERE, router_mandatory=True)
    dealer = connected(context, SocketType.DEALER, HERE, routing_id=b"it")
    eventually(lambda: router.pattern.holds(b"it"), "it is there")
    for _ in range(3 * EAGER):
        router.send([b"it", b"x"], 0)
    assert not router.lanes.batch
    assert len(receive(dealer, 3 * EAGER)) == 3 * EAGER


@pytest.mark.parametrize("kind", [SocketType.PUSH, SocketType.DEALER, SocketType.PUB])
def test_with_conflate_nothing_gathers(context, kind):
    core = open_socket(context, kind, conflate=True)
    core.connect(HERE)
    for _ in range(3 * EAGER):
        core.send(b"x", 0)
    assert not core.lanes.batch


def test_no_more_gather_than_there_is_room_for(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, sndhwm=EAGER + 4)
    begin_burst(push)
    assert push.lanes.batch == 3
    for number in range(3):
        send_in_passing(push, b"%d" % number)
    assert not push.lanes.batch
    assert not push.lanes.outgoing
    with pytest.raises(WouldBlock):
        push.send(b"x", 0)


def test_a_batch_is_no_larger_than_the_high_water_mark(context):
    push = open_socket(context, SocketType.PUSH, sndhwm=0)
    with shaken(push, "PULL"):
        begin_burst(push)
        assert push.lanes.batch == BATCH
        push.options.sndhwm = 20
        with push.lock:
            push.hwm_changed()
        push.send(b"x", 0)
        assert push.lanes.batch == 20


# how what has gathered leaves


def test_a_full_batch_is_written(kernel_context):
    push = open_socket(kernel_context, SocketType.PUSH, sndhwm=20)
    with shaken(push, "PULL") as it:
        count = begin_burst(push, b"x")
        for _ in range(push.lanes.batch):
            send_in_passing(push, b"y")
        it.peer.sock.settimeout(0)
        assert it.peer.read(3 * (count + 20)) == message(b"x") * count + message(b"y") * 20


def test_the_tail_of_a_burst_arrives_without_another_call(context, endpoint):
    pull = bound(context, SocketType.PULL, endpoint)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    count = begin_burst(push)
    for part in (tail := numbered(5)):
        send_in_passing(push, part)
    assert receive(pull, count + 5)[count:] == tail


def test_what_is_sent_while_the_reactor_comes_by_is_not_forgotten(context, endpoint, monkeypatch):
    pull = bound(context, SocketType.PULL, endpoint)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    late = [b"late"]
    send_all = push.pattern.send_all

    def send_all_and_meanwhile(messages):
        count = send_all(messages)
        gather(push, *late)  # as another thread does that has found the lane open
        late.clear()
        return count

    count = begin_burst(push)
    monkeypatch.setattr(push.pattern, "send_all", send_all_and_meanwhile)
    gather(push, b"tail")
    eventually(lambda: not push._bursting, "the burst is over, without a call of ours")
    assert receive(pull, count + 2)[count:] == [b"tail", b"late"]


def test_a_burst_ends_and_another_may_begin(context, endpoint):
    pull = bound(context, SocketType.PULL, endpoint)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    for _ in range(3):
        count = begin_burst(push)
        assert push.lanes.batch
        eventually(lambda: not push.lanes.batch, "the burst is over")
        assert receive(pull, count) == [b"first"] * count


def test_an_ended_burst_leaves_the_reactor_asleep(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    receive(pull, begin_burst(push))
    eventually(lambda: not push.lanes.batch, "the burst is over")
    eventually(lambda: not context.reactor._timers, "no timer is left", 2.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda core: core.send(b"last", TIMEOUT),
        lambda core: core.check_send(b"", TIMEOUT),
        lambda core: core.events(),
        lambda core: core.wait(POLLOUT, TIMEOUT),
        lambda core: core.gathered(),
        lambda core: core.bind("inproc://elsewhere"),
        lambda core: core.close(),
        lambda core: core.terminate(),
    ],
    ids=["send", "check_send", "events", "wait", "gathered", "bind", "close", "terminate"],
)
def test_every_other_call_sends_what_has_gathered(context, call):
    pair = bound(context, SocketType.PAIR, HERE)
    other = connected(context, SocketType.PAIR, HERE)
    gather(other, b"a", [b"b", b"c"])
    call(other)
    assert receive(pair, 2) == [b"a", [b"b", b"c"]]
    assert not other.lanes.outgoing


def test_who_waits_for_an_answer_has_sent_the_question(context, endpoint):
    one = bound(context, SocketType.DEALER, endpoint)
    other = connected(context, SocketType.DEALER, one.last_endpoint)
    one.wait(POLLOUT, TIMEOUT)
    gather(one, b"question")
    asking = Call(one.recv, TIMEOUT)
    assert other.recv(TIMEOUT) == b"question"
    other.send(b"answer", TIMEOUT)
    assert asking.result() == b"answer"


def test_what_was_sent_first_is_read_first_on_whichever_way(context, endpoint):
    pull = bound(context, SocketType.PULL, endpoint, rcvhwm=0)
    push = connected(context, SocketType.PUSH, pull.last_endpoint, sndhwm=0)
    sent = numbered(5000)
    for number, part in enumerate(sent):
        if number % 7 == 3:
            push.send(part, TIMEOUT)
        else:
            send_in_passing(push, part)
    assert receive(pull, len(sent)) == sent


def test_what_has_gathered_is_for_the_peers_that_were_there(context):
    first = bound(context, SocketType.PULL, "inproc://first")
    second = bound(context, SocketType.PULL, "inproc://second")
    push = connected(context, SocketType.PUSH, "inproc://first")
    gather(push, *numbered(3))
    push.connect("inproc://second")
    push.unbind("inproc://first")
    assert received(first) == numbered(3)
    assert received(second) == []


# what there is no room for


def test_what_there_is_no_room_for_is_sent_when_there_is(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, sndhwm=3, reconnect_ivl=0.01)
    gather(push, *numbered(5))
    push.gathered()
    assert push.lanes.outgoing == [b"3", b"4"]
    pull = bound(context, SocketType.PULL, nobody)
    assert receive(pull, 5) == numbered(5)


def test_nothing_overtakes_what_there_is_no_room_for(context):
    push = connected(context, SocketType.PUSH, HERE, sndhwm=2)
    gather(push, *numbered(3))
    assert not push.events() & POLLOUT
    for call in (push.send, push.check_send):
        with pytest.raises(WouldBlock):
            call(b"x", 0)
    sending = Call(push.send, b"3", TIMEOUT)
    eventually(push.waited_on, "it waits")
    pull = bound(context, SocketType.PULL, HERE, rcvhwm=2)
    assert receive(pull, 4) == numbered(4)
    sending.result()
    assert push.events() & POLLOUT


def test_what_there_is_no_room_for_does_not_keep_the_reactor_awake(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, sndhwm=2 * EAGER, reconnect_ivl=60.0)
    begin_burst(push)
    gather(push, *numbered(2 * EAGER))
    eventually(lambda: not push._bursting, "the burst is over", 2.0)


def test_what_there_is_no_room_for_is_delivered_by_close(context, nobody):
    push = connected(context, SocketType.PUSH, nobody, sndhwm=3, reconnect_ivl=0.01)
    gather(push, *numbered(5))
    push.gathered()  # without a complaint: so they are sent
    push.close()
    pull = bound(context, SocketType.PULL, nobody)
    assert receive(pull, 5) == numbered(5)


# the end


def test_close_delivers_what_has_gathered(context, endpoint):
    pull = bound(context, SocketType.PULL, endpoint)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    count = begin_burst(push)
    gather(push, *numbered(100))
    push.close()
    assert receive(pull, count + 100)[count:] == numbered(100)


def test_the_interpreters_exit_delivers_what_has_gathered(context, endpoint):
    pull = bound(context, SocketType.PULL, endpoint)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    count = begin_burst(push)
    gather(push, *numbered(100))
    push.deliver()
    assert receive(pull, count + 100)[count:] == numbered(100)


@pytest.mark.parametrize(("end", "error"), [("close", SocketClosed), ("terminate", ContextTerminated)])
def test_a_straggler_is_told_that_it_came_too_late(context, end, error):
    push = connected(context, SocketType.PUSH, HERE)
    begin_burst(push)
    getattr(push, end)()
    assert push.lanes.batch == 0  # a straggler looks here, having put its message into the lane
    gather(push, b"late")
    with pytest.raises(error):
        push.gathered()
    assert not push.lanes.outgoing
    pull = bound(context, SocketType.PULL, HERE)
    assert b"late" not in received(pull)


@pytest.fixture
def threads_meet_everywhere():
    """A switch interval so short that a thread may be stopped anywhere."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("threads_meet_everywhere")
def test_each_message_that_was_taken_before_close_arrives(context, endpoint):
    for _ in range(10):
        pull = bound(context, SocketType.PULL, endpoint, rcvhwm=0)
        push = connected(context, SocketType.PUSH, pull.last_endpoint, sndhwm=0)
        eventually(pull.endpoints.pipes, "they are connected")
        begin_burst(push)
        taken: list[bytes] = []

        def send_until_closed(push=push, taken=taken):
            for part in map(b"%d".__mod__, itertools.count()):
                send_in_passing(push, part)
                taken.append(part)

        sending = Call(send_until_closed)
        eventually(lambda taken=taken: len(taken) > 100, "it sends")
        push.close()
        with pytest.raises(SocketClosed):
            sending.result()
        arrived: list[bytes] = []

        def all_received(pull=pull, arrived=arrived):
            arrived += received(pull)
            return not pull.endpoints.pipes() and not pull.events()

        eventually(all_received, "the connection has ended")
        lost = set(taken) - set(arrived)
        assert not lost, f"{len(lost)} of {len(taken)}"
        pull.close()


@pytest.mark.parametrize("end", ["close", "terminate"])
def test_after_the_end_nothing_that_came_can_be_received(context, end):
    pull = bound(context, SocketType.PULL, HERE)
    push = connected(context, SocketType.PUSH, HERE)
    for part in numbered(5):
        push.send(part, 0)
    assert pull.recv(0) == b"0"
    assert pull.lanes.ready
    getattr(pull, end)()
    assert not pull.lanes.ready
    with pytest.raises((SocketClosed, ContextTerminated)):
        pull.recv(0)


# in


def test_messages_that_are_taken_together_are_read_in_order(context, endpoint):
    pull = bound(context, SocketType.PULL, endpoint)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    for part in numbered(500):
        push.send(part, TIMEOUT)
    assert receive(pull, 500) == numbered(500)


def test_what_waits_in_the_lane_can_be_received(context):
    pull = bound(context, SocketType.PULL, HERE)
    push = connected(context, SocketType.PUSH, HERE)
    push.send(b"a", 0)
    push.send(b"b", 0)
    assert pull.recv(0) == b"a"
    assert pull.events() == POLLIN
    assert pull.wait(POLLIN, 0) == POLLIN
    assert pull.recv(0) == b"b"
    assert pull.events() == 0


@pytest.mark.parametrize("rcvhwm", [1, 2, 3, 10])
def test_polling_before_each_receive_never_stops_the_sender(context, endpoint, rcvhwm):
    pull = bound(context, SocketType.PULL, endpoint, rcvhwm=rcvhwm)
    push = connected(context, SocketType.PUSH, pull.last_endpoint, sndhwm=1)
    count = 300

    def send_all():
        for part in numbered(count):
            push.send(part, TIMEOUT)

    sending = Call(send_all)
    for part in numbered(count):
        assert pull.wait(POLLIN, 2.0) == POLLIN
        assert pull.recv(0) == part
    sending.result()


def test_polling_goes_on_after_more_has_come_than_the_mark(context):
    pull = open_socket(context, SocketType.PULL, rcvhwm=4)
    context.reactor.watch(pull)
    with shaken(pull, "PUSH") as it:
        it.peer.send(message(b"x") * 10)
        eventually(lambda: pull.events() and it.session.pipe.stalled, "reading has stopped")
        for _ in range(10):
            assert pull.wait(POLLIN, 2.0)
            pull.recv(0)
        it.peer.send(message(b"later"))
        assert pull.wait(POLLIN, 2.0) == POLLIN
        assert pull.recv(0) == b"later"


def test_two_threads_that_receive_get_each_message_once(context, endpoint):
    pull = bound(context, SocketType.PULL, endpoint)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)

    def receive_until_end():
        got = []
        while (part := pull.recv(TIMEOUT)) != b"end":
            got.append(part)
        return got

    receiving = [Call(receive_until_end) for _ in range(2)]
    for part in numbered(2000):
        send_in_passing(push, part)
    for _ in receiving:
        push.send(b"end", TIMEOUT)
    got = [call.result() for call in receiving]
    assert sorted(got[0] + got[1], key=int) == numbered(2000)
    for mine in got:
        assert mine == sorted(mine, key=int)


def test_each_message_comes_with_the_properties_of_its_own_peer(context):
    pull = bound(context, SocketType.PULL)
    pushes = [
        connected(context, SocketType.PUSH, pull.last_endpoint, metadata=((b"X-name", b"%d" % number),))
        for number in range(3)
    ]
    for number, push in enumerate(pushes):
        for _ in range(2 * number + 1):  # one has more than another
            push.send(b"%d" % number, TIMEOUT)
    counts = [0, 0, 0]
    for _ in range(9):
        part, properties = pull.recv_from(TIMEOUT)
        assert properties[b"X-name"] == part
        counts[int(part)] += 1
    assert counts == [1, 3, 5]


def test_the_properties_are_right_after_a_lane_was_begun_without_asking_for_them(context):
    pull = bound(context, SocketType.PULL)
    pushes = [
        connected(context, SocketType.PUSH, pull.last_endpoint, metadata=((b"X-name", name),)) for name in (b"a", b"b")
    ]
    for push, name in zip(pushes, (b"a", b"b"), strict=True):
        for _ in range(4):
            push.send(name, TIMEOUT)
    for turn in range(8):
        if turn % 3:
            pull.recv(TIMEOUT)
        else:
            part, properties = pull.recv_from(TIMEOUT)
            assert properties[b"X-name"] == part


def test_nobody_takes_a_message_from_under_who_asks_for_its_peer(context):
    pull = bound(context, SocketType.PULL)
    for name in (b"a", b"b"):
        push = connected(context, SocketType.PUSH, pull.last_endpoint, metadata=((b"X-name", name),))
        for _ in range(40):
            push.send(name, TIMEOUT)
    for _ in range(40):
        pull.recv(TIMEOUT)
        part, properties = pull.recv_from(TIMEOUT)
        assert properties[b"X-name"] == part
        assert not pull.lanes.ready


def test_a_message_taken_meanwhile_leaves_the_peers_of_its_lane_unnamed(context, monkeypatch):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint, metadata=((b"X-name", b"a"),))
    with push.lock:
        for part in numbered(4):
            push.pattern.send(part)
    push.send(b"4", TIMEOUT)  # all in one write
    assert pull.recv(TIMEOUT) == b"0"
    assert len(pull.lanes.ready) == 4
    emptied = traffic._emptied

    def late(ready):
        ready.pop()  # another thread
        return emptied(ready)

    monkeypatch.setattr(traffic, "_emptied", late)
    assert pull.recv_from(TIMEOUT) == (b"2", {})
    monkeypatch.undo()
    push.send(b"5", TIMEOUT)
    assert [pull.recv_from(TIMEOUT)[0] for _ in range(2)] == [b"3", b"4"]
    part, properties = pull.recv_from(TIMEOUT)
    assert part == b"5"
    assert properties[b"X-name"] == b"a"


# what is not wanted any more


def subscriber(context, *topics):
    pubs = [bound(context, SocketType.PUB, f"inproc://pub-{number}") for number in range(2)]
    sub = open_socket(context, SocketType.SUB)
    for topic in topics:
        sub.pattern.subscribe(topic)
    for number in range(2):
        sub.connect(f"inproc://pub-{number}")
    return sub, pubs


def test_sifting_takes_what_nobody_wants_out_of_the_lane(context):
    sub, (one, other) = subscriber(context, b"a", b"b")
    for part in (b"a1", b"b1", b"a2", b"b2"):
        one.send(part, 0)
        other.send([part, b"from the other"], 0)
    assert sub.recv(0) == b"a1"
    with sub.lock:
        sub.pattern.unsubscribe(b"b")
    with sub.lock:
        sub.reconsider()
    got = received(sub)
    assert got == [[b"a1", b"from the other"], b"a2", [b"a2", b"from the other"]]


def test_sifting_keeps_messages_and_their_peers_together(context):
    pub_a = bound(context, SocketType.PUB, metadata=((b"X-name", b"a"),))
    pub_b = bound(context, SocketType.PUB, metadata=((b"X-name", b"b"),))
    sub = open_socket(context, SocketType.SUB)
    for topic in (b"keep", b"drop"):
        sub.pattern.subscribe(topic)
    sub.connect(pub_a.last_endpoint)
    sub.connect(pub_b.last_endpoint)
    for pub in (pub_a, pub_b):
        eventually(lambda pub=pub: pub.events() and pub.pattern.topics_count == 2, "both topics are known")
    for turn in range(3):
        for pub, name in ((pub_a, b"a"), (pub_b, b"b")):
            pub.send([b"drop" if (turn + (pub is pub_a)) % 2 else b"keep", name], TIMEOUT)
    first, _ = sub.recv_from(TIMEOUT)
    with sub.lock:
        sub.pattern.unsubscribe(b"drop")
    with sub.lock:
        sub.reconsider()
    left = 2 if first[0] == b"keep" else 3
    for _ in range(left):
        (topic, name), properties = sub.recv_from(TIMEOUT)
        assert topic == b"keep"
        assert properties[b"X-name"] == name
    assert received(sub) == []


@pytest.mark.usefixtures("threads_meet_everywhere")
def test_who_receives_beside_the_sifting_gets_all_in_order(context):
    pull = bound(context, SocketType.PULL, HERE, rcvhwm=0)
    push = connected(context, SocketType.PUSH, HERE, sndhwm=0)
    done = threading.Event()

    def reconsider():
        while not done.is_set():
            with pull.lock:
                pull.reconsider()

    reconsidering = Call(reconsider)
    for _ in range(20):
        for part in numbered(200):
            push.send(part, TIMEOUT)
        got = [pull.lanes.ready.pop() if pull.lanes.ready else pull.recv(TIMEOUT) for _ in range(200)]
        assert got == numbered(200)
    done.set()
    reconsidering.result()


def test_sifting_an_empty_lane_does_nothing(context):
    sub, _ = subscriber(context, b"")
    with sub.lock:
        sub.reconsider()
    with pytest.raises(WouldBlock):
        sub.recv(0)


# idle


def test_an_idle_socket_costs_nothing_after_a_burst(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    receive(pull, begin_burst(push))
    eventually(lambda: not push.lanes.batch, "the burst is over")
    with cpu_time_below(0.05):
        assert pull.wait(POLLIN, 0.2) == 0
