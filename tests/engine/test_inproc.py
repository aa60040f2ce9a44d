"""Pipes between two sockets of one context: names, limits, comings and goings."""

import errno

import pytest

from purezmq.constants import SocketType
from purezmq.engine.errors import EngineError, NoSuchEndpoint, WouldBlock
from tests.engine.helpers import Call, bound, connected, open_socket
from tests.helpers.waiting import TIMEOUT, eventually

POLLIN, POLLOUT = 1, 2
HERE = "inproc://here"


def fill(core, part=b"x"):
    """Send until there is no room: how many there were."""
    count = 0
    while True:
        try:
            core.send(part, 0)
        except WouldBlock:
            return count
        count += 1


def receive_all(core):
    got = []
    while True:
        try:
            got.append(core.recv(0))
        except WouldBlock:
            return got


# names


def test_a_name_is_bound_once(context):
    bound(context, SocketType.PAIR, HERE)
    other = open_socket(context, SocketType.PAIR)
    with pytest.raises(EngineError) as raised:
        other.bind(HERE)
    assert raised.value.errno == errno.EADDRINUSE


def test_a_name_is_free_after_unbind_and_after_close(context):
    first = bound(context, SocketType.PAIR, HERE)
    first.unbind(HERE)
    second = bound(context, SocketType.PAIR, HERE)
    second.close()
    bound(context, SocketType.PAIR, HERE)


def test_a_name_that_is_not_ours_cannot_be_unbound(context):
    bound(context, SocketType.PAIR, HERE)
    other = open_socket(context, SocketType.PAIR)
    with pytest.raises(NoSuchEndpoint):
        other.unbind(HERE)


def test_names_of_one_context_are_not_those_of_another(context, kernel_context):
    bound(context, SocketType.PAIR, HERE)
    bound(kernel_context, SocketType.PAIR, HERE)


def test_unbinding_twice_is_an_error_and_leaves_peers_alone(context):
    pull = bound(context, SocketType.PULL, HERE)
    push = connected(context, SocketType.PUSH, HERE)
    pull.unbind(HERE)
    with pytest.raises(NoSuchEndpoint):
        pull.unbind(HERE)
    push.send(b"still here", 0)
    assert pull.recv(0) == b"still here"


def test_pipes_stay_after_unbind(context):
    pull = bound(context, SocketType.PULL, HERE)
    push = connected(context, SocketType.PUSH, HERE)
    pull.unbind(HERE)
    push.send(b"a", 0)
    assert pull.recv(0) == b"a"


# order of bind and connect


@pytest.mark.parametrize("early", [True, False], ids=["connect first", "bind first"])
def test_messages_go_through_in_order(context, early):
    if early:
        push = connected(context, SocketType.PUSH, HERE)
        pull = bound(context, SocketType.PULL, HERE)
    else:
        pull = bound(context, SocketType.PULL, HERE)
        push = connected(context, SocketType.PUSH, HERE)
    for i in range(100):
        push.send(b"%d" % i, 0)
    assert receive_all(pull) == [b"%d" % i for i in range(100)]


def test_what_was_sent_before_the_bind_is_delivered(context):
    push = connected(context, SocketType.PUSH, HERE)
    push.send(b"early", 0)
    pull = bound(context, SocketType.PULL, HERE)
    assert pull.recv(0) == b"early"


def test_what_was_sent_before_the_bind_is_delivered_even_if_the_sender_left(context):
    push = connected(context, SocketType.PUSH, HERE)
    push.send(b"early", 0)
    push.close()
    pull = bound(context, SocketType.PULL, HERE)
    assert pull.recv(0) == b"early"


def test_a_connecter_that_left_without_a_word_is_forgotten(context):
    connected(context, SocketType.PAIR, HERE).close()
    pair = bound(context, SocketType.PAIR, HERE)
    assert pair.events() == 0


@pytest.mark.parametrize("early", [True, False], ids=["connect first", "bind first"])
def test_a_subscription_made_before_connect_counts_once_both_sides_are_there(context, early):
    sub = open_socket(context, SocketType.SUB)
    sub.pattern.subscribe(b"t")
    pub = open_socket(context, SocketType.PUB)
    for core in (sub, pub) if early else (pub, sub):
        core.connect(HERE) if core is sub else core.bind(HERE)
    pub.send(b"other", 0)
    pub.send(b"topic", 0)
    assert sub.recv(0) == b"topic"


