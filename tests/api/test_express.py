"""The fast path: in a burst, each way to send and to receive does what it does at any other time."""

import array
import errno
import threading

import pytest

DONTWAIT, SNDMORE = 1, 2
BURST = 100
"""Messages after which a burst has begun, whoever asks."""


def numbered(count):
    return [b"%d" % number for number in range(count)]


def begin_burst(push, pull):
    """Leave both in the midst of a burst: the next messages gather."""
    for part in numbered(BURST):
        push.send(part)
    assert [pull.recv() for _ in range(BURST)] == numbered(BURST)


WAYS_TO_SEND = {
    "send": lambda zmq, socket, part: socket.send(part),
    "without waiting": lambda zmq, socket, part: socket.send(part, DONTWAIT),
    "by keyword": lambda zmq, socket, part: socket.send(data=part, flags=0, copy=True, track=False),
    "bytearray": lambda zmq, socket, part: socket.send(bytearray(part)),
    "memoryview": lambda zmq, socket, part: socket.send(memoryview(part)),
    "array": lambda zmq, socket, part: socket.send(array.array("B", part)),
    "Frame": lambda zmq, socket, part: socket.send(zmq.Frame(part)),
    "uncopied": lambda zmq, socket, part: socket.send(part, copy=False),
    "tracked": lambda zmq, socket, part: socket.send(part, copy=False, track=True),
    "text": lambda zmq, socket, part: socket.send_string(part.decode()),
    "multipart of one": lambda zmq, socket, part: socket.send_multipart([part]),
    "tuple of one": lambda zmq, socket, part: socket.send_multipart((part,)),
}

WAYS_TO_RECEIVE = {
    "recv": lambda socket: socket.recv(),
    "uncopied": lambda socket: socket.recv(copy=False).bytes,
    "by keyword": lambda socket: socket.recv(flags=0, copy=True, track=False),
    "multipart": lambda socket: socket.recv_multipart()[0],
    "uncopied multipart": lambda socket: socket.recv_multipart(copy=False)[0].bytes,
    "text": lambda socket: socket.recv_string().encode(),
    "iteration": lambda socket: next(iter(socket))[0] if hasattr(socket, "__iter__") else socket.recv(),
    "poll": lambda socket: socket.recv(DONTWAIT) if socket.poll(10_000) else None,
}


def into_memory(socket):
    memory = bytearray(20)
    return bytes(memory[: socket.recv_into(memory)])


@pytest.mark.parametrize("way", WAYS_TO_SEND.values(), ids=WAYS_TO_SEND)
def test_each_way_to_send_keeps_its_place_in_a_burst(zmq, pair, way):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    begin_burst(push, pull)
    sent = numbered(300)
    for number, part in enumerate(sent):
        if number % 5 == 2:
            way(zmq, push, part)
        else:
            push.send(part)
    assert [pull.recv() for _ in sent] == sent


@pytest.mark.parametrize("way", WAYS_TO_RECEIVE.values(), ids=WAYS_TO_RECEIVE)
def test_each_way_to_receive_gets_the_next_message(zmq, pair, way):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    sent = numbered(300)
    for part in sent:
        push.send(part)
    assert [way(pull) if number % 3 else pull.recv() for number in range(len(sent))] == sent


def test_receiving_into_memory_gets_the_next_message(ours, pair):
    push, pull = pair(ours.PUSH, ours.PULL)
    sent = numbered(300)
    for part in sent:
        push.send(part)
    assert [into_memory(pull) if number % 3 else pull.recv() for number in range(len(sent))] == sent


