"""A socket and the loops that it is used in: one after another, in several threads, outside of any, after a fork."""

import asyncio
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import purezmq as zmq
import purezmq.asyncio
from tests.helpers.awaiting import run, turns
from tests.helpers.threads import Crew
from tests.helpers.waiting import TIMEOUT, eventually

pytestmark = pytest.mark.filterwarnings("ignore:No running event loop:RuntimeWarning")


@pytest.fixture
def stopped():
    """A loop that stands still, and is this thread's."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield loop
    asyncio.set_event_loop(None)
    loop.close()


class Elsewhere:
    """Runs a loop in a thread."""

    def __init__(self, loop):
        self._loop = loop
        self._thread = threading.Thread(target=loop.run_forever)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def begin(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def run(self, coroutine):
        return self.begin(coroutine).result(TIMEOUT)


async def receive(pull):
    return await pull.recv()


async def send(push, message):
    await push.send(message)


@pytest.mark.parametrize("is_closed", [True, False])
@pytest.mark.parametrize("count", [1, 100, 1000])
def test_a_socket_goes_from_loop_to_loop(pairs, transport, is_closed, count):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport, hwm=0)

    async def main(number):
        told = []
        for _ in range(count):
            sent = push.send(b"%d" % number)
            assert sent.get_loop() is asyncio.get_running_loop()
            sent.add_done_callback(told.append)
        for _ in range(count):
            received = pull.recv()
            received.add_done_callback(told.append)
            assert received.get_loop() is asyncio.get_running_loop()
            assert await received == b"%d" % number
        await turns()
        assert len(told) == 2 * count

    loops = [asyncio.new_event_loop() for _ in range(4)]
    for number in range(4 if is_closed else 12):
        loop = loops[number % 4]
        loop.run_until_complete(asyncio.wait_for(main(number), TIMEOUT))
        if is_closed:
            loop.close()
    for loop in loops:
        loop.close()


def test_loops_of_two_threads_use_a_socket_in_turn(pairs, transport):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport, hwm=0)
    took = [threading.Event() for _ in range(200)]

    async def work(first):
        for number in range(first, 200, 2):
            assert await asyncio.to_thread(took[number - 1].wait, TIMEOUT)
            for _ in range(number):
                await push.send(b"%d" % number)
            for _ in range(number):
                assert await pull.recv() == b"%d" % number
            took[number].set()

    took[0].set()
    with Crew() as crew:
        crew.start_each(lambda first: asyncio.run(work(first)), [1, 2])
    assert took[199].is_set()


def test_a_loop_may_go_on_in_another_thread(pairs, transport, stopped):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)

    async def begin():
        waiting = asyncio.create_task(receive(pull))
        await turns(1)
        return waiting

    waiting = stopped.run_until_complete(begin())
    with Elsewhere(stopped) as thread:
        blocking = zmq.Socket(shadow=push)
        blocking.send(b"first")
        assert thread.run(asyncio.wait_for(waiting, TIMEOUT)) == b"first"
        second = thread.begin(receive(pull))
        thread.run(turns())
        blocking.send(b"second")
        assert second.result(TIMEOUT) == b"second"
    assert stopped.run_until_complete(send(push, b"third")) is None
    assert stopped.run_until_complete(receive(pull)) == b"third"


def test_futures_of_what_is_done_are_taken_by_a_loop_that_is_to_run(pairs, transport, stopped):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
    told = []
    for _ in range(3):
        assert stopped.run_until_complete(push.send(b"a")) is None
        assert stopped.run_until_complete(pull.recv()) == b"a"
        assert stopped.run_until_complete(asyncio.gather(pull.recv(), push.send(b"b"))) == [b"b", None]
        sent = push.send(b"c")
        assert asyncio.ensure_future(sent, loop=stopped) is sent
        sent.add_done_callback(told.append)
        assert stopped.run_until_complete(asyncio.wait_for(pull.recv(), TIMEOUT)) == b"c"
        assert told == [sent]
        told.clear()


def test_without_a_loop_nothing_is_sent_or_received_by_a_call_that_fails(pairs):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, hwm=0)
    sent, received = [], []

    async def use():
        await push.send(b"x")
        assert await pull.recv() == b"x"

    def try_all():
        for number in range(2000):
            try:
                push.send_multipart([b"%d" % number, b"tail"])
            except RuntimeError:  # there is no current event loop in this thread
                continue
            sent.append([b"%d" % number, b"tail"])
        for _ in range(2000):
            try:
                received.append(pull.recv_multipart().result())
            except RuntimeError:
                continue

    async def receive_the_rest():
        return [await pull.recv_multipart() for _ in range(len(sent) - len(received))]

    run(use())
    with ThreadPoolExecutor(1) as pool:
        pool.submit(try_all).result(TIMEOUT)
    assert 0 < len(received) <= len(sent) < 2000
    assert received + run(receive_the_rest()) == sent


def test_the_first_part_of_a_message_needs_no_loop(pairs):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH)

    async def use():
        await push.send(b"x")
        assert await pull.recv() == b"x"
        await push.send_multipart([b"first", b"second"])

    run(use())
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(pull.recv).result(TIMEOUT).result() == b"first"


def test_what_is_sent_and_received_after_the_loop_was_closed_does_not_fail(pairs):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, hwm=0)

    async def use():
        await push.send(b"x")
        assert await pull.recv() == b"x"

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(use())
    loop.close()
    for number in range(3000):
        assert push.send(b"%d" % number).result() is None
    assert [pull.recv().result() for _ in range(3000)] == [b"%d" % number for number in range(3000)]
    asyncio.set_event_loop(None)


def test_a_loop_that_was_told_and_then_closed_leaves_the_socket_to_the_engine(pairs, transport):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)
    blocking = zmq.Socket(shadow=push)

    async def use():
        await push.send(b"x")
        assert await pull.recv() == b"x"

    loop = asyncio.new_event_loop()
    loop.run_until_complete(use())
    pull._watch.set()  # as anything may that happens while the loop stands still
    loop.close()

    def is_let_go():
        blocking.send(b"y")
        pull._core.run(lambda: None)  # something has happened, says whoever handled it
        return not pull._core.waited_on()

    eventually(is_let_go, "the engine handles what comes")


def test_a_receive_may_be_cancelled_while_another_thread_closes_the_socket(pairs):
    async def main():
        for _ in range(50):
            pull, _ = pairs.make(zmq.PULL, zmq.PUSH)
            tasks = [asyncio.create_task(receive(pull)) for _ in range(20)]
            await turns()
            closing = asyncio.create_task(asyncio.to_thread(pull.close))
            for task in tasks:
                await asyncio.sleep(0)
                task.cancel()
            assert all(
                isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*tasks, return_exceptions=True)
            )
            await closing

    run(main())


@pytest.mark.parametrize("debug", [False, True])
def test_a_loop_learns_that_a_socket_was_closed_in_another_thread(pairs, transport, debug):
    pull, _ = pairs.make(zmq.PULL, zmq.PUSH, transport)

    async def main():
        waiting = [asyncio.ensure_future(receive(pull)), pull.poll(), asyncio.ensure_future(receive(pull))]
        await turns()
        await asyncio.get_running_loop().run_in_executor(None, pull.close)
        done, _ = await asyncio.wait(waiting, timeout=TIMEOUT)
        assert [future.cancelled() for future in waiting] == [True] * 3
        assert len(done) == 3

    run(main(), debug=debug)


@pytest.mark.parametrize("debug", [False, True])
def test_a_loop_learns_that_another_has_taken_the_socket(pairs, transport, debug):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport)

    async def take():
        taken = pull.recv()
        await push.send(b"taken")
        return await taken

    async def main():
        waiting = asyncio.ensure_future(receive(pull))
        await turns()
        assert await asyncio.to_thread(lambda: asyncio.run(take(), debug=debug)) == b"taken"
        await asyncio.wait([waiting], timeout=TIMEOUT)
        assert waiting.cancelled()
        await push.send(b"again")
        assert await pull.recv() == b"again"

    run(main(), debug=debug)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_that_is_forked_while_a_socket_is_served_does_not_wait_for_that(pairs):
    pull, _ = pairs.make(zmq.PULL, zmq.PUSH)
    held, release = threading.Event(), threading.Event()

    def serve():
        with pull._moving:
            held.set()
            release.wait(TIMEOUT)

    async def use():
        with pytest.raises(zmq.ZMQError) as refused:
            await pull.recv()
        return refused.value.errno

    with Crew() as crew:
        crew.start(serve)
        assert held.wait(TIMEOUT)
        child = os.fork()
        if not child:
            os._exit(0 if asyncio.run(use()) == zmq.ENOTSOCK else 1)
        eventually(lambda: os.waitpid(child, os.WNOHANG) == (child, 0), "the child has ended, and well")
        release.set()


def test_a_socket_whose_loop_was_closed_in_a_burst_can_send_from_threads(pairs, transport):
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport, hwm=0, rcvtimeo=int(TIMEOUT * 1000))
    blocking = zmq.Socket(shadow=push)

    async def main():
        for _ in range(1000):
            push.send(b"from the loop")

    loop = asyncio.new_event_loop()
    loop.run_until_complete(main())
    loop.close()
    with ThreadPoolExecutor(1) as pool:
        for _ in range(1000):
            pool.submit(blocking.send, b"from a thread").result(TIMEOUT)
    received = [zmq.Socket(shadow=pull).recv() for _ in range(2000)]
    assert received == [b"from the loop"] * 1000 + [b"from a thread"] * 1000


def test_loops_that_end_amid_bursts_leave_the_process_as_it_was(pairs, transport):
    interval = sys.getswitchinterval()
    pull, push = pairs.make(zmq.PULL, zmq.PUSH, transport, hwm=0)

    async def main():
        for _ in range(1000):
            push.send(b"")

    for _ in range(3):
        loop = asyncio.new_event_loop()
        loop.run_until_complete(main())
        loop.close()
    for socket in (pull, push):
        socket.close()
    eventually(lambda: sys.getswitchinterval() == interval, "the interval is what it was")
