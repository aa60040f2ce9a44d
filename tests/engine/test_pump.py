"""Threads that wait on one socket: leader and followers, mail, and poll loops outside."""

import select
import threading
from contextlib import closing

import pytest

from purezmq.constants import SocketType
from purezmq.engine.errors import ContextTerminated, SocketClosed, WouldBlock
from purezmq.engine.reactor import LONGEST_LEASE
from purezmq.engine.waker import Waker
from tests.engine.helpers import Call, bound, connected, cpu_time_below, open_socket, shaken
from tests.helpers.waiting import TIMEOUT, eventually

POLLIN, POLLOUT = 1, 2
HERE = "inproc://here"


def is_readable(fd, timeout=0.0):
    return bool(select.select([fd], [], [], timeout)[0])


def readable(core, timeout=0.0):
    return is_readable(core.fileno(), timeout)


@pytest.fixture(params=["tcp", "inproc"])
def push_and_pull(request, context):
    pull = bound(context, SocketType.PULL, HERE if request.param == "inproc" else "tcp://127.0.0.1:*")
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    return push, pull


# leader and followers


def test_several_threads_wait_and_each_message_goes_to_one(push_and_pull):
    push, pull = push_and_pull
    receiving = [Call(pull.recv, TIMEOUT) for _ in range(6)]
    eventually(lambda: pull._leading and pull._followers == 5, "all wait")
    for i in range(6):
        push.send(b"%d" % i, TIMEOUT)
    assert sorted(call.result() for call in receiving) == [b"%d" % i for i in range(6)]


def test_a_burst_wakes_all_who_wait(push_and_pull):
    push, pull = push_and_pull
    push.send(b"connected", TIMEOUT)
    pull.recv(TIMEOUT)
    receiving = [Call(pull.recv, TIMEOUT) for _ in range(4)]
    eventually(lambda: pull._followers == 3, "all wait")
    with push.lock:
        for i in range(4):
            push.send(b"%d" % i, TIMEOUT)
    assert sorted(call.result() for call in receiving) == [b"0", b"1", b"2", b"3"]


def test_when_the_leader_gives_up_a_follower_leads(push_and_pull):
    push, pull = push_and_pull
    leading = Call(pull.recv, 0.05)
    eventually(lambda: pull._leading, "one leads")
    following = Call(pull.recv, TIMEOUT)
    with pytest.raises(WouldBlock):
        leading.result()
    push.send(b"a", TIMEOUT)
    assert following.result() == b"a"


def test_a_follower_gives_up_at_its_own_time(push_and_pull):
    _, pull = push_and_pull
    leading = Call(pull.recv, 1.0)
    eventually(lambda: pull._leading, "one leads")
    following = Call(pull.recv, 0.01)
    with pytest.raises(WouldBlock):
        following.result()
    assert not leading.done
    pull.close()
    with pytest.raises(SocketClosed):
        leading.result()


def test_close_wakes_all_who_wait(push_and_pull):
    _, pull = push_and_pull
    receiving = [Call(pull.recv, None) for _ in range(4)]
    eventually(lambda: pull._leading and pull._followers == 3, "all wait")
    pull.close()
    for call in receiving:
        with pytest.raises(SocketClosed):
            call.result()
    assert pull._released


def test_terminate_wakes_all_who_wait(push_and_pull, context):
    push, pull = push_and_pull
    receiving = [Call(pull.recv, None) for _ in range(4)]
    eventually(lambda: pull._leading and pull._followers == 3, "all wait")
    context.shutdown()
    for call in receiving:
        with pytest.raises(ContextTerminated):
            call.result()
    with pytest.raises(ContextTerminated):
        push.send(b"x", 0)


def test_a_call_that_does_not_wait_works_while_another_leads(push_and_pull):
    push, pull = push_and_pull
    receiving = Call(pull.recv, TIMEOUT)
    eventually(pull.waited_on, "it waits")
    assert pull.events() == 0
    with pytest.raises(WouldBlock):
        pull.recv(0)
    push.send(b"a", TIMEOUT)
    assert receiving.result() == b"a"


def test_one_thread_sends_while_another_waits_to_receive(context):
    router = bound(context, SocketType.ROUTER)
    dealer = connected(context, SocketType.DEALER, router.last_endpoint, routing_id=b"d")
    receiving = Call(dealer.recv, TIMEOUT)
    eventually(dealer.waited_on, "it waits")
    dealer.send(b"question", TIMEOUT)
    assert router.recv(TIMEOUT) == [b"d", b"question"]
    router.send([b"d", b"answer"], 0)
    assert receiving.result() == b"answer"


def test_recv_from_lets_the_lock_go_while_it_waits(push_and_pull):
    _, pull = push_and_pull
    receiving = Call(pull.recv_from, 0.5)
    eventually(pull.waited_on, "it waits")
    got = pull.lock.acquire(timeout=0.2)
    if got:
        pull.lock.release()
    with pytest.raises(WouldBlock):
        receiving.result()
    assert got


