"""Several tasks, loops, threads and kinds of sockets beside each other, one after the other, and at the end."""

import asyncio
import gc
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import purezmq as zmq
import purezmq.asyncio
from tests.helpers.awaiting import run, turns
from tests.helpers.threads import Crew
from tests.helpers.waiting import TIMEOUT


def test_the_loop_is_of_the_kind_that_is_tested(loop):
    async def main():
        return type(asyncio.get_running_loop()).__module__.partition(".")[0]

    assert run(main()) == loop


# Several tasks


def test_tasks_that_wait_on_one_socket_are_served_in_order(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        served = []

        async def serve(name):
            message = await pull.recv()
            served.append((name, message))

        for _ in range(5):
            tasks = [asyncio.create_task(serve(b"%d" % name)) for name in range(50)]
            await turns(1)  # all wait now
            for number in range(50):
                await push.send(b"%d" % number)
            await asyncio.gather(*tasks)
        assert served == 5 * [(b"%d" % number, b"%d" % number) for number in range(50)]

    run(main())


def test_a_task_that_is_cancelled_leaves_the_others_their_order(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        waiting = [pull.recv() for _ in range(50)]
        for future in waiting[::3]:
            future.cancel()
        left = [future for future in waiting if not future.cancelled()]
        for number in range(len(left)):
            await push.send(b"%d" % number)
        assert await asyncio.gather(*left) == [b"%d" % number for number in range(len(left))]

    run(main())


def test_tasks_send_on_one_socket_in_the_order_in_which_they_began(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport, sndhwm=2, rcvhwm=2)
        sent = [push.send(b"%d" % number) for number in range(300)]
        assert [await pull.recv() for _ in range(300)] == [b"%d" % number for number in range(300)]
        await asyncio.gather(*sent)

    run(main())


# Fairness and pressure


@pytest.mark.parametrize("receive", ["recv", "recv_multipart", "async for"])
def test_a_flooded_receiver_lets_others_have_their_turn(pairs, transport, receive):
    """However much is there: between two turns of another task the receiver gets a bounded number of messages."""
    count, bound = 20_000, 1024

    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport, sndhwm=0, rcvhwm=0)
        for _ in range(count):
            await push.send(b"x")
        longest = since = got = 0

        async def tick():
            nonlocal since
            while True:
                since = 0
                await asyncio.sleep(0)

        def take():
            nonlocal longest, since, got
            got += 1
            since += 1
            longest = max(longest, since)

        ticking = asyncio.create_task(tick())
        await turns()
        if receive == "async for":
            async for _ in pull:
                take()
                if got == count:
                    break
        else:
            while got < count:
                await getattr(pull, receive)()
                take()
        ticking.cancel()
        assert longest <= bound

    run(main())


def test_a_flood_sender_lets_others_have_their_turn(pairs, transport):
    count, bound = 20_000, 1024

    async def main():
        _pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport, sndhwm=0, rcvhwm=0)
        longest = since = 0

        async def tick():
            nonlocal since
            while True:
                since = 0
                await asyncio.sleep(0)

        ticking = asyncio.create_task(tick())
        await turns()
        for _ in range(count):
            await push.send(b"x")
            since += 1
            longest = max(longest, since)
        ticking.cancel()
        assert longest <= bound

    run(main())


def test_a_flooded_socket_does_not_keep_another_from_being_served(pairs):
    async def main():
        flooded, flood = pairs.make(zmq.PULL, zmq.PUSH, "tcp")
        calm, other = pairs.make(zmq.PULL, zmq.PUSH, "tcp")
        drained = 0

        async def send():
            while True:
                await flood.send(b"x" * 100)

        async def drain():
            nonlocal drained
            while True:
                await flooded.recv()
                drained += 1

        busy = [asyncio.create_task(send()), asyncio.create_task(drain())]
        for number in range(100):
            await other.send(b"%d" % number)
            assert await calm.recv() == b"%d" % number
        assert drained > 1000
        for task in busy:
            task.cancel()

    run(main())


