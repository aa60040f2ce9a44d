"""Programs for anyio: on trio they use purezmq.trio, on asyncio purezmq.asyncio, with anyio's scopes in both."""

import importlib

import pytest

import purezmq as zmq

anyio = pytest.importorskip("anyio")


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_program_for_anyio_runs_on_both_backends(backend, transport):
    sockets = importlib.import_module(f"purezmq.{backend}")
    endpoint = {"tcp": "tcp://127.0.0.1:*", "ipc": "ipc://*", "inproc": "inproc://anyio"}[transport]

    async def main():
        async with sockets.Context() as context, context.socket(zmq.REP) as rep, context.socket(zmq.REQ) as req:
            rep.linger = req.linger = 0
            rep.bind(endpoint)
            req.connect(rep.last_endpoint)

            async def serve():
                async for message in rep:
                    await rep.send_multipart(message)

            with anyio.fail_after(10):
                async with anyio.create_task_group() as group:
                    group.start_soon(serve)
                    for number in range(100):
                        await req.send_json(number)
                        assert await req.recv_json() == number
                    group.cancel_scope.cancel()

    anyio.run(main, backend=backend)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_scope_of_anyios_cancels_and_loses_nothing(backend):
    sockets = importlib.import_module(f"purezmq.{backend}")

    async def main():
        async with sockets.Context() as context, context.socket(zmq.PULL) as pull, context.socket(zmq.PUSH) as push:
            push.linger = 0
            pull.bind("inproc://scopes")
            push.connect("inproc://scopes")
            got = []
            for number in range(50):
                with anyio.move_on_after(0.001) as scope:
                    await pull.recv()
                assert scope.cancelled_caught
                await push.send(b"%d" % number)
                with anyio.fail_after(10):
                    got.append(await pull.recv())
            assert got == [b"%d" % number for number in range(50)]

    anyio.run(main, backend=backend)
