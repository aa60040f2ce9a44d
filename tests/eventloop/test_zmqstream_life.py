import asyncio
import logging
import threading

import pytest
from tornado.ioloop import IOLoop
from tornado.log import gen_log

from tests.eventloop.helpers import Inbox, until
from tests.helpers.resources import held
from tests.helpers.waiting import eventually

MESSAGES = 1000


# callbacks


def test_callbacks_may_be_coroutines(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        received = asyncio.get_running_loop().create_future()

        async def receive(message):
            await asyncio.sleep(0)
            received.set_result(message)

        stream = stream_of(pull)
        stream.on_recv(receive)
        push.send(b"x")
        assert await received == [b"x"]
        stream.close()


def test_errors_of_coroutines_are_logged(zmq, stream_of, pair, in_loop, caplog):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    async def fail(_):
        raise ZeroDivisionError("on purpose")

    @in_loop
    async def main():
        stream = stream_of(pull)
        stream.on_recv(fail)
        push.send(b"x")
        await until(lambda: caplog.records)
        stream.close()

    [record] = caplog.records
    assert (record.name, record.levelno) == (gen_log.name, logging.ERROR)
    assert "Uncaught exception" in record.message
    assert record.exc_info[0] is ZeroDivisionError


def test_errors_of_callbacks_are_logged_and_the_stream_goes_on(ours, stream_of, pair, in_loop, caplog):
    push, pull = pair(ours.PUSH, ours.PULL)

    @in_loop
    async def main():
        received = []

        def receive(message):
            received.append(message)
            if message == [b"bad"]:
                raise ZeroDivisionError("on purpose")

        push.send(b"bad")
        push.send(b"good")
        stream = stream_of(pull)
        stream.on_recv(receive)
        await until(lambda: len(received) == 2)
        stream.close()

    assert any("Uncaught exception in ZMQStream callback" in record.message for record in caplog.records)


@pytest.mark.parametrize("method", ["on_recv", "on_send"])
def test_callbacks_must_be_callable(zmq, stream_of, pair, method):
    stream = stream_of(pair(zmq.PUSH, zmq.PULL)[1], IOLoop(make_current=False))
    with pytest.raises(AssertionError):
        getattr(stream, method)(1)
    getattr(stream, method)(None)
    stream.close()
    stream.io_loop.close()


def test_the_callback_for_errors_is_a_thing_of_the_past(zmq, stream_of, pair, caplog):
    stream = stream_of(pair(zmq.PUSH, zmq.PULL)[1], IOLoop(make_current=False))
    stream.on_err(print)
    stream.stop_on_err()
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    stream.close()
    stream.io_loop.close()


# the end


def test_close_closes_the_socket_and_tells(zmq, stream_of, pair, in_loop):
    _, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        told = Inbox()
        stream = stream_of(pull)
        assert not stream.closed()
        stream.set_close_callback(told)
        stream.close()
        stream.close()
        assert told.calls == [()]
        assert stream.closed()
        assert stream.socket is None
        for call in (lambda: stream.on_recv(print), lambda: stream.send(b"x"), stream.flush):
            with pytest.raises(OSError):
                call()

    assert pull.closed


def test_a_socket_that_is_closed_elsewhere_closes_the_stream(zmq, stream_of, pair, in_loop):
    _, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        stream = stream_of(pull)
        pull.close()
        with pytest.warns(UserWarning, match="after closing socket"):
            assert stream.closed()


def test_the_loop_notices_that_the_socket_was_closed(ours, stream_of, pair, in_loop, caplog):
    push, pull = pair(ours.PUSH, ours.PULL)

    @in_loop
    async def main():
        stream = stream_of(pull)
        stream.on_recv(Inbox())
        closing = threading.Thread(target=pull.close)
        closing.start()
        with pytest.warns(UserWarning, match="after closing socket"):
            await until(lambda: stream._is_closed)
        closing.join()

    assert "closed socket" in caplog.text
    push.send(b"x", ours.DONTWAIT) if push.poll(0, ours.POLLOUT) else None


def test_the_loop_notices_that_the_context_was_terminated(ours, stream_of, in_loop, caplog):
    context = ours.Context()
    pull = context.socket(ours.PULL)

    @in_loop
    async def main():
        inbox = Inbox()
        stream = stream_of(pull)
        stream.on_recv(inbox)
        terminating = threading.Thread(target=context.term)
        terminating.start()
        await until(lambda: caplog.records)
        assert not stream.closed()
        stream.close()
        terminating.join()

    assert "terminated" in caplog.text


# loops and sockets


def test_a_loop_in_another_thread_serves_a_stream_made_here(zmq, stream_of, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    loop = IOLoop(make_current=False)
    inbox = Inbox()
    stream = stream_of(pull, loop)
    stream.on_recv(inbox)
    thread = threading.Thread(target=loop.start)
    thread.start()
    for number in range(MESSAGES):
        push.send(b"%d" % number)
    eventually(lambda: len(inbox.calls) == MESSAGES, "all have come")
    assert inbox.messages == [[b"%d" % number] for number in range(MESSAGES)]
    loop.add_callback(stream.close)
    loop.add_callback(loop.stop)
    thread.join()
    loop.close()


def test_a_loop_that_is_closed_with_all_it_watches_closes_the_socket(zmq, stream_of, pair):
    _, pull = pair(zmq.PUSH, zmq.PULL)
    loop = IOLoop(make_current=False)
    stream = stream_of(pull, loop)
    loop.close(all_fds=True)
    assert pull.closed
    assert stream.socket is pull


def test_a_loop_that_is_closed_holds_nothing(ours, stream_of, context):
    before = held().descriptors
    loop = IOLoop(make_current=False)
    stream = stream_of(context.socket(ours.PULL), loop)
    loop.close()
    stream.socket.close()
    eventually(lambda: held().descriptors == before, "all descriptors are given back")
    with pytest.warns(UserWarning, match="after closing socket"):
        stream.close()


@pytest.mark.filterwarnings("ignore:Unclosed socket:ResourceWarning")
def test_a_stream_that_is_dropped_goes_with_its_loop(ours, stream_of, context):
    before = held().descriptors
    loop = IOLoop(make_current=False)
    stream = stream_of(context.socket(ours.PULL), loop)
    loop.close()
    del stream
    eventually(lambda: held().descriptors == before, "all descriptors are given back")


def test_an_asyncio_socket_is_taken_as_a_plain_one(zmq, stream_of, in_loop):
    context = zmq.Context()

    @in_loop
    async def main():
        with context.socket(zmq.PULL, socket_class=zmq.asyncio.Socket) as socket:
            with pytest.warns(RuntimeWarning, match="Socket"):
                stream = stream_of(socket)
            assert type(stream.socket) is zmq.Socket
            assert stream.socket.underlying == socket.underlying
            stream.close()

    context.term()


def test_a_closed_socket_is_refused(ours, stream_of, context):
    pull = context.socket(ours.PULL)
    pull.close()
    with pytest.raises(ours.ZMQError) as refused:
        stream_of(pull, IOLoop(make_current=False))
    assert refused.value.errno == ours.ENOTSOCK


def test_a_second_stream_for_a_socket_is_refused(zmq, stream_of, pair, in_loop):
    push, pull = pair(zmq.PUSH, zmq.PULL)

    @in_loop
    async def main():
        inbox = Inbox()
        stream = stream_of(pull)
        with pytest.raises(ValueError, match="twice"):
            stream_of(pull)
        stream.on_recv(inbox)
        push.send(b"x")
        assert await inbox.until(1) == [[b"x"]]
        stream.close()


def test_a_stream_that_was_refused_holds_nothing(ours, stream_of, context, in_loop):
    @in_loop
    async def main():
        before = held().descriptors
        stream = stream_of(context.socket(ours.PULL))
        with pytest.raises(ValueError, match="twice"):
            stream_of(stream.socket)
        stream.close()
        assert held().descriptors == before


def test_methods_of_the_socket_are_the_streams_too(zmq, stream_of, context, in_loop):
    pull = context.socket(zmq.PULL)

    @in_loop
    async def main():
        stream = stream_of(pull)
        assert stream.socket is pull
        assert isinstance(stream.poller, zmq.Poller)
        assert stream.io_loop is IOLoop.current()
        port = stream.bind_to_random_port("tcp://127.0.0.1")
        stream.connect(f"tcp://127.0.0.1:{port}")
        stream.bind("inproc://stream")
        stream.setsockopt(zmq.LINGER, 5)
        assert stream.getsockopt(zmq.LINGER) == 5
        stream.setsockopt_string(zmq.ROUTING_ID, "é")
        assert stream.getsockopt_string(zmq.ROUTING_ID) == "é"
        stream.setsockopt_unicode(zmq.ROUTING_ID, "è")
        assert stream.getsockopt_unicode(zmq.ROUTING_ID) == "è"
        stream.close()
