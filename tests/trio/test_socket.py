"""Sending and receiving in trio: order, what is done at once, timeouts, fairness, and what happens at the end."""

import pytest
import trio
from trio.lowlevel import checkpoint
from trio.testing import wait_all_tasks_blocked

import purezmq as zmq
from purezmq.api.trio_socket import AT_ONCE
from purezmq.trio import Context
from tests.helpers.waiting import TIMEOUT


def numbered(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


async def send_all(push, messages) -> None:
    for message in messages:
        await push.send(message)


async def receive(pull, count: int) -> list[bytes]:
    return [await pull.recv() for _ in range(count)]


def test_messages_arrive_in_order(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(send_all, push, numbered(5000))
            assert await receive(pull, 5000) == numbered(5000)

    run(main)


def test_requests_are_answered(run, pairs, transport):
    async def main():
        rep, req = pairs.make(zmq.REP, zmq.REQ, transport)

        async def serve():
            async for message in rep:
                await rep.send_multipart([*message, b"!"])

        async with trio.open_nursery() as nursery:
            nursery.start_soon(serve)
            for number in range(200):
                await req.send_multipart([b"a", b"%d" % number])
                assert await req.recv_multipart() == [b"a", b"%d" % number, b"!"]
            nursery.cancel_scope.cancel()

    run(main)


def test_those_who_wait_are_served_in_order(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport)
        served = []

        async def wait(number):
            served.append((number, await pull.recv()))

        async with trio.open_nursery() as nursery:
            for number in range(100):
                nursery.start_soon(wait, number)
                await wait_all_tasks_blocked()
            await send_all(push, numbered(100))
        assert sorted(served) == list(enumerate(numbered(100)))

    run(main)


def test_who_comes_later_does_not_overtake(run, pairs):
    async def main():
        pull, push = pairs.pipeline()
        served = []

        async def wait():
            served.append(await pull.recv())

        async with trio.open_nursery() as nursery:
            nursery.start_soon(wait)
            await wait_all_tasks_blocked()
            await send_all(push, [b"first", b"second"])  # at once: nobody else has had a turn
            assert await pull.recv() == b"second"
        assert served == [b"first"]

    run(main)


def test_senders_and_receivers_wait_on_one_socket(run, pairs, transport):
    async def main():
        ends = pairs.make(zmq.PAIR, zmq.PAIR, transport, sndhwm=5, rcvhwm=5)
        received = []

        async def take(end):
            received.append(await receive(end, 500))

        async with trio.open_nursery() as nursery:
            for end in ends:
                nursery.start_soon(take, end)
                nursery.start_soon(send_all, end, numbered(500))
        assert received == [numbered(500)] * 2

    run(main)


def test_a_send_waits_for_room_in_its_turn(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport, sndhwm=5, rcvhwm=5, sndbuf=4096, rcvbuf=4096)
        large = bytes(10_000)
        async with trio.open_nursery() as nursery:
            for number in numbered(50):
                nursery.start_soon(push.send, number + b" " + large)
                await checkpoint()
            await wait_all_tasks_blocked(0.01)
            assert nursery.child_tasks
            assert [(await pull.recv()).split()[0] for _ in range(50)] == numbered(50)

    run(main)


# checkpoints


@pytest.mark.parametrize("method", ["recv", "recv_multipart", "recv_string", "poll"])
def test_a_cancelled_task_receives_nothing(run, pairs, method):
    async def main():
        pull, push = pairs.pipeline()
        await push.send(b"a")
        with trio.CancelScope() as scope:
            scope.cancel()
            await getattr(pull, method)()
        assert scope.cancelled_caught
        assert await pull.recv() == b"a"

    run(main)


def test_a_cancelled_task_sends_nothing(run, pairs):
    async def main():
        pull, push = pairs.pipeline()
        for operation in (push.send, push.send_string, push.send_json, push.send_pyobj, push.send_multipart):
            with trio.CancelScope() as scope:
                scope.cancel()
                await operation("a" if operation != push.send_multipart else [b"a"])
            assert scope.cancelled_caught
        assert not await pull.poll(0)

    run(main)


def test_a_busy_socket_lets_other_tasks_have_their_turn(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport)
        count, ticks = 5000, 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await checkpoint()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(tick)
            for _ in range(count // 100):
                await send_all(push, [b"x"] * 100)
                await receive(pull, 100)
            nursery.cancel_scope.cancel()
        assert ticks >= 2 * count // AT_ONCE

    run(main)


@pytest.mark.parametrize("operation", ["recv", "send", "poll"])
def test_what_fails_at_once_lets_others_have_their_turn(run, pairs, operation):
    async def main():
        socket = pairs.socket(zmq.PAIR)
        attempts = 0
        with trio.move_on_after(0.01):  # which is over only if the loop turns
            while True:
                attempts += 1
                if operation == "poll":
                    assert not await socket.poll(0)
                    continue
                with pytest.raises(zmq.Again):
                    await (socket.recv(zmq.DONTWAIT) if operation == "recv" else socket.send(b"", zmq.DONTWAIT))
        assert attempts

    run(main)


# timeouts


@pytest.mark.parametrize("option", ["rcvtimeo", "sndtimeo"])
@pytest.mark.parametrize("milliseconds", [0, 10])
def test_timeouts_are_those_of_the_options(run, pairs, option, milliseconds):
    async def main():
        pair = pairs.socket(zmq.PAIR)
        setattr(pair, option, milliseconds)
        with pytest.raises(zmq.Again):
            await (pair.recv() if option == "rcvtimeo" else pair.send(b"a"))

    run(main)


def test_dontwait_fails_at_once(run, pairs):
    async def main():
        pull, push = pairs.pipeline()
        with pytest.raises(zmq.Again):
            await pull.recv(zmq.DONTWAIT)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(pull.recv)
            await wait_all_tasks_blocked()
            await push.send(b"a")
            with pytest.raises(zmq.Again):  # even though it is there: who waits comes first
                await pull.recv(zmq.DONTWAIT)

    run(main)


# kinds of messages


def test_text_json_objects_and_more(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport)
        await push.send_string("ä")
        assert await pull.recv_string() == "ä"
        await push.send_json({"a": 1})
        assert await pull.recv_json() == {"a": 1}
        await push.send_pyobj({1, 2})
        assert await pull.recv_pyobj() == {1, 2}
        await push.send_serialized([1, 2], lambda numbers: [b"%d" % number for number in numbers])
        assert await pull.recv_serialized(lambda parts: [int(part) for part in parts]) == [1, 2]
        await push.send_json(1)
        with pytest.raises(TypeError, match="object_hooks"):
            await pull.recv_json(object_hooks=())

    run(main)


def test_parts_are_sent_and_received_one_by_one(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport)
        for _ in range(2):
            await push.send(b"a", zmq.SNDMORE)
            await push.send(b"b", zmq.SNDMORE)
            await push.send(b"c")
        assert await pull.recv() == b"a"
        assert pull.rcvmore
        assert await pull.recv_multipart() == [b"b", b"c"]
        assert await receive(pull, 3) == [b"a", b"b", b"c"]

    run(main)


def test_frames_are_received_and_sent(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport)
        tracker = await push.send(zmq.Frame(b"a" * 100_000, copy=False, track=True), copy=False, track=True)
        frame = await pull.recv(copy=False)
        assert frame.bytes == b"a" * 100_000
        del frame
        await trio.to_thread.run_sync(tracker.wait, TIMEOUT)
        await push.send_multipart([b"a", b"b"])
        first, second = await pull.recv_multipart(copy=False)
        assert (first.bytes, first.more, second.bytes, second.more) == (b"a", True, b"b", False)

    run(main)


def test_receiving_into_memory(run, pairs):
    async def main():
        pull, push = pairs.pipeline()
        await push.send(b"abcdef")
        buffer = bytearray(4)
        assert await pull.recv_into(buffer) == 6
        assert buffer == b"abcd"
        with pytest.raises(BufferError):
            await pull.recv_into(b"read-only")

    run(main)


def test_errors_are_those_of_blocking_sockets(run, pairs):
    async def main():
        pull, push = pairs.pipeline()
        for operation in (pull.send(b"a"), push.recv()):
            with pytest.raises(zmq.ZMQError) as error:
                await operation
            assert error.value.errno == zmq.ENOTSUP
        with pytest.raises(TypeError):
            await push.send("text")
        with pytest.raises(TypeError):
            await push.send_multipart([b"a", 1])

    run(main)


# the end


def test_iterating_ends_with_the_socket(run, pairs):
    async def main():
        pull, push = pairs.pipeline()
        got = []

        async def read():
            got.extend([message async for message in pull])

        async with trio.open_nursery() as nursery:
            nursery.start_soon(read)
            await send_all(push, [b"a", b"b"])
            await wait_all_tasks_blocked()
            pull.close()
        assert got == [[b"a"], [b"b"]]

    run(main)


def test_leaving_an_iteration_leaves_the_rest(run, pairs):
    async def main():
        pull, push = pairs.pipeline()
        await send_all(push, numbered(3))
        async for message in pull:
            assert message == [b"0"]
            break
        assert await receive(pull, 2) == [b"1", b"2"]

    run(main)


@pytest.mark.parametrize("from_elsewhere", [False, True])
def test_close_ends_all_who_wait(run, pairs, transport, from_elsewhere):
    async def main():
        end, _ = pairs.make(zmq.PAIR, zmq.PAIR, transport)
        unconnected = pairs.socket(zmq.PUSH)
        errors = []

        async def wait(operation, *args):
            with pytest.raises(zmq.ZMQError) as error:
                await operation(*args)
            errors.append(error.value.errno)

        async with trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(wait, end.recv)
                nursery.start_soon(wait, end.poll)
                nursery.start_soon(wait, unconnected.send, b"a")
            await wait_all_tasks_blocked()
            for socket in (end, unconnected):
                if from_elsewhere:
                    await trio.to_thread.run_sync(socket.close)
                else:
                    socket.close()
        assert errors == [zmq.ENOTSOCK] * 9
        with pytest.raises(zmq.ZMQError) as error:
            await end.recv()
        assert error.value.errno == zmq.ENOTSOCK

    run(main)


def test_the_end_of_the_context_reaches_who_waits(run, pairs):
    async def main():
        pull, _ = pairs.pipeline()
        async with trio.open_nursery() as nursery:

            async def wait():
                with pytest.raises(zmq.ContextTerminated):
                    await pull.recv()
                pairs.context.destroy(linger=0)

            nursery.start_soon(wait)
            await wait_all_tasks_blocked()
            await trio.to_thread.run_sync(pairs.context.term)

    run(main)


def test_async_with_closes_and_terminates(run):
    async def main():
        async with Context() as context:
            async with context.socket(zmq.PULL) as pull:
                pull.bind("inproc://a")
            assert pull.closed
        assert context.closed

    run(main)


def test_async_with_warns_of_what_was_left_open():
    async def main():
        async with Context() as context:
            socket = context.socket(zmq.PULL)
        assert socket.closed

    with pytest.warns(ResourceWarning, match="unclosed socket"):
        trio.run(main)


def test_leaving_a_context_can_be_cancelled_and_what_was_sent_is_delivered_all_the_same(run):
    with zmq.Context() as elsewhere, elsewhere.socket(zmq.PULL) as pull:
        pull.rcvtimeo = 10_000
        pull.bind("tcp://127.0.0.1:*")
        endpoint = pull.last_endpoint
        pull.unbind(endpoint)

        async def main():
            with trio.move_on_after(0.05) as scope:
                async with Context() as context, context.socket(zmq.PUSH) as push:
                    push.connect(endpoint)
                    await push.send(b"late")
            assert scope.cancelled_caught
            assert push.closed

        run(main)
        pull.bind(endpoint)
        assert pull.recv() == b"late"
