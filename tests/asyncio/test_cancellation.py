"""Whatever is cancelled, and however: each message arrives once, in its turn, and nothing is kept of what is over."""

import asyncio
import random

import pytest

import purezmq as zmq
from tests.helpers import resources
from tests.helpers.awaiting import run, turns

TOTAL = 400
MOMENT = 0.0015
"""The longest time, in seconds, after which a receive is cancelled; uvloop's timers count milliseconds."""

MANY = 100_000
"""Receives that are cancelled; `make soak` cancels ten times as many."""


async def receive(pull):
    return await pull.recv()


async def by_timeout(pull, within):
    async with asyncio.timeout(within):
        return [await pull.recv()]


async def by_wait_for(pull, within):
    return [await asyncio.wait_for(receive(pull), within)]


async def by_wait_for_of_the_future(pull, within):
    return [await asyncio.wait_for(pull.recv(), within)]


async def by_cancelling_a_task(pull, within):
    task = asyncio.create_task(receive(pull))
    await asyncio.sleep(within)
    task.cancel()
    return [await task]


async def by_a_task_group_that_fails(pull, within):
    got = []

    async def take():
        got.append(await pull.recv())

    async def fail():
        await asyncio.sleep(within)
        raise TimeoutError

    try:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(3):
                tasks.create_task(take())
            tasks.create_task(fail())
    except* TimeoutError:
        pass
    return got


async def by_cancelling_a_gather(pull, within):
    got = []

    async def take():
        got.append(await pull.recv())

    try:
        async with asyncio.timeout(within):
            await asyncio.gather(take(), take(), take())
    except TimeoutError:
        await turns(1)  # the three learn of it in the next turn
    return got


async def by_cancelling_the_futures(pull, within):
    got = []
    await asyncio.sleep(within)
    for _ in range(5):
        future = pull.recv()
        if future.done() and random.random() < 0.5:
            got.append(future.result())
        else:
            future.cancel()
    return got


WAYS = [
    by_timeout,
    by_wait_for,
    by_wait_for_of_the_future,
    by_cancelling_a_task,
    by_a_task_group_that_fails,
    by_cancelling_a_gather,
    by_cancelling_the_futures,
]


def numbers(count):
    return [b"%d" % number for number in range(count)]


async def send_in_bursts(push, rng):
    for message in numbers(TOTAL):
        await push.send(message)
        if rng.random() < 0.2:
            await asyncio.sleep(rng.choice([0, 0, rng.uniform(0, MOMENT)]))


@pytest.mark.parametrize("ways", [*([way] for way in WAYS), WAYS], ids=[*(way.__name__ for way in WAYS), "by all"])
def test_each_message_arrives_once_and_in_order(pairs, transport, ways):
    rng = random.Random(len(ways))

    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        got = []
        sending = asyncio.create_task(send_in_bursts(push, rng))
        while len(got) < TOTAL:
            try:
                came = await rng.choice(ways)(pull, rng.choice([0, 0, rng.uniform(0, MOMENT)]))
            except (TimeoutError, asyncio.CancelledError):
                came = []
            got += came or ([await pull.recv()] if sending.done() else [])
        assert got == numbers(TOTAL)
        assert not await pull.poll(1)
        await sending

    run(main())


