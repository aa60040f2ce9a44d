"""A thousand clients connect, talk and leave: nothing of them stays behind, in their process or in the server's."""

import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

import purezmq as zmq
from tests.helpers.endpoints import fresh_endpoint
from tests.helpers.resources import Held, held
from tests.helpers.sockets import Sockets, endpoint_of
from tests.helpers.waiting import TIMEOUT, eventually

CLIENTS: Final = 1000
WARM_UP: Final = 120
"""So many that what is kept for a while, such as the latest events, is full."""

A_CLIENT: Final = 60
"""Objects of ours that belong to one client, which may be just leaving."""

NOISE: Final = CLIENTS // 4
"""Objects of others that come and go; one left behind by each client would be four times as many."""


class EchoServer:
    """A ROUTER that sends everything back, in a thread."""

    def __init__(self, sockets: Sockets, endpoint: str) -> None:
        self.sock = sockets.bound(zmq.ROUTER, endpoint, rcvtimeo=-1)
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        while (message := self.sock.recv_multipart())[-1] != b"end":
            self.sock.send_multipart(message)


@pytest.fixture
def server(sockets: Sockets, endpoint: str) -> Iterator[EchoServer]:
    echo = EchoServer(sockets, endpoint)
    yield echo
    ask(sockets.context, zmq.DEALER, endpoint, b"end")
    echo.thread.join(TIMEOUT)


def ask(context: Any, kind: int, endpoint: str, text: bytes) -> None:
    """One client: it connects, talks, and leaves."""
    with context.socket(kind) as sock:
        sock.rcvtimeo = 10_000
        sock.connect(endpoint)
        sock.send(text)
        if text != b"end":
            assert sock.recv() == text


def leaves_nothing(client: Callable[[int], None]) -> None:
    """Run a few clients and look; run a thousand and look again, until all is as before."""
    for number in range(WARM_UP):
        client(number)
    before = settled()
    for number in range(CLIENTS):
        client(number)
    eventually(lambda: no_more(held(), before), lambda: f"no more is held than {before}; it is {held()}")


def settled() -> Held:
    """What is held once two looks see the same."""
    looks = [held()]

    def the_same() -> bool:
        looks.append(held())
        return looks[-1][:3] == looks[-2][:3]

    eventually(the_same, "two looks see the same")
    assert looks[-1].ours > 0, "the server's objects are seen"
    return looks[-1]


def no_more(now: Held, before: Held) -> bool:
    """Whether nothing was added that is more than what comes and goes."""
    most = before._replace(ours=before.ours + A_CLIENT, objects=before.objects + NOISE)
    return all(n <= m for n, m in zip(now, most, strict=True))


@pytest.mark.parametrize("endpoint", ["tcp", "ipc", "inproc"], indirect=True)
@pytest.mark.parametrize("kind", ["REQ", "DEALER"])
def test_clients_of_one_context_leave_nothing(sockets: Sockets, server: EchoServer, endpoint: str, kind: str) -> None:
    leaves_nothing(lambda number: ask(sockets.context, getattr(zmq, kind), endpoint, b"%d" % number))


@pytest.mark.parametrize("endpoint", ["tcp"], indirect=True)
def test_clients_with_a_context_each_leave_nothing(server: EchoServer, endpoint: str) -> None:
    def client(number: int) -> None:
        with zmq.Context() as context:
            ask(context, zmq.REQ, endpoint, b"%d" % number)

    leaves_nothing(client)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("endpoint", ["tcp"], indirect=True)
def test_clients_that_leave_without_closing_anything_leave_nothing(server: EchoServer, endpoint: str) -> None:
    def client(number: int) -> None:
        sock = zmq.Context().socket(zmq.REQ)
        sock.connect(endpoint)
        sock.send(b"%d" % number)
        assert sock.recv() == b"%d" % number

    leaves_nothing(client)


def test_subscribers_leave_nothing(sockets: Sockets) -> None:
    publisher = sockets.bound(zmq.XPUB)
    endpoint = endpoint_of(publisher)

    def client(number: int) -> None:
        with sockets.context.socket(zmq.SUB) as sock:
            sock.rcvtimeo = 10_000
            sock.subscribe(b"%d:" % number)
            sock.connect(endpoint)
            assert publisher.recv() == b"\x01%d:" % number
            publisher.send(b"%d:news" % number)
            assert sock.recv() == b"%d:news" % number
        assert publisher.recv() == b"\x00%d:" % number

    leaves_nothing(client)


def test_closing_everything_leaves_no_descriptor_and_no_thread() -> None:
    def client(_: int) -> None:
        with Sockets() as sockets, fresh_endpoint("tcp") as endpoint:
            server = sockets.bound(zmq.REP, endpoint)
            request = sockets.connected(zmq.REQ, endpoint)
            request.send(b"question")
            assert server.recv() == b"question"

    client(0)
    before = held()
    for number in range(20):
        client(number)
        now = held()
        assert now.descriptors <= before.descriptors, "they are closed when term returns"
        assert now.threads <= before.threads, "they have ended when term returns"