def test_a_subscription_made_after_connect_counts_at_once(context):
    pub = bound(context, SocketType.PUB, HERE)
    sub = connected(context, SocketType.SUB, HERE)
    with sub.lock:
        sub.pattern.subscribe(b"t")
    pub.send(b"topic", 0)
    assert sub.recv(0) == b"topic"


def test_routing_ids_are_exchanged(context):
    router = bound(context, SocketType.ROUTER, HERE)
    dealer = connected(context, SocketType.DEALER, HERE, routing_id=b"me")
    dealer.send(b"hello", 0)
    assert router.recv(0) == [b"me", b"hello"]
    router.send([b"me", b"hi"], 0)
    assert dealer.recv(0) == b"hi"


def test_a_socket_may_connect_to_itself(context):
    dealer = bound(context, SocketType.DEALER, HERE)
    dealer.connect(HERE)
    dealer.send(b"a", 0)
    dealer.send(b"b", 0)
    assert sorted(receive_all(dealer)) == [b"a", b"b"]


# waiting


def test_a_waiting_receiver_is_woken(context):
    pull = bound(context, SocketType.PULL, HERE)
    push = connected(context, SocketType.PUSH, HERE)
    receiving = Call(pull.recv, TIMEOUT)
    eventually(pull.waited_on, "it waits")
    push.send(b"a", 0)
    assert receiving.result() == b"a"


def test_a_receiver_that_waits_before_anybody_connects_is_woken(context):
    pull = bound(context, SocketType.PULL, HERE)
    receiving = Call(pull.recv, TIMEOUT)
    eventually(pull.waited_on, "it waits")
    connected(context, SocketType.PUSH, HERE).send(b"a", 0)
    assert receiving.result() == b"a"


def test_a_sender_that_waits_for_room_goes_on(context):
    pull = bound(context, SocketType.PULL, HERE, rcvhwm=2)
    push = connected(context, SocketType.PUSH, HERE, sndhwm=2)
    assert fill(push) == 4
    sending = Call(push.send, b"last", TIMEOUT)
    eventually(push.waited_on, "it waits")
    for _ in range(4):
        pull.recv(0)
    sending.result()
    assert pull.recv(0) == b"last"


def test_a_sender_that_waits_for_a_peer_goes_on_when_one_binds_and_connects(context):
    push = bound(context, SocketType.PUSH, HERE)
    sending = Call(push.send, b"a", TIMEOUT)
    eventually(push.waited_on, "it waits")
    pull = connected(context, SocketType.PULL, HERE)
    sending.result()
    assert pull.recv(0) == b"a"


def test_a_sender_that_waits_for_a_peer_goes_on_when_another_thread_connects(context):
    push = open_socket(context, SocketType.PUSH)
    sending = Call(push.send, b"a", 2.0)
    eventually(push.waited_on, "it waits")
    push.connect(HERE)
    assert sending.ends(1.0)


def test_two_threads_play_ping_pong(context):
    ping = bound(context, SocketType.PAIR, HERE)
    pong = connected(context, SocketType.PAIR, HERE)

    def answer():
        for _ in range(300):
            pong.send(pong.recv(TIMEOUT), TIMEOUT)

    answering = Call(answer)
    for i in range(300):
        ping.send(b"%d" % i, TIMEOUT)
        assert ping.recv(TIMEOUT) == b"%d" % i
    answering.result()


# limits


@pytest.mark.parametrize(("sndhwm", "rcvhwm", "room"), [(3, 4, 7), (1, 1, 2)])
@pytest.mark.parametrize("early", [True, False], ids=["connect first", "bind first"])
def test_the_limits_of_both_sides_are_added(context, sndhwm, rcvhwm, room, early):
    push = open_socket(context, SocketType.PUSH, sndhwm=sndhwm)
    pull = open_socket(context, SocketType.PULL, rcvhwm=rcvhwm)
    for core in (push, pull) if early else (pull, push):
        core.connect(HERE) if core is push else core.bind(HERE)
    assert fill(push) == room


@pytest.mark.parametrize(("sndhwm", "rcvhwm"), [(0, 4), (3, 0)])
def test_no_limit_on_either_side_is_no_limit(context, sndhwm, rcvhwm):
    bound(context, SocketType.PULL, HERE, rcvhwm=rcvhwm)
    push = connected(context, SocketType.PUSH, HERE, sndhwm=sndhwm)
    for _ in range(5000):
        push.send(b"x", 0)


