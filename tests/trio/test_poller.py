"""Waiting for readiness in trio: of one socket, and of several sockets and descriptors."""

import socket

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

import purezmq as zmq
from purezmq.trio import Poller


def test_poll_tells_what_is_there(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport)
        assert await push.poll(1000, zmq.POLLOUT) == zmq.POLLOUT
        assert await pull.poll(0) == 0
        assert await pull.poll(5) == 0
        await push.send(b"a")
        assert await pull.poll() == zmq.POLLIN
        assert await pull.poll(1000, zmq.POLLIN | zmq.POLLOUT) == zmq.POLLIN

    run(main)


def test_all_who_look_are_told_while_one_receives(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport)
        seen = []

        async def look():
            seen.append(await pull.poll())

        async with trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(look)
            await wait_all_tasks_blocked()
            await push.send(b"a")
        assert seen == [zmq.POLLIN] * 3
        assert await pull.recv() == b"a"

    run(main)


def test_polling_a_closed_socket_is_refused(run, pairs):
    async def main():
        pull, _ = pairs.pipeline()
        pull.close()
        with pytest.raises(zmq.ZMQError) as error:
            await pull.poll()
        assert error.value.errno == zmq.ENOTSUP

    run(main)


def test_a_poller_waits_for_several(run, pairs, transport):
    async def main():
        (first, to_first), (second, to_second) = pairs.pipeline(transport), pairs.pipeline(transport)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            poller = Poller()
            for thing in (first, second, ours):
                poller.register(thing, zmq.POLLIN)
            assert await poller.poll(0) == []
            assert await poller.poll(5) == []
            for act, expected in (
                (lambda: to_first.send(b"a"), first),
                (lambda: to_second.send(b"a"), second),
                (lambda: trio.to_thread.run_sync(theirs.send, b"a"), ours.fileno()),
            ):
                async with trio.open_nursery() as nursery:

                    async def wait(expected=expected):
                        assert await poller.poll() == [(expected, zmq.POLLIN)]

                    nursery.start_soon(wait)
                    await wait_all_tasks_blocked()
                    await act()
                await (expected.recv() if expected in {first, second} else trio.to_thread.run_sync(ours.recv, 1))
            poller.register(ours, zmq.POLLIN | zmq.POLLOUT)
            assert await poller.poll() == [(ours.fileno(), zmq.POLLOUT)]
            for thing in (first, second, ours):
                poller.unregister(thing)
            assert await poller.poll() == []

    run(main)


def test_a_poller_shares_sockets_with_those_who_receive(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport)
        poller = Poller()
        poller.register(pull, zmq.POLLIN)
        got = []

        async def receive():
            got.append(await pull.recv())

        async with trio.open_nursery() as nursery:
            nursery.start_soon(receive)
            await wait_all_tasks_blocked()
            nursery.start_soon(poller.poll)
            await wait_all_tasks_blocked()
            await push.send(b"a")
            await push.send(b"b")
        assert got == [b"a"]
        assert await poller.poll() == [(pull, zmq.POLLIN)]

    run(main)


def test_a_cancelled_poll_lets_go(run, pairs):
    async def main():
        pull, push = pairs.pipeline()
        poller = Poller()
        poller.register(pull, zmq.POLLIN)
        for _ in range(3):
            with trio.move_on_after(0.005) as scope:
                await poller.poll()
            assert scope.cancelled_caught
        await push.send(b"a")
        assert await poller.poll() == [(pull, zmq.POLLIN)]
        with trio.CancelScope() as scope:
            scope.cancel()
            await poller.poll()
        assert scope.cancelled_caught

    run(main)


def test_close_ends_a_poller_with_its_error_alone(run, pairs):
    async def main():
        pull, _ = pairs.pipeline()
        poller = Poller()
        poller.register(pull, zmq.POLLIN)
        errors = []

        async def wait():
            with pytest.raises(zmq.ZMQError) as error:
                await poller.poll()
            errors.append(error.value.errno)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(wait)
            await wait_all_tasks_blocked()
            pull.close()
        assert errors == [zmq.ENOTSOCK]

    run(main)
