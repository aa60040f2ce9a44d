"""Sockets for trio, and programs that use them."""

import gc
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest

import purezmq as zmq
from tests.helpers.waiting import TIMEOUT

trio = pytest.importorskip("trio")
import purezmq.trio  # noqa: E402 (it needs trio)


@pytest.fixture(scope="session", autouse=True)
def trios_threads_are_there() -> None:
    """Have trio start the threads in which contexts are terminated, before the first test counts threads."""
    sys.modules["trio._core._thread_cache"].IDLE_TIMEOUT = 3600  # type: ignore[attr-defined]  # else they end
    met = threading.Barrier(4)

    def meet() -> None:
        threading.current_thread()
        met.wait()

    async def start() -> None:
        async with trio.open_nursery() as nursery:
            for _ in range(met.parties):
                nursery.start_soon(trio.to_thread.run_sync, meet)

    trio.run(start)


@pytest.fixture(params=["tcp", "ipc", "inproc"])
def transport(request: pytest.FixtureRequest) -> str:
    return request.param


class Pairs:
    """Bound and connected sockets, which end with the test."""

    def __init__(self) -> None:
        self.context = purezmq.trio.Context()
        self._kept: list[object] = []

    def socket(self, kind: int, **options: int):
        socket = self.context.socket(kind)
        for name, value in ({"linger": 0} | options).items():
            setattr(socket, name, value)
        self._kept.append(socket)
        return socket

    def make(self, binder: int, connecter: int, transport: str = "inproc", **options: int):
        ends = self.socket(binder, **options), self.socket(connecter, **options)
        endpoint = {"tcp": "tcp://127.0.0.1:*", "ipc": "ipc://*", "inproc": f"inproc://{id(ends[0])}"}[transport]
        ends[0].bind(endpoint)
        ends[1].connect(ends[0].last_endpoint)
        return ends

    def pipeline(self, transport: str = "inproc", **options: int):
        """A PULL and a PUSH socket."""
        return self.make(zmq.PULL, zmq.PUSH, transport, **options)


@pytest.fixture
def pairs() -> Iterator[Pairs]:
    pairs = Pairs()
    yield pairs
    pairs.context.destroy(linger=0)


@pytest.fixture
def run():
    """Runs a program that is told by its waiting too long, and by coroutines that are never awaited."""

    def run(main):
        async def within():
            with trio.fail_after(TIMEOUT):
                return await main()

        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = trio.run(within)
            gc.collect()
            return result

    return run