def test_hammered_by_many_threads_nothing_is_lost_or_doubled(push_and_pull):
    push, pull = push_and_pull

    def send(name):
        for i in range(250):
            push.send([b"%d" % name, b"%d" % i], TIMEOUT)

    def receive():
        got = []
        while (message := pull.recv(TIMEOUT)) != b"enough":
            got.append(tuple(message))
        return got

    sending = [Call(send, n) for n in range(4)]
    receiving = [Call(receive) for _ in range(4)]
    for call in sending:
        call.result(30)
    for _ in receiving:
        push.send(b"enough", TIMEOUT)
    got = [message for call in receiving for message in call.result(30)]
    assert sorted(got) == sorted((b"%d" % n, b"%d" % i) for n in range(4) for i in range(250))


# mail


def test_mail_wakes_the_leader(context):
    pull = open_socket(context, SocketType.PULL)
    receiving = Call(pull.recv, TIMEOUT)
    eventually(pull.waited_on, "it waits")
    read = threading.Event()
    pull.post(read.set)
    assert read.wait(TIMEOUT)
    pull.close()
    with pytest.raises(SocketClosed):
        receiving.result()


def test_mail_of_an_idle_socket_waits_for_the_next_call(context):
    pull = open_socket(context, SocketType.PULL)
    read = []
    pull.post(lambda: read.append(1))
    assert not readable(pull)
    assert read == []
    pull.events()
    assert read == [1]


def test_mail_is_read_in_order(context):
    pull = open_socket(context, SocketType.PULL)
    read = []
    for i in range(10):
        pull.post(lambda i=i: read.append(i))
    with pytest.raises(WouldBlock):
        pull.recv(0)
    assert read == list(range(10))


# poll loops outside


@pytest.fixture
def loop():
    """The waker that a poll loop over several sockets brings."""
    waker = Waker()
    yield waker
    waker.close()


def woken(core, loop, timeout=0.0):
    """Whether a poll loop on the socket wakes up."""
    return bool(select.select([core.fileno(), loop.fileno()], [], [], timeout)[0])


def quiet(core, loop):
    """Do as a poll loop does before it sleeps: whether it would sleep."""
    loop.clear()
    core.events()
    return not woken(core, loop)


def test_a_poll_loop_is_woken_by_a_message(push_and_pull, loop):
    push, pull = push_and_pull
    pull.polled(loop)
    eventually(lambda: quiet(pull, loop), "it is quiet")
    waiting = Call(woken, pull, loop, TIMEOUT)
    push.send(b"a", TIMEOUT)
    assert waiting.result()
    eventually(lambda: pull.events() & POLLIN, "the message is there")
    pull.unpolled(loop)
    assert pull.recv(0) == b"a"


def test_a_poll_loop_is_woken_by_close(push_and_pull, loop):
    _, pull = push_and_pull
    pull.polled(loop)
    eventually(lambda: quiet(pull, loop), "it is quiet")
    waiting = Call(woken, pull, loop, TIMEOUT)
    pull.close()
    assert waiting.result()
    assert not pull._released
    pull.unpolled(loop)
    assert pull._released


def test_a_poll_loop_is_woken_by_the_end_of_the_context(push_and_pull, loop, context):
    _, pull = push_and_pull
    pull.polled(loop)
    eventually(lambda: quiet(pull, loop), "it is quiet")
    waiting = Call(woken, pull, loop, TIMEOUT)
    context.shutdown()
    assert waiting.result()
    pull.unpolled(loop)


def test_a_polled_socket_is_quiet_when_there_is_nothing(push_and_pull, loop):
    push, pull = push_and_pull
    push.send(b"a", TIMEOUT)
    assert pull.recv(TIMEOUT) == b"a"
    pull.polled(loop)
    eventually(lambda: quiet(pull, loop), "it is quiet")
    pull.unpolled(loop)


def test_a_poll_loop_learns_of_what_another_thread_received_for_it(push_and_pull, loop):
    push, pull = push_and_pull
    push.send(b"connected", TIMEOUT)
    assert pull.recv(TIMEOUT) == b"connected"
    receiving = Call(pull.recv, TIMEOUT)
    eventually(pull.waited_on, "it waits")
    pull.polled(loop)
    eventually(lambda: quiet(pull, loop), "it is quiet")
    push.send(b"a", TIMEOUT)
    assert receiving.result() == b"a"
    push.send(b"b", TIMEOUT)
    assert woken(pull, loop, TIMEOUT)
    pull.unpolled(loop)


def inbox_of(core):
    """What it has read and nobody has received yet."""
    with core.lock:
        return [message for pipe in core.endpoints.pipes() for message in pipe.inbox]


