import asyncio
import importlib

import pytest

tornado = pytest.importorskip("tornado")


def module(name):
    return importlib.import_module(f"purezmq.green.eventloop{name}")


@pytest.mark.filterwarnings("ignore:zmq.eventloop.ioloop:DeprecationWarning")
def test_the_names_are_tornados_and_ours():
    assert module("").IOLoop is tornado.ioloop.IOLoop
    assert module(".ioloop").ZMQIOLoop is tornado.ioloop.IOLoop


@pytest.mark.filterwarnings("ignore:zmq.eventloop.ioloop:DeprecationWarning")
def test_a_stream_takes_a_green_socket(ours, pair):
    push, pull = pair(ours.PUSH, ours.PULL)

    async def main():
        received = asyncio.get_running_loop().create_future()
        stream = module(".zmqstream").ZMQStream(pull)
        stream.on_recv(received.set_result)
        push.send_multipart([b"x", b"y"])
        assert await asyncio.wait_for(received, 10) == [b"x", b"y"]
        stream.close()

    asyncio.run(main())
    assert pull.closed
