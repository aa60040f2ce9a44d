"""Cancelling, at whatever moment, loses no message and leaves nothing behind."""

import random

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.lowlevel import checkpoint
from trio.testing import wait_all_tasks_blocked

import purezmq as zmq
from purezmq.trio import Context
from tests.helpers.resources import held, memory
from tests.helpers.waiting import TIMEOUT

MEGABYTE = 1 << 20


def numbered(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


def test_a_receive_that_is_cancelled_leaves_the_message_to_the_next(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport)
        got = []

        async def wait(scope):
            with scope:
                got.append(await pull.recv())

        scopes = [trio.CancelScope() for _ in range(4)]
        async with trio.open_nursery() as nursery:
            for scope in scopes:
                nursery.start_soon(wait, scope)
                await wait_all_tasks_blocked()
            scopes[0].cancel()  # who leads
            scopes[2].cancel()  # and one who follows
            await push.send(b"a")
            await push.send(b"b")
        assert got == [b"a", b"b"]
        assert [scope.cancelled_caught for scope in scopes] == [True, False, True, False]

    run(main)


def test_who_was_served_is_not_cancelled_any_more(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport)
        got = []
        scopes = [trio.CancelScope() for _ in range(10)]

        async def wait(scope):
            with scope:
                got.append(await pull.recv())
                for other in scopes:
                    other.cancel()

        async with trio.open_nursery() as nursery:
            for scope in scopes:
                nursery.start_soon(wait, scope)
            await wait_all_tasks_blocked()
            for number in numbered(10):
                await push.send(number)
        while len(got) < 10:
            got.append(await pull.recv())
        assert sorted(got) == numbered(10)

    run(main)


@pytest.mark.parametrize("parts", [[b"kept"], [b"kept", b"as a", b"whole"]])
def test_nothing_is_lost_however_many_are_cancelled(run, pairs, transport, parts):
    async def main():
        pull, push = pairs.pipeline(transport)
        total, got = 300, []

        async def send():
            for number in range(total):
                await push.send_multipart([b"%d" % number, *parts])
                if number % 3 == 0:
                    await checkpoint()

        async def wait(scope):
            with scope:
                got.append(await pull.recv_multipart())

        async with trio.open_nursery() as nursery:
            nursery.start_soon(send)
            while len(got) < total:
                async with trio.open_nursery() as attempts:
                    scopes = [trio.CancelScope() for _ in range(5)]
                    for scope in scopes:
                        attempts.start_soon(wait, scope)
                    for _ in range(len(got) % 5):
                        await checkpoint()
                    for scope in random.sample(scopes, 5):
                        scope.cancel()
                        await checkpoint()
        assert sorted(got, key=lambda message: int(message[0])) == [[number, *parts] for number in numbered(total)]
        assert not await pull.poll(0)

    run(main)


class Traffic:
    """Tasks that send and receive, each within a scope of its own, and what came of them."""

    def __init__(self, pull, push) -> None:
        self.pull, self.push = pull, push
        self.sent: list[bytes] = []
        self.got: list[bytes] = []
        self.scopes: list[trio.CancelScope] = []

    async def send(self, scope, message):
        with scope:
            await self.push.send(message)
            self.sent.append(message)

    async def receive(self, scope):
        with scope:
            self.got.append(await self.pull.recv())

    async def act(self, nursery, action, at):
        if action == "turn":
            await checkpoint()
        elif action == "cancel":
            self.scopes[at % len(self.scopes)].cancel()
        else:
            scope = trio.CancelScope()
            self.scopes.append(scope)
            if action == "send":
                nursery.start_soon(self.send, scope, b"%d" % len(self.scopes))
            else:
                nursery.start_soon(self.receive, scope)


ACTIONS = st.sampled_from(["send", "receive", "cancel", "turn"])


@settings(max_examples=25)
@given(
    schedule=st.lists(st.tuples(ACTIONS, st.integers(0, 99)), min_size=5, max_size=60),
    endpoint=st.sampled_from(["inproc://here", "tcp://127.0.0.1:*"]),
)
def test_whatever_was_sent_is_received_once(schedule, endpoint):
    async def main():
        async with Context() as context, context.socket(zmq.PULL) as pull, context.socket(zmq.PUSH) as push:
            for socket in (pull, push):
                socket.linger, socket.sndhwm, socket.rcvhwm = 0, 2, 2
            pull.bind(endpoint)
            push.connect(pull.last_endpoint)
            traffic = Traffic(pull, push)
            async with trio.open_nursery() as nursery:
                for action, at in [("receive", 0), *schedule]:
                    await traffic.act(nursery, action, at)
                for scope in traffic.scopes:
                    scope.cancel()
            while len(traffic.got) < len(traffic.sent):
                await traffic.receive(trio.fail_after(TIMEOUT))
            assert not await pull.poll(1)
            assert sorted(traffic.got) == sorted(traffic.sent)

    trio.run(main)


def test_a_cancelled_send_was_not_made(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport, sndhwm=1, rcvhwm=1, sndbuf=4096, rcvbuf=4096)
        sent = 0
        while True:
            with trio.move_on_after(0.05) as scope:
                await push.send(b"%d " % sent + bytes(100_000))
            if scope.cancelled_caught:
                break
            sent += 1
        with trio.CancelScope() as scope:
            scope.cancel()
            await push.send(b"x")
        assert [(await pull.recv()).split()[0] for _ in range(sent)] == numbered(sent)
        assert not await pull.poll(20)

    run(main)


def test_a_timeout_loses_nothing(run, pairs, transport):
    async def main():
        pull, push = pairs.pipeline(transport)
        for _ in range(20):
            with trio.move_on_after(0.001) as scope:
                await pull.recv()
            assert scope.cancelled_caught
        await push.send(b"a")
        assert await pull.recv() == b"a"

    run(main)


def test_cancelled_receives_leave_nothing_behind(run, pairs):
    async def main():
        pull, push = pairs.pipeline("tcp")

        async def cancelled(count):
            for _ in range(count):
                with trio.CancelScope() as scope:
                    async with trio.open_nursery() as nursery:
                        for _ in range(10):
                            nursery.start_soon(pull.recv)
                        await checkpoint()
                        scope.cancel()

        await cancelled(200)
        before, octets = held(), memory()
        await cancelled(2000)
        after = held()
        assert after.ours <= before.ours  # what other tests have left may go meanwhile
        assert after.objects < before.objects + 100
        assert after.descriptors == before.descriptors
        assert memory() < octets + 2 * MEGABYTE
        await push.send(b"a")
        assert await pull.recv() == b"a"

    run(main)


def test_a_socket_that_is_dropped_goes_with_what_it_held(run, pairs):
    async def main():
        async def used():
            pull, push = pairs.context.socket(zmq.PULL), pairs.context.socket(zmq.PUSH)
            with pull, push:
                pull.bind("inproc://dropped")
                push.connect("inproc://dropped")
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(pull.recv)
                    await wait_all_tasks_blocked()
                    await push.send(b"a")

        for _ in range(5):
            await used()
        before = held()
        for _ in range(20):
            await used()
        after = held()
        assert after.descriptors <= before.descriptors
        assert after.ours < before.ours + 40  # a socket is a dozen

    run(main)