def test_an_exported_descriptor_is_readable_as_long_as_there_are_messages(push_and_pull):
    push, pull = push_and_pull
    fd = pull.export()
    push.send(b"a", TIMEOUT)
    push.send(b"b", TIMEOUT)
    eventually(lambda: pull.events() and len(inbox_of(pull)) == 2, "both are there")
    assert is_readable(fd)
    assert pull.recv(0) == b"a"
    assert is_readable(fd)
    assert pull.recv(0) == b"b"
    eventually(lambda: pull.events() == 0 and not is_readable(fd), "it is quiet")


def test_an_exported_descriptor_wakes_a_loop_that_does_nothing_else(push_and_pull):
    push, pull = push_and_pull
    fd = pull.export()
    eventually(lambda: pull.events() == 0 and not is_readable(fd), "it is quiet")
    waiting = Call(is_readable, fd, TIMEOUT)
    push.send(b"a", TIMEOUT)
    assert waiting.result()
    assert pull.recv(TIMEOUT) == b"a"


def test_an_exported_descriptor_is_the_same_as_long_as_the_socket_lives(push_and_pull):
    _, pull = push_and_pull
    assert pull.export() == pull.export()


def test_a_descriptor_that_is_exported_late_shows_what_is_there_already(push_and_pull):
    push, pull = push_and_pull
    push.send(b"a", TIMEOUT)
    eventually(lambda: pull.events() & POLLIN, "the message is there")
    assert is_readable(pull.export())


@pytest.mark.parametrize("operation", ["send", "wait", "check_send"])
def test_an_exported_descriptor_stays_readable_whatever_else_is_tried(context, operation):
    one = bound(context, SocketType.DEALER, HERE, sndhwm=1, rcvhwm=1)
    other = connected(context, SocketType.DEALER, HERE, sndhwm=1, rcvhwm=1)
    fd = one.export()
    other.send(b"a", 0)
    one.events()
    assert is_readable(fd)
    one.send(b"x", 0)
    one.send(b"x", 0)
    if operation == "wait":
        assert one.wait(POLLOUT, 0.001) == 0
    else:
        with pytest.raises(WouldBlock):
            getattr(one, operation)(b"x", 0)
    assert is_readable(fd)


def test_a_message_that_nobody_reads_keeps_no_reactor_busy(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    push.send(b"first", TIMEOUT)
    assert pull.recv(TIMEOUT) == b"first"
    fd = pull.export()
    push.send(b"a", TIMEOUT)
    eventually(lambda: is_readable(fd), "the message is there")
    with cpu_time_below(0.15):
        assert not threading.Event().wait(0.5)
    assert pull.recv(TIMEOUT) == b"a"


def test_a_socket_that_somebody_waits_on_keeps_no_thread_busy(push_and_pull):
    _, pull = push_and_pull
    receiving = Call(pull.recv, 0.4)
    eventually(pull.waited_on, "it waits")
    with cpu_time_below(0.15), pytest.raises(WouldBlock):
        receiving.result()


def test_of_two_poll_loops_on_one_socket_each_learns_of_a_message(push_and_pull, loop):
    push, pull = push_and_pull
    push.send(b"connected", TIMEOUT)
    assert pull.recv(TIMEOUT) == b"connected"
    other = Waker()
    pull.polled(loop)
    pull.polled(other)
    eventually(lambda: quiet(pull, loop) and quiet(pull, other), "both are quiet")
    push.send(b"a", TIMEOUT)
    push.send(b"b", TIMEOUT)
    eventually(lambda: pull.events() and len(inbox_of(pull)) == 2, "both messages are there")
    loop.clear()  # the first loop was quicker
    assert pull.recv(0) == b"a"
    assert woken(pull, other)
    pull.unpolled(loop)
    pull.unpolled(other)
    other.close()


def test_the_reactor_reads_for_an_owner_who_is_busy_elsewhere(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint)
    push.send(b"a", TIMEOUT)
    assert pull.recv(TIMEOUT) == b"a"
    push.send(b"b", TIMEOUT)
    assert LONGEST_LEASE < TIMEOUT

    def came():
        with pull.lock:
            return [message for pipe in pull.endpoints.pipes() for message in pipe.inbox] == [b"b"]

    eventually(came, "the reactor has read it")


def test_a_poll_loop_cannot_begin_to_wait_for_a_closed_socket(context):
    pull = bound(context, SocketType.PULL, HERE)
    pull.close()
    with closing(Waker()) as waker, pytest.raises(SocketClosed):
        pull.polled(waker)


def test_what_the_kernel_has_no_room_for_does_not_wait_for_a_long_lease(kernel_context, monkeypatch):
    push = open_socket(kernel_context, SocketType.PUSH, sndhwm=0)
    hastened = []
    monkeypatch.setattr(kernel_context.reactor, "hasten", hastened.append)
    with shaken(push, "PULL"):
        while not push.blocked:
            push.send(bytes(100_000), 0)
        assert hastened == [push]
        assert not push.wait(POLLIN, 0)
        assert hastened == [push, push]
    assert not push.blocked