def test_senders_wait_at_the_high_water_mark_until_the_receiver_reads(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport, sndhwm=10, rcvhwm=10)
        message = bytes(100_000)
        sent = 0

        async def send():
            nonlocal sent
            while True:
                await push.send(message)
                sent += 1

        sending = asyncio.create_task(send())
        before = -1
        while sent != before:  # until nothing goes any more
            before = sent
            await asyncio.sleep(0.1)
        assert 10 <= sent < 1000
        assert not sending.done()
        for _ in range(before + 10):
            assert await pull.recv() == message
        assert sent >= before
        sending.cancel()

    run(main())


# Loops and threads


def test_blocking_and_asyncio_sockets_of_one_context_work_at_the_same_time(pairs, transport):
    context = pairs.context
    blocking = zmq.Context(shadow=context)
    endpoint = {"tcp": "tcp://127.0.0.1:*", "ipc": "ipc://*", "inproc": "inproc://shared"}[transport]
    count = 500

    def work(endpoint, name):
        with blocking.socket(zmq.DEALER) as dealer:
            dealer.rcvtimeo = dealer.sndtimeo = int(TIMEOUT * 1000)
            dealer.linger = 0
            dealer.connect(endpoint)
            for number in range(count):
                dealer.send_multipart([name, b"%d" % number])
                assert dealer.recv_multipart() == [name, b"%d" % number]

    async def main():
        router = context.socket(zmq.ROUTER)
        router.bind(endpoint)
        with Crew() as crew:
            crew.start_each(lambda name: work(router.last_endpoint, name), [b"a", b"b", b"c"])
            for _ in range(3 * count):
                await router.send_multipart(await router.recv_multipart())

    run(main())


def test_loops_in_threads_talk_to_each_other(pairs, transport):
    endpoint = {"tcp": "tcp://127.0.0.1:*", "ipc": "ipc://*", "inproc": "inproc://loops"}[transport]
    names, count = [b"a", b"b", b"c"], 300

    def ask(endpoint, name):
        async def main():
            with pairs.context.socket(zmq.REQ) as req:
                req.linger = 0
                req.connect(endpoint)
                for number in range(count):
                    await req.send_multipart([name, b"%d" % number])
                    assert await req.recv_multipart() == [name, b"%d" % number]

        asyncio.run(main())

    async def serve(router):
        for _ in range(len(names) * count):
            await router.send_multipart(await router.recv_multipart())

    router = pairs.context.socket(zmq.ROUTER)
    router.bind(endpoint)
    with Crew() as crew:
        crew.start_each(lambda name: ask(router.last_endpoint, name), names)
        run(serve(router))


def test_what_a_blocking_thread_sends_wakes_the_loop_at_once(pairs, transport):
    blocking = zmq.Context(shadow=pairs.context)
    endpoint = {"tcp": "tcp://127.0.0.1:*", "ipc": "ipc://*", "inproc": "inproc://wakes"}[transport]

    async def main():
        pull = pairs.context.socket(zmq.PULL)
        pull.bind(endpoint)
        with blocking.socket(zmq.PUSH) as push:
            push.connect(pull.last_endpoint)
            await asyncio.to_thread(push.send, b"first")
            assert await pull.recv() == b"first"
            slowest = 0.0
            for _ in range(20):
                waiting = pull.recv()
                started = time.monotonic()
                await asyncio.to_thread(push.send, b"next")
                await waiting
                slowest = max(slowest, time.monotonic() - started)
            assert slowest < TIMEOUT / 4  # no poll at an interval, no turn that is missed

    run(main())


def test_a_socket_serves_one_loop_after_another_whatever_was_left_open(pairs, transport):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)

    async def leave_open(number):
        left = pull.recv()
        await push.send(b"%d" % number)
        assert await left == b"%d" % number
        pull.recv()
        pull.poll()

    for number in range(5):
        run(leave_open(number))
    gc.collect()

    async def end():
        await push.send(b"end")
        assert await pull.recv() == b"end"

    run(end())


def test_a_socket_moves_from_the_loop_to_blocking_calls_and_back(pairs, transport):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
    blocking = zmq.Socket.shadow(pull)
    blocking.rcvtimeo = int(TIMEOUT * 1000)

    async def exchange():
        await push.send(b"in the loop")
        assert await pull.recv() == b"in the loop"
        await push.send(b"after it")

    for _ in range(3):
        run(exchange())
        assert blocking.recv() == b"after it"


