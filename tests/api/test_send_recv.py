import array
import threading

import pytest

DONTWAIT, SNDMORE = 1, 2


def test_what_is_sent_is_received(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    assert push.send(b"one") is None
    assert pull.recv() == b"one"


@pytest.mark.parametrize("make", [bytearray, memoryview, lambda data: array.array("B", data)])
def test_any_buffer_can_be_sent(zmq, pair, make):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    push.send(make(b"octets"))
    push.send_multipart([make(b"a"), b"b", make(b"")])
    assert pull.recv() == b"octets"
    assert pull.recv_multipart() == [b"a", b"b", b""]


def test_a_sent_bytearray_may_be_changed_at_once(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    data = bytearray(b"before")
    push.send(data)
    push.send_multipart([data, data])
    data[:] = b"after!"
    assert pull.recv() == b"before"
    assert pull.recv_multipart() == [b"before", b"before"]


@pytest.mark.parametrize("wrong", ["text", 5, None])
def test_only_buffers_can_be_sent(zmq, pair, wrong):
    push, _ = pair(zmq.PUSH, zmq.PULL)
    for copy in (True, False):
        with pytest.raises(TypeError):
            push.send(wrong, copy=copy)


def test_a_buffer_with_gaps_is_refused(zmq, pair):
    push, _ = pair(zmq.PUSH, zmq.PULL)
    with pytest.raises(BufferError):
        push.send(memoryview(b"abcdef")[::2], copy=False)


def test_a_wrong_part_is_found_before_anything_is_sent(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    with pytest.raises(TypeError, match=r"Frame 1 \(5\) does not support the buffer interface"):
        push.send_multipart([b"a", 5])
    push.send(b"next")
    assert pull.recv_multipart() == [b"next"]


def test_a_message_of_no_parts_is_an_index_error(zmq, pair):
    push, _ = pair(zmq.PUSH, zmq.PULL)
    with pytest.raises(IndexError):
        push.send_multipart([])


def test_parts_sent_one_by_one_are_one_message(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    push.send(b"a", zmq.SNDMORE)
    push.send_multipart([b"b", b"c"], zmq.SNDMORE)
    assert pull.poll(0) == 0
    push.send_multipart([b"d", b"e"])
    assert pull.recv_multipart() == [b"a", b"b", b"c", b"d", b"e"]


def test_parts_received_one_by_one_tell_whether_more_follow(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    push.send_multipart([b"a", b"b"])
    push.send(b"c")
    received = [(pull.recv(), pull.rcvmore) for _ in range(3)]
    assert received == [(b"a", 1), (b"b", 0), (b"c", 0)]


def test_the_rest_of_a_message_can_be_had_at_once(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    push.send_multipart([b"a", b"b", b"c"])
    assert pull.recv() == b"a"
    assert pull.poll(0) == zmq.POLLIN
    assert pull.get(zmq.EVENTS) & zmq.POLLIN
    assert pull.recv_multipart() == [b"b", b"c"]
    assert pull.poll(0) == 0


def test_threads_that_send_part_by_part_do_not_tear_each_others_messages(ours, pair):
    push, pull = pair(ours.PUSH, ours.PULL)
    begun, ended = threading.Event(), threading.Event()

    def other() -> None:
        push.send(b"theirs", SNDMORE)
        begun.set()
        ended.wait(10)
        push.send(b"end")

    thread = threading.Thread(target=other)
    thread.start()
    assert begun.wait(10)
    push.send(b"mine", SNDMORE)
    push.send(b"end")
    ended.set()
    thread.join()
    assert sorted([pull.recv_multipart(), pull.recv_multipart()]) == [[b"mine", b"end"], [b"theirs", b"end"]]


def test_threads_that_receive_part_by_part_get_whole_messages(ours, pair):
    push, pull = pair(ours.PUSH, ours.PULL)
    push.send_multipart([b"1", b"one"])
    push.send_multipart([b"2", b"two"])
    theirs = []

    def other() -> None:
        theirs.extend([pull.recv(), pull.recv()])

    first = pull.recv()
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert [first, pull.recv()] == [b"1", b"one"]
    assert theirs == [b"2", b"two"]


def test_a_thread_that_ends_takes_its_parts_with_it(ours, pair):
    push, pull = pair(ours.PUSH, ours.PULL)
    thread = threading.Thread(target=lambda: push.send(b"never", SNDMORE))
    thread.start()
    thread.join()
    del thread
    push.send(b"whole")
    assert pull.recv_multipart() == [b"whole"]
    assert not push._unsent


def test_nothing_to_receive_is_eagain(zmq, pair):
    _, pull = pair(zmq.PUSH, zmq.PULL)
    with pytest.raises(zmq.Again) as caught:
        pull.recv(zmq.DONTWAIT)
    assert caught.value.errno == zmq.EAGAIN
    pull.rcvtimeo = 1
    for receive in (pull.recv, pull.recv_multipart, pull.recv_string, lambda: pull.recv(copy=False)):
        with pytest.raises(zmq.Again):
            receive()


def test_nobody_to_send_to_is_eagain_on_the_first_part(zmq, context):
    push = context.socket(zmq.PUSH)
    push.sndtimeo = 1
    for flags in (zmq.DONTWAIT, zmq.DONTWAIT | zmq.SNDMORE, 0, zmq.SNDMORE):
        with pytest.raises(zmq.Again):
            push.send(b"", flags)
    with pytest.raises(zmq.Again):
        push.send_multipart([b"a", b"b"], zmq.DONTWAIT)


def test_the_wrong_turn_is_efsm(zmq, pair):
    rep, req = pair(zmq.REP, zmq.REQ)
    for wrong in (lambda: rep.send(b""), lambda: rep.send(b"", zmq.SNDMORE), req.recv):
        with pytest.raises(zmq.ZMQError, match="Operation cannot be accomplished in current state") as caught:
            wrong()
        assert caught.value.errno == zmq.EFSM
    req.send_multipart([b"a", b"b"])
    rep.recv()
    with pytest.raises(zmq.ZMQError) as caught:
        rep.send(b"too early: a part is still to be received")
    assert caught.value.errno == zmq.EFSM
    rep.recv()
    rep.send(b"now")
    assert req.recv() == b"now"


def test_the_wrong_direction_is_enotsup(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    for wrong in (push.recv, push.recv_multipart, lambda: pull.send(b"x"), lambda: pull.send_multipart([b"x", b"y"])):
        with pytest.raises(zmq.ZMQError) as caught:
            wrong()
        assert caught.value.errno == zmq.ENOTSUP


def test_an_unknown_peer_is_ehostunreach_on_the_first_part(zmq, context):
    router = context.socket(zmq.ROUTER)
    router.router_mandatory = True
    with pytest.raises(zmq.ZMQError, match="Host unreachable") as caught:
        router.send(b"nobody", zmq.SNDMORE)
    assert caught.value.errno == zmq.EHOSTUNREACH


@pytest.mark.parametrize("arguments", [{"routing_id": 1}, {"group": "g"}])
def test_what_the_draft_types_need_is_refused(zmq, pair, arguments):
    push, _ = pair(zmq.PUSH, zmq.PULL)
    with pytest.raises(RuntimeError, match="draft"):
        push.send(b"x", **arguments)


def test_frames_can_be_received(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    push.send_multipart([b"a", b"b"])
    push.send_multipart([b"c", b"d"])
    frames = pull.recv_multipart(copy=False)
    frames += [pull.recv(copy=False), pull.recv(copy=False, track=True)]
    assert [(frame.bytes, frame.more) for frame in frames] == [(b"a", True), (b"b", False), (b"c", True), (b"d", False)]
    assert frames[-1].tracker.done


def test_received_frames_know_their_peer(zmq, context):
    pull, push = context.socket(zmq.PULL), context.socket(zmq.PUSH)
    pull.rcvtimeo = 10_000
    push.connect(f"tcp://127.0.0.1:{pull.bind_to_random_port('tcp://127.0.0.1')}")
    push.send_multipart([b"a", b"b"])
    for frame in pull.recv_multipart(copy=False):
        assert frame["Socket-Type"] == "PUSH"
        assert frame.get(b"Peer-Address") == "127.0.0.1"


def test_recv_into_fills_what_is_there(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    push.send_multipart([b"hello", b"there world", b"part 3", b"rest"])
    words = array.array("Q", [0])
    assert pull.recv_into(words) == 5
    assert words.tobytes()[:5] == b"hello"
    small = bytearray(4)
    assert pull.recv_into(small) == 11
    assert small == b"ther"
    large = bytearray(8)
    assert pull.recv_into(large, nbytes=4) == 6
    assert large == b"part\0\0\0\0"
    assert pull.recv_into(bytearray()) == 4


@pytest.mark.parametrize(
    ("buffer", "nbytes", "error"),
    [
        (bytearray(10), -1, ValueError),
        (bytearray(10), 11, ValueError),
        (memoryview(bytearray(10))[::2], 0, BufferError),
        (b"read-only", 0, BufferError),
        ("no buffer", 0, TypeError),
    ],
)
def test_recv_into_checks_the_buffer_before_it_receives(zmq, pair, buffer, nbytes, error):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    push.send(b"kept")
    with pytest.raises(error):
        pull.recv_into(buffer, nbytes=nbytes)
    assert pull.recv() == b"kept"


def test_text_json_and_objects_go_through(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    push.send_string("häß", encoding="latin-1")
    assert pull.recv_string(encoding="latin-1") == "häß"
    push.send_json({"a": [1, None]}, sort_keys=True)
    assert pull.recv_json() == {"a": [1, None]}
    push.send_pyobj({1, 2})
    assert pull.recv_pyobj() == {1, 2}
    push.send_serialized({"x": b"1"}, lambda message: [key.encode() + value for key, value in message.items()])
    assert pull.recv_serialized(lambda parts: [part.decode() for part in parts]) == ["x1"]
    push.send_unicode("ü")
    assert pull.recv_unicode() == "ü"
    with pytest.raises(TypeError):
        push.send_string(b"bytes")


def test_a_socket_can_be_iterated_over_until_it_is_closed(ours, pair):
    push, pull = pair(ours.PUSH, ours.PULL)
    push.send(b"single")
    push.send_multipart([b"two", b"parts"])
    received = []
    for message in pull:
        received.append(message)
        if len(received) == 2:
            pull.close()
    assert received == [[b"single"], [b"two", b"parts"]]


def test_iteration_ends_with_the_context_and_says_when_time_is_up(ours, pair, context):
    _, pull = pair(ours.PUSH, ours.PULL)
    pull.rcvtimeo = 1
    with pytest.raises(ours.Again):
        next(iter(pull))
    context._core.shutdown()
    assert list(pull) == []


@pytest.mark.parametrize("timeout", [0, 20])
def test_a_reply_is_received_to_its_last_part_before_there_is_room_for_a_request(zmq, pair, timeout):
    rep, req = pair(zmq.REP, zmq.REQ)
    req.send(b"request")
    rep.recv()
    rep.send_multipart([b"two", b"parts"])
    assert req.recv() == b"two"
    assert req.poll(timeout, zmq.POLLOUT) == 0
    assert req.poll(timeout, zmq.POLLIN | zmq.POLLOUT) == zmq.POLLIN
    assert req.recv() == b"parts"
    assert req.poll(timeout, zmq.POLLOUT) == zmq.POLLOUT


def test_a_relaxed_request_leaves_the_rest_of_a_reply(zmq, pair):
    rep, req = pair(zmq.REP, zmq.REQ)
    req.req_relaxed = req.req_correlate = 1
    req.send(b"request")
    rep.recv()
    rep.send_multipart([b"two", b"parts"])
    assert req.recv() == b"two"
    assert req.poll(0, zmq.POLLOUT) == zmq.POLLOUT
    req.send(b"another")
    assert rep.recv() == b"another"
    rep.send(b"reply")
    assert req.recv() == b"reply"
