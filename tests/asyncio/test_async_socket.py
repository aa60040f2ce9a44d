"""Awaiting messages: order, cancellation, fairness, timeouts, and what happens at the end."""

import asyncio
import gc
import threading
from contextlib import ExitStack

import pytest

import purezmq as zmq
import purezmq.asyncio
from tests.helpers.awaiting import run, turns
from tests.helpers.waiting import TIMEOUT


def test_messages_arrive_in_order(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)

        async def send():
            for number in range(5000):
                await push.send(b"%d" % number)

        sending = asyncio.create_task(send())
        assert [await pull.recv() for _ in range(5000)] == [b"%d" % number for number in range(5000)]
        await sending

    run(main())


def test_requests_are_answered(pairs, transport):
    async def main():
        rep, req = pairs.make(zmq.REP, zmq.REQ, transport)

        async def serve():
            while True:
                await rep.send_multipart([*await rep.recv_multipart(), b"!"])

        serving = asyncio.create_task(serve())
        for number in range(200):
            await req.send_multipart([b"a", b"%d" % number])
            assert await req.recv_multipart() == [b"a", b"%d" % number, b"!"]
        serving.cancel()

    run(main())


def test_what_is_there_is_received_without_a_turn_of_the_loop(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        sent = push.send(b"a")
        assert sent.done()
        assert pull.recv().result() == b"a"
        assert not pull.recv().done()

    run(main())


def test_those_who_wait_are_served_in_order(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        waiting = [pull.recv() for _ in range(100)]
        for number in range(100):
            await push.send(b"%d" % number)
        assert await asyncio.gather(*waiting) == [b"%d" % number for number in range(100)]

    run(main())


def test_a_receive_that_is_cancelled_leaves_the_message_to_the_next(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        cancelled, next_one = pull.recv(), pull.recv()
        assert cancelled.cancel()
        await push.send(b"a")
        assert await next_one == b"a"
        with pytest.raises(asyncio.CancelledError):
            await cancelled

    run(main())


async def receive(pull):
    return await pull.recv()


@pytest.mark.parametrize("parts", [[b"kept"], [b"kept", b"as a", b"whole"]])
def test_a_delivered_message_goes_back_when_the_task_is_cancelled_in_the_same_turn(pairs, parts):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        task = asyncio.create_task(receive(pull))
        await turns()
        (waiting,) = pull._recv_futures
        await push.send_multipart(parts)
        pull._serve()
        assert waiting.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await pull.recv_multipart() == parts

    run(main())


def test_nothing_is_lost_however_many_are_cancelled(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        total, got, attempts = 400, [], 0

        async def send():
            for number in range(total):
                await push.send(b"%d" % number)
                if number % 3 == 0:
                    await asyncio.sleep(0)

        sending = asyncio.create_task(send())
        while len(got) < total:
            task = asyncio.create_task(receive(pull))
            attempts += 1
            await turns(attempts % 5)
            task.cancel()
            try:
                got.append(await task)
            except asyncio.CancelledError:
                continue
        await sending
        assert sorted(got, key=int) == [b"%d" % number for number in range(total)]

    run(main())


def test_a_timeout_loses_nothing(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        for _ in range(20):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(pull.recv(), 0.001)
        await push.send(b"a")
        async with asyncio.timeout(TIMEOUT):
            assert await pull.recv() == b"a"
        assert not pull._recv_futures

    run(main())


def test_a_cancelled_gather_gives_back_what_has_come(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        await push.send(b"a")
        both = asyncio.gather(pull.recv(), pull.recv())
        await turns()
        both.cancel()
        with pytest.raises(asyncio.CancelledError):
            await both
        assert await pull.recv() == b"a"

    run(main())


def test_cancelling_what_was_received_does_not_bring_it_back(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        for at_once in (True, False):
            future = None if at_once else pull.recv()
            await push.send(b"a")
            future = future or pull.recv()
            assert await future == b"a"
            assert not future.cancel()
        assert not await pull.poll(0)

    run(main())


def test_a_send_waits_for_room_in_its_turn(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, sndhwm=5, rcvhwm=5)
        sent = [push.send(b"%d" % number) for number in range(50)]
        assert not sent[-1].done()
        assert [await pull.recv() for _ in range(50)] == [b"%d" % number for number in range(50)]
        await asyncio.gather(*sent)

    run(main())


def test_a_cancelled_send_was_not_made(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, sndhwm=1, rcvhwm=1)
        sent = []
        while not sent or sent[-1].done():
            sent.append(push.send(b"%d" % len(sent)))
        assert sent[-1].cancel()
        await push.poll(0, zmq.POLLOUT)
        received = [await pull.recv() for _ in range(len(sent) - 1)]
        assert received == [b"%d" % number for number in range(len(sent) - 1)]
        assert not await pull.poll(20)

    run(main())


def test_a_busy_socket_lets_other_tasks_have_their_turn(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        count = 20_000
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        async def send():
            for _ in range(count):
                await push.send(b"x")

        ticking, sending = asyncio.create_task(tick()), asyncio.create_task(send())
        for _ in range(count):
            await pull.recv()
        await sending
        ticking.cancel()
        assert ticks >= count // 1000

    run(main())


@pytest.mark.parametrize("option", ["rcvtimeo", "sndtimeo"])
def test_timeouts_are_those_of_the_options(pairs, option):
    async def main():
        pull = pairs.context.socket(zmq.PULL)
        push = pairs.context.socket(zmq.PUSH)
        setattr(pull if option == "rcvtimeo" else push, option, 10)
        with pytest.raises(zmq.Again):
            await (pull.recv() if option == "rcvtimeo" else push.send(b"a"))
        assert not pull._recv_futures
        assert not push._send_futures

    run(main())


def test_dontwait_fails_at_once(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        with pytest.raises(zmq.Again):
            await pull.recv(zmq.DONTWAIT)
        waiting = pull.recv()
        with pytest.raises(zmq.Again):  # even if it is there: who waits comes first
            await pull.recv(zmq.DONTWAIT)
        await push.send(b"a")
        assert await waiting == b"a"

    run(main())


def test_text_json_and_objects(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        for first in (True, False):
            waiting = [] if first else [pull.recv_string(), pull.recv_json(), pull.recv_pyobj()]
            await push.send_string("ä")
            await push.send_json({"a": [1]})
            await push.send_pyobj({1, 2})
            waiting = waiting or [pull.recv_string(), pull.recv_json(), pull.recv_pyobj()]
            assert await asyncio.gather(*waiting) == ["ä", {"a": [1]}, {1, 2}]
        await push.send(b"not json")
        with pytest.raises(ValueError, match="Expecting value"):
            await pull.recv_json()
        waiting = pull.recv_json()
        await push.send(b"not json")
        with pytest.raises(ValueError, match="Expecting value"):
            await waiting

    run(main())


def test_receiving_into_memory(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        memory = bytearray(3)
        waiting = pull.recv_into(memory)
        await push.send(b"abcd")
        assert await waiting == 4
        assert memory == b"abc"

    run(main())


def test_poll_tells_what_is_there(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        assert await pull.poll(0) == 0
        assert await pull.poll(1) == 0
        polling = pull.poll(TIMEOUT * 1000)
        await push.send(b"a")
        assert await polling == zmq.POLLIN
        assert await push.poll(TIMEOUT * 1000, zmq.POLLOUT) == zmq.POLLOUT
        assert not pull._poll_futures

    run(main())


def test_polls_do_not_wait_for_one_another(pairs, transport):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
        never, polling = pull.poll(flags=zmq.POLLOUT), pull.poll()
        await push.send(b"a")
        assert await polling == zmq.POLLIN
        assert await pull.poll() == zmq.POLLIN
        assert not never.done()

    run(main())


def test_a_poller_waits_for_several(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, "tcp")
        other, _ = pairs.make(zmq.PULL, zmq.PUSH)
        poller = purezmq.asyncio.Poller()
        poller.register(pull, zmq.POLLIN)
        poller.register(other, zmq.POLLIN)
        assert await poller.poll(1) == []
        polling = poller.poll()
        await push.send(b"a")
        assert await polling == [(pull, zmq.POLLIN)]

    run(main())


def test_iterating_ends_with_the_socket(pairs):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH)
        got = []

        async def read():
            async for message in pull:
                got.append(message)
                if len(got) == 3:
                    return

        reading = asyncio.create_task(read())
        for number in range(3):
            await push.send_multipart([b"n", b"%d" % number])
        await reading
        assert got == [[b"n", b"%d" % number] for number in range(3)]

    run(main())


def test_async_with_closes_and_terminates():
    async def main():
        async with purezmq.asyncio.Context() as context:
            async with context.socket(zmq.PULL) as pull:
                pull.bind("inproc://x")
            assert pull.closed
        assert context.closed

    run(main())


def test_close_cancels_what_waits(pairs):
    async def main():
        pull, _ = pairs.make(zmq.PULL, zmq.PUSH)
        waiting = [pull.recv(), pull.poll()]
        pull.close()
        assert all(future.cancelled() for future in waiting)
        with pytest.raises(zmq.ZMQError) as raised:
            pull.recv()
        assert raised.value.errno == zmq.ENOTSOCK

    run(main())


def test_the_end_of_the_context_reaches_who_waits(pairs):
    async def main():
        pull, _ = pairs.make(zmq.PULL, zmq.PUSH)
        waiting = pull.recv()
        ending = threading.Thread(target=pairs.context.term)
        ending.start()
        with pytest.raises(zmq.ContextTerminated):
            await waiting
        for end in list(pairs.context._sockets.values()):
            end.close(0)
        await asyncio.get_running_loop().run_in_executor(None, ending.join, TIMEOUT)
        assert not ending.is_alive()

    run(main())


def test_one_loop_after_another_may_use_a_socket(pairs, transport):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)

    async def exchange():
        waiting = pull.recv()
        await push.send(b"a")
        assert await waiting == b"a"

    for _ in range(3):
        run(exchange())


def test_loops_in_several_threads_share_a_context(pairs):
    failures = []

    def work():
        async def main():
            pull, push = pairs.make(zmq.PULL, zmq.PUSH, "tcp")
            for number in range(200):
                waiting = pull.recv()
                await push.send(b"%d" % number)
                assert await waiting == b"%d" % number

        try:
            run(main())
        except BaseException as error:  # noqa: BLE001 (the test looks at it)
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT)
    assert not failures


def test_blocking_and_asyncio_sockets_talk(pairs, transport):
    blocking = zmq.Context(shadow=pairs.context)

    def echo(endpoint):
        with blocking.socket(zmq.REP) as rep:
            rep.connect(endpoint)
            for _ in range(100):
                rep.send(rep.recv())

    async def main():
        dealer = pairs.context.socket(zmq.REQ)
        endpoint = {"tcp": "tcp://127.0.0.1:*", "ipc": "ipc://*", "inproc": "inproc://blocking"}[transport]
        dealer.bind(endpoint)
        thread = threading.Thread(target=echo, args=(dealer.last_endpoint,))
        thread.start()
        for number in range(100):
            await dealer.send(b"%d" % number)
            assert await dealer.recv() == b"%d" % number
        await asyncio.get_running_loop().run_in_executor(None, thread.join, TIMEOUT)

    run(main())


def test_a_shadow_of_a_blocking_socket_is_awaited(pairs):
    async def main():
        with ExitStack() as stack:
            context = stack.enter_context(zmq.Context())
            pull, push = (stack.enter_context(context.socket(kind)) for kind in (zmq.PULL, zmq.PUSH))
            pull.bind("inproc://x")
            push.connect("inproc://x")
            awaited = purezmq.asyncio.Socket.from_socket(pull)
            waiting = awaited.recv()
            push.send(b"a")
            assert await waiting == b"a"
            awaited.close()

    run(main())


def test_cancelled_receives_leave_nothing_behind(pairs):
    async def main():
        pull, _ = pairs.make(zmq.PULL, zmq.PUSH)
        for _ in range(1000):
            pull.recv().cancel()
        gc.collect()
        before = len(gc.get_objects())
        for _ in range(1000):
            pull.recv().cancel()
        await turns()
        gc.collect()
        assert len(gc.get_objects()) - before < 100
        assert not pull._recv_futures

    run(main())


def test_debug_mode_finds_nothing_to_complain_of(pairs, caplog):
    async def main():
        pull, push = pairs.make(zmq.PULL, zmq.PUSH, "tcp")
        for _ in range(100):
            await push.send(b"a")
            await pull.recv()

    asyncio.run(main(), debug=True)
    assert not [record for record in caplog.records if record.levelname == "WARNING" and "purezmq" in record.message]