# Debug mode


def test_debug_mode_has_nothing_to_say(pairs, transport, caplog):
    """No slow callback of ours, nothing that was never awaited, nothing left open."""
    caplog.set_level(logging.DEBUG, "asyncio")

    async def main():
        asyncio.get_running_loop().slow_callback_duration = 0.25
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)

        async def send():
            for _ in range(2000):
                await push.send(b"a")

        sending = asyncio.create_task(send())
        for number in range(2000):
            assert await pull.recv() == b"a"
            if number % 100 == 0:
                pull.recv().cancel()
        await sending
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pull.recv(), 0.001)
        waiting = pull.recv()
        pull.close()
        push.close()
        assert waiting.cancelled()

    run(main(), debug=True)
    gc.collect()
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING or "took" in r.getMessage()] == []


def test_debug_mode_allows_what_other_threads_do(pairs):
    """Debug mode refuses calls into the loop from another thread."""
    blocking = zmq.Context(shadow=pairs.context)

    async def main():
        pull = pairs.context.socket(zmq.PULL)
        pull.bind("inproc://debug")

        def send():
            with blocking.socket(zmq.PUSH) as push:
                push.connect("inproc://debug")
                for number in range(200):
                    push.send(b"%d" % number)

        with Crew() as crew:
            crew.start(send)
            assert [await pull.recv() for _ in range(200)] == [b"%d" % number for number in range(200)]

    run(main(), debug=True)


# The end


def test_close_ends_what_is_pending(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport, sndhwm=1, rcvhwm=1)
        receiving = [pull.recv(), pull.recv_multipart(), pull.recv_json(), pull.poll()]
        pull.close()
        assert all(future.cancelled() for future in receiving)
        sending = []
        while not sending or sending[-1].done():
            sending.append(push.send(bytes(100_000)))
        polling = push.poll(flags=zmq.POLLOUT)
        push.close()
        assert sending[-1].cancelled()
        assert polling.cancelled()

    run(main())


def test_a_task_whose_socket_is_closed_is_cancelled_or_told(pairs, transport):
    async def main():
        pull, _ = pairs.make(zmq.PULL, zmq.PUSH, transport)
        tasks = [asyncio.create_task(receive(pull)) for _ in range(3)]
        await turns()
        pull.close()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(outcome, (asyncio.CancelledError, zmq.ZMQError))

    async def receive(pull):
        return await pull.recv()

    run(main())


def test_a_context_ends_while_its_sockets_wait_in_loops_of_several_threads():
    context = purezmq.asyncio.Context()
    ready = threading.Barrier(4)

    def wait():
        async def main():
            with context.socket(zmq.PULL) as pull:
                pull.bind("tcp://127.0.0.1:*")
                waiting = pull.recv()
                await asyncio.to_thread(ready.wait, TIMEOUT)
                with pytest.raises(zmq.ContextTerminated):
                    await waiting

        asyncio.run(main())

    with Crew() as crew:
        crew.start_each(lambda _: wait(), range(3))
        ready.wait(TIMEOUT)
        context.term()
    assert context.closed


def test_a_loop_that_ends_with_operations_pending_leaves_nothing_behind(pairs, transport):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)

    async def main():
        tasks = [asyncio.create_task(receive()) for _ in range(3)]
        await turns()
        assert not any(task.done() for task in tasks)

    async def receive():
        return await pull.recv()

    async def after():
        await push.send(b"a")
        assert await pull.recv() == b"a"

    run(main())
    run(after())


def test_what_was_sent_goes_out_though_the_turn_does_not_end(pairs, transport):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport, hwm=0)
    blocking = zmq.Socket(shadow=pull)

    async def main():
        with ThreadPoolExecutor(1) as pool:
            receiving = pool.submit(lambda: [blocking.recv() for _ in range(1000)])
            for number in range(1000):
                push.send(b"%d" % number)
            return receiving.result(TIMEOUT)  # the loop stands still

    assert run(main()) == [b"%d" % number for number in range(1000)]
