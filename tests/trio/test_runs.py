"""Sockets and `trio.run`: several runs, threads and contexts; bursts; Ctrl-C; and the pump without a poll set."""

import os
import signal
import subprocess
import sys
import threading

import pytest
import trio
from trio.lowlevel import checkpoint
from trio.testing import wait_all_tasks_blocked

import purezmq as zmq
from purezmq.trio import Context, Socket
from tests.helpers.waiting import TIMEOUT, eventually


def numbered(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


def test_messages_in_a_row_gather_and_go_out_when_the_run_sleeps(run, pairs):
    async def main():
        pull, push = pairs.pipeline("tcp")
        await push.send(b"first")
        assert await pull.recv() == b"first"
        gathered = 0
        for number in numbered(100):
            await push.send(number)
            gathered += bool(push._lanes.outgoing)
        assert gathered > 50
        await wait_all_tasks_blocked(cushion=0.001)
        assert not push._lanes.outgoing
        assert [await pull.recv() for _ in range(100)] == numbered(100)

    run(main)


def test_what_has_gathered_goes_out_while_others_keep_the_run_busy(run, pairs):
    async def main():
        pull, push = pairs.pipeline("tcp")

        async def work():
            while True:
                await checkpoint()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(work)
            for number in numbered(100):
                await push.send(number)
            assert [await pull.recv() for _ in range(100)] == numbered(100)
            nursery.cancel_scope.cancel()

    run(main)


def test_what_has_gathered_goes_out_after_the_run(run, pairs):
    pull, push = pairs.pipeline("tcp")
    elsewhere = zmq.Socket.shadow(pull)
    elsewhere.rcvtimeo = int(TIMEOUT * 1000)

    async def main():
        for number in numbered(100):
            await push.send(number)

    for _ in range(5):
        run(main)
        assert [elsewhere.recv() for _ in range(100)] == numbered(100)


def test_one_run_after_another_uses_a_socket(run, pairs, transport):
    pull, push = pairs.pipeline(transport)

    async def main():
        async with trio.open_nursery() as nursery:
            nursery.start_soon(pull.recv)
            await wait_all_tasks_blocked()
            await push.send(b"a")
        with trio.move_on_after(0.001):
            await pull.recv()

    for _ in range(3):
        run(main)


def in_threads(*programs) -> list[object]:
    """What they return, each run in a thread of its own."""
    results: dict[int, object] = {}

    def work(number, program):
        async def within():
            with trio.fail_after(TIMEOUT):
                results[number] = await program()

        trio.run(within)

    threads = [threading.Thread(target=work, args=task) for task in enumerate(programs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[number] for number in range(len(programs))]


def test_runs_in_several_threads_share_a_context(pairs, transport):
    async def exchange():
        pull, push = pairs.pipeline(transport)
        async with trio.open_nursery() as nursery:

            async def send():
                for number in numbered(500):
                    await push.send(number)

            nursery.start_soon(send)
            return [await pull.recv() for _ in range(500)]

    assert in_threads(*[exchange] * 4) == [numbered(500)] * 4


def test_runs_in_several_threads_share_a_socket(pairs, transport):
    pull, push = pairs.pipeline(transport)
    got: list[bytes] = []

    async def receive():
        while len(got) < 900:
            with trio.move_on_after(0.05):
                got.append(await pull.recv())

    async def send():
        for number in range(300):
            await push.send(b"%d" % number)

    in_threads(receive, send, receive, send, send)
    assert sorted(got) == sorted(numbered(300) * 3)


def test_blocking_sockets_and_those_of_trio_talk(run, pairs, transport):
    rep, _ = pairs.make(zmq.REP, zmq.REQ, transport)
    blocking = zmq.Context.shadow(pairs.context).socket(zmq.REQ)
    blocking.linger, blocking.rcvtimeo = 0, int(TIMEOUT * 1000)

    def ask():
        with blocking:
            blocking.connect(rep.last_endpoint)
            for number in numbered(100):
                blocking.send(number)
                assert blocking.recv() == number

    async def main():
        async def serve():
            async for message in rep:
                await rep.send_multipart(message)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(serve)
            await trio.to_thread.run_sync(ask)
            nursery.cancel_scope.cancel()

    run(main)


def test_a_shadow_of_a_blocking_socket_is_awaited_beside_it(run, transport):
    with zmq.Context() as context, context.socket(zmq.PULL) as pull, context.socket(zmq.PUSH) as push:
        pull.rcvtimeo = 10
        pull.bind({"tcp": "tcp://127.0.0.1:*", "ipc": "ipc://*", "inproc": "inproc://a"}[transport])
        push.connect(pull.last_endpoint)
        push.linger = 0
        got: list[bytes] = []

        def receive():
            while len(got) < 1000:
                try:
                    got.append(pull.recv())
                except zmq.Again:
                    continue

        async def main():
            shadow = Socket.shadow(pull)

            async def wait():
                while len(got) < 1000:
                    with trio.move_on_after(0.01):
                        got.append(await shadow.recv())

            async with trio.open_nursery() as nursery:
                nursery.start_soon(wait)
                nursery.start_soon(trio.to_thread.run_sync, receive)
                for number in numbered(1000):
                    await Socket.shadow(push).send(number)

        run(main)
        assert sorted(got) == sorted(numbered(1000))


def test_while_no_task_waits_the_socket_is_looked_after(run, pairs):
    async def main():
        listener = pairs.socket(zmq.PULL)
        listener.bind("tcp://127.0.0.1:*")
        dealer = pairs.socket(zmq.PUSH, immediate=1)
        monitor = dealer.get_monitor_socket(zmq.Event.HANDSHAKE_SUCCEEDED)
        with monitor:
            dealer.connect(listener.last_endpoint)
            await trio.to_thread.run_sync(lambda: eventually(lambda: zmq.Socket.shadow(monitor).poll(0), "a peer"))
            dealer.disable_monitor()

    run(main)


PROGRAM = """
import os, signal, trio, purezmq as zmq, purezmq.trio

async def main():
    async with purezmq.trio.Context() as context, context.socket(zmq.PULL) as pull:
        pull.bind("tcp://127.0.0.1:*")
        async with trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(pull.recv)
            print("ready", flush=True)
            {waits}

try:
    trio.run(main)
except BaseException as error:
    group = error
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    print(type(group).__name__)
"""


@pytest.mark.skipif(os.name == "nt", reason="a signal is sent")
@pytest.mark.parametrize("waits", ["await pull.recv()", "await pull.poll()", "pass"])
def test_ctrl_c_ends_it(waits):
    program = PROGRAM.format(waits=waits)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=TIMEOUT)[0] == "KeyboardInterrupt\n"


def test_it_works_without_a_poll_set_of_the_kernels(run, transport, monkeypatch):
    monkeypatch.setenv("PUREZMQ_PUMP", "reactor")

    async def main():
        async with Context() as context, context.socket(zmq.PAIR) as one, context.socket(zmq.PAIR) as two:
            one.bind({"tcp": "tcp://127.0.0.1:*", "ipc": "ipc://*", "inproc": "inproc://a"}[transport])
            two.connect(one.last_endpoint)

            async def echo():
                async for message in one:
                    await one.send_multipart(message)

            async with trio.open_nursery() as nursery:
                nursery.start_soon(echo)
                for number in numbered(200):
                    await two.send(number)
                    assert await two.recv() == number
                nursery.cancel_scope.cancel()

    run(main)
