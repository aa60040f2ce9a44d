import asyncio
import logging
import time

import pytest
from tornado.ioloop import IOLoop

from tests.eventloop.helpers import Inbox, until
from tests.helpers.waiting import eventually

MESSAGES = 1000

# receive


def test_messages_come_to_the_callback(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        inbox = Inbox()
        push.send(b"before")
        stream = stream_of(pull)
        assert not stream.receiving()
        stream.on_recv(inbox)
        assert stream.receiving()
        push.send_multipart([b"in", b"parts"])
        assert await inbox.until(2) == [[b"before"], [b"in", b"parts"]]
        push.send(b"later")
        assert (await inbox.until(3))[2] == [b"later"]
        stream.close()


def test_messages_come_as_frames_when_they_are_not_copied(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        inbox = Inbox()
        stream = stream_of(pull)
        stream.on_recv(inbox, copy=False)
        push.send_multipart([b"a", b"b"])
        [frames] = await inbox.until(1)
        assert [type(frame) for frame in frames] == [zmq.Frame, zmq.Frame]
        assert [frame.bytes for frame in frames] == [b"a", b"b"]
        stream.close()


def test_a_callback_may_be_given_the_stream(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        inbox = Inbox()
        stream = stream_of(pull)
        stream.on_recv_stream(inbox)
        push.send(b"x")
        await inbox.until(1)
        assert inbox.calls == [(stream, [b"x"])]
        stream.on_recv_stream(None)
        assert not stream.receiving()
        stream.close()


def test_without_a_callback_messages_wait(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        first, second = Inbox(), Inbox()
        stream = stream_of(pull)
        stream.on_recv(first)
        push.send(b"a")
        await first.until(1)
        stream.stop_on_recv()
        push.send(b"b")
        await asyncio.sleep(0.02)
        stream.on_recv(second)
        assert await second.until(1) == [[b"b"]]
        assert first.messages == [[b"a"]]
        stream.close()


def test_a_callback_may_take_its_own_place(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        inbox, seen = Inbox(), []
        stream = stream_of(pull)

        def once(message):
            seen.append(message)
            stream.on_recv(inbox)

        stream.on_recv(once)
        push.send(b"a")
        push.send(b"b")
        assert await inbox.until(1) == [[b"b"]]
        assert seen == [[b"a"]]
        stream.close()


def test_the_loop_sleeps_while_messages_wait(ours, stream_of, pair, in_loop):
    first, second = pair(ours.DEALER, ours.DEALER, sndhwm=1, rcvhwm=1)

    @in_loop
    async def main():
        stream = stream_of(first)
        second.send(b"nobody reads this")
        await until(lambda: first.events & ours.POLLIN)
        while first.events & ours.POLLOUT:
            first.send(b"x" * 100_000)
        stream.send(b"there is no room for this")
        used = 1.0
        while used > 0.05:
            before = time.process_time()
            await asyncio.sleep(0.2)
            used = time.process_time() - before
        assert stream.sending()
        inbox = Inbox()
        stream.on_recv(inbox)
        assert await inbox.until(1) == [[b"nobody reads this"]]
        stream.close()


# send


def test_messages_go_out_in_order(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        inbox = Inbox()
        sender, receiver = stream_of(push), stream_of(pull)
        receiver.on_recv(inbox)
        for number in range(MESSAGES):
            sender.send(b"%d" % number)
        assert sender.sending()
        assert await inbox.until(MESSAGES) == [[b"%d" % number] for number in range(MESSAGES)]
        assert not sender.sending()
        sender.close()
        receiver.close()


def test_messages_wait_for_a_peer(zmq, stream_of, context, in_loop):
    push = context.socket(zmq.PUSH)
    push.bind("inproc://late")

    @in_loop
    async def main():
        inbox = Inbox()
        sender = stream_of(push)
        sender.on_send(inbox)
        sender.send(b"x")
        await asyncio.sleep(0.01)
        assert sender.sending()
        with context.socket(zmq.PULL) as pull:
            pull.connect("inproc://late")
            assert await inbox.until(1) == [[b"x"]]
            assert pull.recv() == b"x"
        sender.close()


KINDS = {
    "text": (lambda stream: stream.send_string("é"), "é".encode()),
    "text in another encoding": (lambda stream: stream.send_string("é", encoding="latin-1"), b"\xe9"),
    "unicode": (lambda stream: stream.send_unicode("é"), "é".encode()),
    "json": (lambda stream: stream.send_json({"a": 1}), b'{"a": 1}'),
    "a buffer": (lambda stream: stream.send(bytearray(b"x")), b"x"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_messages_of_all_kinds_are_sent(zmq, stream_of, pair, in_loop, kind):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    send, expected = KINDS[kind]

    @in_loop
    async def main():
        inbox = Inbox()
        sender, receiver = stream_of(push), stream_of(pull)
        receiver.on_recv(inbox)
        send(sender)
        [[received]] = await inbox.until(1)
        assert received.replace(b" ", b"") == expected.replace(b" ", b"")
        sender.close()
        receiver.close()


def test_objects_are_pickled(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        inbox = Inbox()
        sender = stream_of(push)
        sender.send_pyobj({"a": [1]}, callback=inbox)
        await inbox.until(1)
        assert pull.recv_pyobj() == {"a": [1]}
        sender.close()


def test_text_must_be_text(zmq, stream_of, pair):
    stream = stream_of(pair(zmq.PUSH, zmq.PULL)[0], IOLoop(make_current=False))
    with pytest.raises(TypeError):
        stream.send_string(b"octets")
    stream.close()
    stream.io_loop.close()


def test_callbacks_are_told_what_was_sent(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        standing, passing, with_stream = Inbox(), Inbox(), Inbox()
        stream = stream_of(push)
        stream.on_send(standing)
        stream.send_multipart([b"a", b"b"])
        await standing.until(1)
        assert standing.calls == [([b"a", b"b"], None)]
        stream.send(b"c", callback=passing, copy=False, track=True)
        await passing.until(1)
        [([message], tracker)] = passing.calls
        assert message == b"c"
        assert isinstance(tracker, zmq.MessageTracker)
        stream.on_send_stream(with_stream)
        stream.send(b"d")
        await with_stream.until(1)
        assert with_stream.calls == [(stream, [b"d"], None)]
        stream.stop_on_send()
        stream.send(b"e")
        stream.on_send_stream(None)
        await until(lambda: not stream.sending())
        assert [pull.recv() for _ in range(5)] == [b"a", b"b", b"c", b"d", b"e"]
        assert len(standing.calls) == len(passing.calls) == len(with_stream.calls) == 1
        stream.close()


def test_the_callback_is_told_of_an_error(zmq, stream_of, pair, in_loop, caplog):
    router, _ = pair(zmq.ROUTER, zmq.DEALER)
    router.router_mandatory = 1

    @in_loop
    async def main():
        inbox = Inbox()
        stream = stream_of(router)
        stream.send_multipart([b"nobody", b"x"], callback=inbox)
        await inbox.until(1)
        [(message, error)] = inbox.calls
        assert message == [b"nobody", b"x"]
        assert error.errno == zmq.EHOSTUNREACH
        assert not stream.sending()
        stream.close()

    assert [record.levelno for record in caplog.records] == [logging.ERROR]


# flush


def test_flush_sends_and_receives_without_the_loop(zmq, stream_of, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    loop = IOLoop(make_current=False)
    inbox, sent = Inbox(), Inbox()
    sender, receiver = stream_of(push, loop), stream_of(pull, loop)
    receiver.on_recv(inbox)
    for number in range(10):
        sender.send(b"%d" % number, callback=sent)
    eventually(lambda: push.poll(0, zmq.POLLOUT), "the peer is there")
    assert sender.flush(zmq.POLLIN) == 0
    assert sender.flush(limit=3) == 3
    assert sent.messages == [[b"0"], [b"1"], [b"2"]]
    assert sender.flush() == 7
    assert sender.flush() == 0
    received = 0
    while received < 10:
        received += receiver.flush()
    assert inbox.messages == [[b"%d" % number] for number in range(10)]
    for stream in (sender, receiver):
        stream.close()
    loop.close()


def test_flush_throws_away_what_nobody_wants(zmq, stream_of, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    loop = IOLoop(make_current=False)
    receiver = stream_of(pull, loop)
    push.send(b"a")
    push.send(b"b")
    assert pull.poll(10_000)
    thrown = 0
    while thrown < 2:
        thrown += receiver.flush(zmq.POLLIN)
    assert not pull.poll(0)
    receiver.close()
    loop.close()


def test_after_a_flush_others_get_their_turn(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        inbox = Inbox()
        stream = stream_of(pull)
        for number in range(10):
            push.send(b"%d" % number)
        await until(lambda: pull.poll(0))
        stream.on_recv(inbox)
        flushed = stream.flush(limit=2)
        assert 1 <= flushed <= 2
        assert len(inbox.calls) == flushed
        assert await inbox.until(10) == [[b"%d" % number] for number in range(10)]
        stream.close()


def test_a_callback_may_flush(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        received = []
        stream = stream_of(pull)

        def receive(message):
            received.append(message)
            stream.flush()

        for number in range(10):
            push.send(b"%d" % number)
        stream.on_recv(receive)
        await until(lambda: len(received) == 10)
        assert sorted(received) == [[b"%d" % number] for number in range(10)]
        stream.close()


def test_a_callback_may_close_the_stream(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        closed = asyncio.get_running_loop().create_future()
        stream = stream_of(pull)
        stream.set_close_callback(lambda: closed.set_result(True))
        stream.on_recv(lambda _: stream.close())
        push.send(b"x")
        push.send(b"y")
        await closed
        assert stream.closed()


def test_a_callback_may_close_the_stream_in_a_flush(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        stream = stream_of(pull)
        push.send(b"x")
        push.send(b"y")
        assert pull.poll()
        stream.on_recv(lambda _: stream.close())
        assert stream.flush() == 1
        assert stream.closed()
        await asyncio.sleep(0)