def test_messages_of_several_parts_stay_together_in_a_burst(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    begin_burst(push, pull)
    for part in numbered(50):
        push.send_multipart([part, b"", part])
        push.send_multipart((part, bytearray(b"x"), memoryview(part)))
        push.send(part, SNDMORE)
        push.send_multipart([b"middle", b"of it"], SNDMORE)
        push.send(b"end")
        push.send_multipart([part])
    for part in numbered(50):
        assert pull.recv_multipart() == [part, b"", part]
        assert [pull.recv(), *pull.recv_multipart()] == [part, b"x", part]
        assert [pull.recv(), pull.recv(), pull.recv(), pull.recv()] == [part, b"middle", b"of it", b"end"]
        assert not pull.getsockopt(zmq.RCVMORE)
        assert pull.recv_multipart() == [part]


def test_a_list_belongs_to_who_sent_it(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    begin_burst(push, pull)
    parts = [b"a", b"b"]
    for number in range(20):
        parts[0] = b"%d" % number
        push.send_multipart(parts)
    parts.clear()
    assert [pull.recv_multipart() for _ in range(20)] == [[b"%d" % number, b"b"] for number in range(20)]


def test_a_list_belongs_to_who_received_it(zmq, context):
    pub, subs = context.socket(zmq.PUB), [context.socket(zmq.SUB) for _ in range(2)]
    pub.bind("inproc://two")
    for sub in subs:
        sub.rcvtimeo = 10_000
        sub.setsockopt(zmq.SUBSCRIBE, b"")
        sub.connect("inproc://two")
    pub.getsockopt(zmq.EVENTS)
    for _ in range(BURST):
        pub.send_multipart([b"a", b"b"])
    for sub in subs:
        for _ in range(BURST):
            parts = sub.recv_multipart()
            assert parts == [b"a", b"b"]
            parts.clear()


@pytest.mark.parametrize("wrong", ["text", 5, None])
def test_what_is_no_buffer_is_refused_and_leaves_no_trace(zmq, pair, wrong):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    begin_burst(push, pull)
    for attempt in (
        lambda: push.send(wrong),
        lambda: push.send_multipart([wrong]),
        lambda: push.send_multipart([b"a", wrong]),
    ):
        push.send(b"before")
        with pytest.raises(TypeError):
            attempt()
        push.send(b"after")
        assert [pull.recv(), pull.recv()] == [b"before", b"after"]


def test_parts_may_come_from_a_generator(ours, pair):
    push, pull = pair(ours.PUSH, ours.PULL)
    begin_burst(push, pull)
    for part in numbered(20):
        push.send_multipart(p for p in [part])
        push.send_multipart(p for p in [part, b"x"])
    for part in numbered(20):
        assert [pull.recv_multipart(), pull.recv_multipart()] == [[part], [part, b"x"]]


def test_no_parts_are_no_message(ours, pair):
    push, pull = pair(ours.PUSH, ours.PULL)
    begin_burst(push, pull)
    with pytest.raises(IndexError):
        push.send_multipart([])


def test_subclasses_of_bytes_arrive_as_octets(zmq, pair):
    class Text(bytes):
        pass

    push, pull = pair(zmq.PUSH, zmq.PULL)
    begin_burst(push, pull)
    push.send(Text(b"a"))
    push.send_multipart([Text(b"b"), Text(b"c")])
    assert pull.recv() == b"a"
    got = pull.recv_multipart()
    assert got == [b"b", b"c"]
    assert {type(part) for part in got} == {bytes}


def test_nothing_is_sent_between_the_parts_of_a_message(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    begin_burst(push, pull)
    for part in numbered(20):
        push.send(part)
    push.send(b"first", SNDMORE)
    push.send(b"last")
    assert [pull.recv() for _ in range(20)] == numbered(20)
    assert pull.recv_multipart() == [b"first", b"last"]


def test_another_threads_message_does_not_get_into_half_of_mine(ours, pair):
    push, pull = pair(ours.PUSH, ours.PULL)
    begin_burst(push, pull)
    push.send(b"first", SNDMORE)
    others = threading.Thread(target=lambda: [push.send(part) for part in numbered(20)])
    others.start()
    others.join()
    push.send(b"last")
    assert [pull.recv() for _ in range(20)] == numbered(20)
    assert pull.recv_multipart() == [b"first", b"last"]


def test_without_room_a_burst_is_refused(zmq, context):
    push, pull = context.socket(zmq.PUSH), context.socket(zmq.PULL)
    push.sndhwm = pull.rcvhwm = 30
    push.linger = 0
    push.bind("inproc://full")
    pull.connect("inproc://full")
    push.getsockopt(zmq.EVENTS)

    def send_until_full():
        for count in range(1000):
            try:
                push.send(b"%d" % count, DONTWAIT)
            except zmq.Again:
                return count
        raise AssertionError("there is no end")

    count = send_until_full()
    assert count == 60
    assert not push.poll(0, zmq.POLLOUT)
    pull.rcvtimeo = 10_000
    assert [pull.recv() for _ in range(count)] == numbered(count)


def test_after_close_a_burst_is_over(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    begin_burst(push, pull)
    push.send(b"last")
    push.close()
    for attempt in (lambda: push.send(b"late"), lambda: push.send_multipart([b"late", b"too"])):
        with pytest.raises(zmq.ZMQError) as raised:
            attempt()
        assert raised.value.errno == errno.ENOTSOCK
    assert pull.recv() == b"last"


def test_after_close_nothing_is_received(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    for part in numbered(20):
        push.send(part)
    assert pull.recv() == b"0"
    pull.close()
    for attempt in (pull.recv, pull.recv_multipart, lambda: pull.recv(DONTWAIT)):
        with pytest.raises(zmq.ZMQError) as raised:
            attempt()
        assert raised.value.errno == errno.ENOTSOCK


def test_after_term_a_burst_is_over(ours):
    context = ours.Context()
    push, pull = context.socket(ours.PUSH), context.socket(ours.PULL)
    push.bind("inproc://term")
    pull.connect("inproc://term")
    begin_burst(push, pull)
    ending = threading.Thread(target=context.term)
    ending.start()
    with pytest.raises(ours.ContextTerminated):
        pull.recv()
    with pytest.raises(ours.ContextTerminated):
        push.send(b"late")
    push.close(linger=0)
    pull.close(linger=0)
    ending.join()


# what is set in the midst of a burst


def test_a_topic_that_is_not_wanted_any_more_is_not_received(zmq, context):
    pub, sub = context.socket(zmq.PUB), context.socket(zmq.SUB)
    sub.rcvtimeo = 10_000
    pub.bind("inproc://topics")
    for topic in (b"a", b"b"):
        sub.setsockopt(zmq.SUBSCRIBE, topic)
    sub.connect("inproc://topics")
    pub.getsockopt(zmq.EVENTS)
    for part in numbered(BURST):
        pub.send(b"a" + part)
        pub.send(b"b" + part)
    assert sub.recv() == b"a0"
    sub.setsockopt(zmq.UNSUBSCRIBE, b"b")
    assert [sub.recv() for _ in range(BURST - 1)] == [b"a" + part for part in numbered(BURST)[1:]]
    with pytest.raises(zmq.Again):
        sub.recv(DONTWAIT)


def test_a_router_that_becomes_mandatory_says_who_is_not_there(zmq, pair):
    router, dealer = pair(zmq.ROUTER, zmq.DEALER)
    dealer.send(b"hello")
    routing_id, _ = router.recv_multipart()
    for part in numbered(BURST):
        router.send_multipart([routing_id, part])
    router.setsockopt(zmq.ROUTER_MANDATORY, 1)
    with pytest.raises(zmq.ZMQError) as raised:
        router.send_multipart([b"nobody", b"x"])
    assert raised.value.errno == errno.EHOSTUNREACH
    assert [dealer.recv() for _ in range(BURST)] == numbered(BURST)


def test_a_publisher_that_stops_dropping_does_so_with_the_next_message(ours, context):
    pub, sub = context.socket(ours.PUB), context.socket(ours.SUB)
    sub.rcvtimeo = 10_000
    pub.sndhwm = sub.rcvhwm = BURST
    pub.sndtimeo = 0
    pub.bind("inproc://nodrop")
    sub.subscribe(b"")
    sub.connect("inproc://nodrop")
    pub.getsockopt(ours.EVENTS)
    for part in numbered(BURST):
        pub.send(part)
    pub.setsockopt(ours.XPUB_NODROP, 1)
    for part in numbered(BURST):
        pub.send(b"more" + part)
    with pytest.raises(ours.Again):
        pub.send(b"one too many")
    got = [sub.recv() for _ in range(2 * BURST)]
    assert got == numbered(BURST) + [b"more" + part for part in numbered(BURST)]


def test_a_mark_that_is_lowered_holds_in_a_burst(ours, context):
    push = context.socket(ours.PUSH)
    push.linger = 0
    push.connect("inproc://marks")
    for part in numbered(BURST):
        push.send(part)
    push.sndhwm = BURST + 5
    for _ in range(5):
        push.send(b"x", DONTWAIT)
    with pytest.raises(ours.Again):
        push.send(b"x", DONTWAIT)


# where other code watches


def test_events_count_what_waits_in_the_lane(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    for part in numbered(3):
        push.send(part)
    for part in numbered(3):
        assert pull.getsockopt(zmq.EVENTS) == zmq.POLLIN
        assert pull.poll(0) == zmq.POLLIN
        assert pull.recv() == part
    assert pull.getsockopt(zmq.EVENTS) == 0


def test_subclasses_see_each_message(zmq, context):
    seen = []

    class Logging(zmq.Socket):
        def send(self, data, *args, **kwargs):
            seen.append(data)
            return super().send(data, *args, **kwargs)

        def recv(self, *args, **kwargs):
            data = super().recv(*args, **kwargs)
            seen.append(data)
            return data

    with Logging(context, zmq.PUSH) as push, Logging(context, zmq.PULL) as pull:
        push.bind("inproc://logged")
        pull.connect("inproc://logged")
        for part in numbered(BURST):
            push.send(part)
        for _ in range(BURST):
            pull.recv()
    assert seen == numbered(BURST) * 2