def test_messages_of_several_receivers_that_are_cancelled_in_one_turn_come_back_in_order(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        tasks = [asyncio.create_task(receive(pull)) for _ in range(4)]
        await turns()
        for number in range(4):
            await push.send_multipart([b"%d" % number, b"and"])
        await turns(1)
        for task in tasks:
            task.cancel()
        got = [outcome for outcome in await asyncio.gather(*tasks, return_exceptions=True) if type(outcome) is bytes]
        rest = [await pull.recv_multipart() for _ in range(4 - len(got))]
        assert [[first, b"and"] for first in got] + rest == [[b"%d" % number, b"and"] for number in range(4)]

    run(main())


@pytest.mark.parametrize("count", [2, 5])
@pytest.mark.parametrize("parts", [1, 3])
def test_a_cancelled_gather_gives_all_back_in_order(pairs, count, parts):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        messages = [[b"%d" % number] * parts for number in range(count)]
        for message in messages:
            await push.send_multipart(message)
        task = asyncio.create_task(gathered(pull, count))
        await turns(1)
        task.cancel()
        try:
            got = await task
        except asyncio.CancelledError:
            got = []
        got += [await pull.recv_multipart() for _ in range(count - len(got))]
        assert got == messages
        assert not await pull.poll(1)

    async def gathered(pull, count):
        return await asyncio.gather(*(pull.recv_multipart() for _ in range(count)))

    run(main())


def test_a_message_of_several_parts_stays_together_when_its_receiver_is_cancelled(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        messages = [[b"%d" % number, b"", b"tail"] for number in range(500)]

        async def send():
            for message in messages:
                await push.send_multipart(message)
                await asyncio.sleep(0)

        sending = asyncio.create_task(send())
        got = []
        while len(got) < len(messages):
            task = asyncio.create_task(parts_of_a_message(pull))
            await turns(len(got) % 3)
            if not sending.done():
                task.cancel()
            try:
                got.append(await task)
            except asyncio.CancelledError:
                continue
        await sending
        assert got == messages

    async def parts_of_a_message(pull):
        return await pull.recv_multipart()

    run(main())


def test_a_cancelled_send_is_made_as_a_whole_or_not_at_all(pairs, transport):
    rng = random.Random(7)

    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport, sndhwm=3, rcvhwm=3)
        made = []

        async def send():
            for number in range(1000):
                message = [b"%d" % number, b"tail"]
                task = asyncio.create_task(sent(push, message))
                await turns(rng.randrange(3))
                task.cancel()
                try:
                    await task
                except asyncio.CancelledError:
                    continue
                made.append(message)
            await push.send_multipart([b"last"])

        sending = asyncio.create_task(send())
        got = []
        while (message := await pull.recv_multipart()) != [b"last"]:
            got.append(message)
            if rng.random() < 0.3:
                await asyncio.sleep(0)
        await sending
        arrived = {first for first, _ in got}
        assert got == sorted(got, key=lambda message: int(message[0]))
        assert {first for first, _ in made} <= arrived
        assert all(tail == b"tail" for _, tail in got)
        assert len(arrived) == len(got)

    async def sent(push, message):
        await push.send_multipart(message)

    run(main())


def test_cancelled_receives_take_no_memory(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)

        async def cancel(count):
            for _ in range(count):
                pull.recv().cancel()
            await turns()

        await cancel(MANY // 10)
        before = resources.held(), resources.memory()
        await cancel(MANY)
        after = resources.held(), resources.memory()
        assert after[0].ours <= before[0].ours + 10
        assert after[0].objects <= before[0].objects + 100
        assert after[1] <= before[1] + MANY * 4  # less than a pointer each
        await push.send(b"still alive")
        assert await pull.recv() == b"still alive"

    run(main())


def test_receives_that_time_out_take_no_memory(pairs):
    async def main():
        pull, _ = pairs.make(zmq.PULL, zmq.PUSH)
        pull.rcvtimeo = 0

        async def miss(count):
            for _ in range(count):
                with pytest.raises(zmq.Again):
                    await pull.recv()

        await miss(500)
        before = resources.held()
        await miss(2000)
        after = resources.held()
        assert after.ours <= before.ours + 10
        assert after.objects <= before.objects + 100

    run(main())


async def done_at_once(pull, push):
    await push.send(b"1")
    assert await pull.poll(1000)
    return pull.recv()


async def done_in_turn(pull, push):
    future = pull.recv()
    await push.send(b"1")
    await asyncio.wait([future])
    return future


@pytest.mark.parametrize("receive", [done_at_once, done_in_turn])
@pytest.mark.parametrize(
    "ask", [lambda future: future, asyncio.gather, asyncio.wait_for], ids=["", "gather", "wait_for"]
)
def test_a_message_that_was_given_back_is_not_had_as_well(pairs, transport, receive, ask):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        future = await receive(pull, push)
        assert future.done()
        assert future.cancel()
        assert future.cancelled()
        assert "cancelled" in repr(future)
        for get in (future.result, future.exception):
            with pytest.raises(asyncio.CancelledError):
                get()
        with pytest.raises(asyncio.CancelledError):
            await (ask(future, 1) if ask is asyncio.wait_for else ask(future))
        assert await pull.recv() == b"1"

    run(main())


@pytest.mark.parametrize("receive", [done_at_once, done_in_turn])
def test_a_message_that_was_had_is_not_given_back(pairs, transport, receive):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        future = await receive(pull, push)
        assert future.result() == b"1"
        assert not future.cancel()
        assert not future.cancelled()
        assert await future == b"1"
        assert not await pull.poll(1)

    run(main())


@pytest.mark.parametrize("parts", [[b"reply"], [b"a reply", b"of several", b"parts"]])
@pytest.mark.parametrize("one_by_one", [False, True])
def test_what_takes_turns_receives_again_what_was_given_back_before_it_sends(pairs, transport, parts, one_by_one):
    async def main():
        rep, req = pairs.make(zmq.REP, zmq.REQ, transport)
        await req.send(b"request")
        await rep.recv()
        await rep.send_multipart(parts)
        assert await req.poll()
        received = req.recv() if one_by_one else req.recv_multipart()
        assert received.done()
        assert received.cancel()
        assert await req.poll(0, zmq.POLLIN | zmq.POLLOUT) == zmq.POLLIN
        with pytest.raises(zmq.ZMQError) as refused:
            await req.send(b"another")
        assert refused.value.errno == zmq.EFSM
        assert await req.recv_multipart() == parts
        await req.send(b"another")
        assert await rep.recv() == b"another"

    run(main())


def test_a_reply_that_was_given_back_is_received_in_any_thread(pairs, transport):
    rep, req = pairs.make(zmq.REP, zmq.REQ, transport)

    async def give_back():
        await req.send(b"request")
        await rep.recv()
        await rep.send(b"reply")
        assert await req.poll()
        assert req.recv().cancel()

    async def receive():
        assert await req.poll(0, zmq.POLLIN | zmq.POLLOUT) == zmq.POLLIN
        assert await req.recv() == b"reply"
        await req.send(b"another")

    async def main():
        await give_back()
        await asyncio.to_thread(lambda: run(receive()))
        assert await rep.recv() == b"another"

    run(main())


@pytest.mark.parametrize("parts", [[b"late"], [b"late", b"reply"]])
def test_a_relaxed_request_leaves_a_reply_that_was_given_back(pairs, transport, parts):
    async def main():
        rep, req = pairs.make(zmq.REP, zmq.REQ, transport)
        req.req_relaxed = req.req_correlate = 1
        for answer in (parts, [b"in time"]):
            await req.send(b"request")
            await rep.recv()
            await rep.send_multipart(answer)
            assert await req.poll()
            received = req.recv_multipart()
            if answer is parts:
                assert received.cancel()
                assert await req.poll(0, zmq.POLLOUT) == zmq.POLLOUT
        assert await received == [b"in time"]

    run(main())


def test_what_is_given_back_again_and_again_is_still_the_next(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        for number in range(3):
            await push.send_multipart([b"%d" % number, b"tail"])
        assert await pull.poll()
        for future in [pull.recv_multipart() for _ in range(3)]:
            await turns()
            future.cancel()
        for receive in (pull.recv_multipart, pull.recv, pull.recv_multipart):
            received = receive()
            assert received.done()
            assert received.cancel()
        assert [(await pull.recv_multipart())[0] for _ in range(3)] == [b"0", b"1", b"2"]

    run(main())