def test_a_full_pipe_has_room_again_when_half_is_read(context):
    pull = bound(context, SocketType.PULL, HERE, rcvhwm=4)
    push = connected(context, SocketType.PUSH, HERE, sndhwm=4)
    assert fill(push) == 8
    for _ in range(4):
        pull.recv(0)
    assert fill(push) == 0  # what was taken at once counts until the last of it is read
    pull.recv(0)
    assert fill(push) == 4


def test_a_full_pipe_has_room_when_the_bind_adds_its_limit(context):
    push = connected(context, SocketType.PUSH, HERE, sndhwm=2)
    assert fill(push) == 2
    bound(context, SocketType.PULL, HERE, rcvhwm=3)
    assert fill(push) == 3


def test_a_higher_mark_of_the_receiver_is_room_for_the_sender(context):
    pull = bound(context, SocketType.PULL, HERE, rcvhwm=2)
    push = connected(context, SocketType.PUSH, HERE, sndhwm=2)
    assert fill(push) == 4
    pull.options.rcvhwm = 5
    with pull.lock:
        pull.hwm_changed()
    assert fill(push) == 3


def test_a_higher_mark_of_the_sender_is_room_for_it(context):
    bound(context, SocketType.PULL, HERE, rcvhwm=2)
    push = connected(context, SocketType.PUSH, HERE, sndhwm=2)
    assert fill(push) == 4
    push.options.sndhwm = 5
    with push.lock:
        push.hwm_changed()
    assert fill(push) == 3


# the end


def test_what_was_sent_before_close_stays_readable(context):
    pull = bound(context, SocketType.PULL, HERE)
    push = connected(context, SocketType.PUSH, HERE)
    push.send(b"a", 0)
    push.send(b"b", 0)
    push.close()
    assert receive_all(pull) == [b"a", b"b"]
    assert not pull.endpoints.inproc


def test_after_disconnect_there_is_no_peer(context):
    pull = bound(context, SocketType.PULL, HERE)
    push = connected(context, SocketType.PUSH, HERE)
    push.send(b"a", 0)
    push.disconnect(HERE)
    with pytest.raises(WouldBlock):
        push.send(b"b", 0)
    assert receive_all(pull) == [b"a"]
    with pytest.raises(NoSuchEndpoint):
        push.disconnect(HERE)


def test_a_peer_that_closed_is_a_peer_no_more(context):
    push = bound(context, SocketType.PUSH, HERE)
    pull = connected(context, SocketType.PULL, HERE)
    assert push.events() == POLLOUT
    pull.close()
    assert push.events() == 0


def test_a_second_peer_of_a_pair_is_turned_away(context):
    pair = bound(context, SocketType.PAIR, HERE)
    first = connected(context, SocketType.PAIR, HERE)
    second = connected(context, SocketType.PAIR, HERE)
    first.send(b"mine", 0)
    assert pair.recv(0) == b"mine"
    with pytest.raises(WouldBlock):
        second.send(b"lost", 0)


def test_a_peer_whose_id_another_takes_over_is_disconnected(context):
    router = open_socket(context, SocketType.ROUTER, router_handover=True)
    first = bound(context, SocketType.DEALER, "inproc://one", routing_id=b"same")
    second = bound(context, SocketType.DEALER, "inproc://two", routing_id=b"same")
    router.connect("inproc://one")
    router.events()
    router.connect("inproc://two")
    router.send([b"same", b"hello"], 0)
    assert second.recv(0) == b"hello"
    assert first.events() == 0


def test_sockets_that_come_and_go_leave_nothing_behind(context):
    pull = bound(context, SocketType.PULL, HERE)
    for i in range(100):
        push = connected(context, SocketType.PUSH, HERE)
        push.send(b"%d" % i, 0)
        push.close()
        assert pull.recv(0) == b"%d" % i
    pull.events()
    assert not pull.endpoints.inproc
    assert context.sockets == [pull]


def test_many_senders_lose_nothing(context):
    pull = bound(context, SocketType.PULL, HERE, rcvhwm=10)

    def work(name):
        push = connected(context, SocketType.PUSH, HERE, sndhwm=10)
        for i in range(300):
            push.send([name, b"%d" % i], TIMEOUT)
        push.close()

    working = [Call(work, b"%d" % n) for n in range(4)]
    got = [pull.recv(TIMEOUT) for _ in range(1200)]
    for call in working:
        call.result()
    for n in range(4):
        assert [number for name, number in got if name == b"%d" % n] == [b"%d" % i for i in range(300)]
