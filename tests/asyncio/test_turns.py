"""Whose turn it is: however busy a socket is, other tasks have theirs, and those who share it keep their order."""

import asyncio

import pytest

import purezmq as zmq
from purezmq.api.async_express import AT_ONCE, SENDERS
from tests.helpers.awaiting import run, turns


@pytest.mark.parametrize("left", range(20))
def test_a_task_that_is_paused_is_not_overtaken(pairs, left):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        served = []

        async def serve(name):
            message = await pull.recv()
            served.append((name, message))

        tasks = [asyncio.create_task(serve(b"%d" % name)) for name in range(20)]
        pull.recv().cancel()
        pull._turn.limit = pull._turn.done + left
        for number in range(20):
            await push.send(b"%d" % number)
        await asyncio.gather(*tasks)
        assert served == [(b"%d" % number, b"%d" % number) for number in range(20)]

    run(main())


def test_a_task_that_is_paused_is_not_overtaken_when_something_changes(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        served = []

        async def serve(name):
            message = await pull.recv()
            served.append((name, message))

        for number in range(3):
            await push.send(b"%d" % number)
        assert await pull.recv() == b"0"
        await turns()
        pull._turn.limit = pull._turn.done
        first = asyncio.create_task(serve("first"))
        pull._watch.set()
        second = asyncio.create_task(serve("second"))
        await asyncio.gather(first, second)
        assert served == [("first", b"1"), ("second", b"2")]

    run(main())


def test_a_message_of_a_task_that_is_paused_and_cancelled_goes_to_the_next(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        for number in range(2):
            await push.send(b"%d" % number)
        assert await pull.poll()
        await turns()
        pull._turn.limit = pull._turn.done

        async def receive():
            return await pull.recv()

        paused = asyncio.create_task(receive())
        await turns(1)
        assert not paused.done()
        paused.cancel()
        with pytest.raises(asyncio.CancelledError):
            await paused
        assert [await pull.recv() for _ in range(2)] == [b"0", b"1"]

    run(main())


def test_many_receive_what_is_there(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport, hwm=0)
        for number in range(3000):
            await push.send(b"%d" % number)

        async def receive():
            return [await pull.recv() for _ in range(600)]

        received = await asyncio.gather(*(receive() for _ in range(5)))
        assert sorted(int(message) for messages in received for message in messages) == list(range(3000))

    run(main())


@pytest.mark.parametrize("count", [1, 100, 1000])
@pytest.mark.parametrize("kind", ["send", "recv"])
def test_many_busy_tasks_leave_others_their_turn(pairs, kind, count):
    total = 30_000
    done, most = 0, 0

    async def work(operation):
        nonlocal done
        while done < total:
            done += 1
            await operation()

    async def main():
        nonlocal most
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, hwm=0)
        if kind == "recv":
            for _ in range(total + count):
                await push.send(b"x")
        operation = pull.recv if kind == "recv" else lambda: push.send(b"x")
        tasks = [asyncio.create_task(work(operation)) for _ in range(count)]
        while done < total:
            before = done
            await asyncio.sleep(0)
            most = max(most, done - before)
        await asyncio.gather(*tasks)

    run(main())
    assert most <= SENDERS * AT_ONCE + 2 * count
