"""A loop that has ended takes with it what was not closed, and nothing keeps it."""

import asyncio
import gc
import weakref

import pytest

import purezmq as zmq
import purezmq.asyncio
from tests.helpers import resources
from tests.helpers.awaiting import run, turns
from tests.helpers.waiting import eventually

ENDPOINTS = {"tcp": "tcp://127.0.0.1:*", "ipc": "ipc://*", "inproc": "inproc://ends"}


@pytest.fixture
def context():
    with purezmq.asyncio.Context() as context:
        yield context


def connected(context, transport):
    pull, push = context.socket(zmq.PULL), context.socket(zmq.PUSH)
    pull.bind(ENDPOINTS[transport])
    push.connect(pull.last_endpoint)
    return pull, push


async def exchange(pull, push):
    """Have both used by the loop: a reference to it."""
    for number in range(100):
        await push.send(b"%d" % number)
    assert [await pull.recv() for _ in range(100)] == [b"%d" % number for number in range(100)]
    return weakref.ref(asyncio.get_running_loop())


def await_the_end(loop):
    def is_gone():
        gc.collect()
        return loop() is None

    eventually(is_gone, "nothing keeps the loop")


def test_a_loop_is_freed_when_its_sockets_were_closed(context, transport):
    async def main():
        pull, push = connected(context, transport)
        with pull, push:
            return await exchange(pull, push)

    await_the_end(run(main()))


@pytest.mark.filterwarnings("ignore:Unclosed socket:ResourceWarning")
def test_sockets_that_were_dropped_are_closed_when_their_loop_is_over(context, transport):
    async def main():
        pull, push = connected(context, transport)
        loop = await exchange(pull, push)
        pull.recv()  # and waits for ever
        return loop

    with pytest.warns(ResourceWarning, match="Unclosed socket"):
        await_the_end(asyncio.run(main()))
    before = resources.held()
    for _ in range(5):
        await_the_end(asyncio.run(main()))
    eventually(lambda: resources.held().descriptors <= before.descriptors, "descriptors are given back")
    eventually(lambda: resources.held().ours <= before.ours + 10, "objects are freed")


def test_a_task_that_nobody_keeps_gets_its_message(context, transport):
    async def serve(pull, got):
        with pull:
            got.set_result(await pull.recv())

    async def main():
        pull, push = connected(context, transport)
        got = asyncio.get_running_loop().create_future()
        asyncio.create_task(serve(pull, got))  # noqa: RUF006 (that is the point)
        del pull
        await turns()
        gc.collect()
        with push:
            await push.send(b"found")
            assert await got == b"found"

    run(main())


def test_a_second_object_for_a_socket_leaves_it_to_the_first():
    with zmq.Context() as context, context.socket(zmq.PULL) as pull, context.socket(zmq.PUSH) as push:
        pull.bind("inproc://ends")
        push.connect("inproc://ends")

        async def main():
            return await exchange(zmq.asyncio.Socket(shadow=pull), zmq.asyncio.Socket(shadow=push))

        await_the_end(run(main()))
        push.send(b"still there")
        assert pull.recv() == b"still there"
