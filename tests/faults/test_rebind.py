"""`close` and `unbind` return with the listener closed: the address can be bound again at once."""

import contextlib
from collections.abc import Iterator
from typing import Final

import pytest

import purezmq as zmq
from tests.helpers.endpoints import fresh_endpoint
from tests.helpers.sockets import Sockets

ROUNDS: Final = 100


@pytest.fixture(params=["tcp", "ipc", "ipc-abstract", "inproc"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    transport, _, abstract = request.param.partition("-")
    with fresh_endpoint(transport) as text:
        yield text.replace("ipc://", "ipc://@") if abstract else text


def test_an_address_can_be_bound_as_soon_as_its_socket_is_closed(sockets: Sockets, address: str) -> None:
    for number in range(ROUNDS):
        with sockets.context.socket(zmq.PULL) as pull, sockets.context.socket(zmq.PUSH) as push:
            pull.rcvtimeo = 10_000
            pull.bind(address)
            push.connect(address)
            push.send(b"%d" % number)
            assert pull.recv() == b"%d" % number


def test_an_address_can_be_bound_as_soon_as_it_is_unbound(sockets: Sockets, address: str) -> None:
    first, second = sockets(zmq.PULL), sockets(zmq.PULL)
    for number in range(ROUNDS):
        for pull in (first, second):
            pull.bind(address)
            push = sockets.connected(zmq.PUSH, address)
            push.send(b"%d" % number)
            assert pull.recv() == b"%d" % number
            push.close()
            pull.unbind(address)


def test_an_address_can_be_bound_as_soon_as_its_context_is_gone(address: str) -> None:
    for _ in range(ROUNDS):
        with zmq.Context() as context, context.socket(zmq.PULL) as pull:
            pull.bind(address)


def test_nobody_is_accepted_after_unbind(sockets: Sockets, address: str) -> None:
    pull = sockets(zmq.PULL)
    pull.bind(address)
    pull.unbind(address)
    push = sockets.connected(zmq.PUSH, address, immediate=1, sndtimeo=50)
    with contextlib.suppress(zmq.Again):
        push.send(b"for nobody")
    assert pull.poll(50) == 0
