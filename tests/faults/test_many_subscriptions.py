"""A hundred thousand subscriptions on one socket: all take effect, and the cost of a message does not show them."""

from typing import Final

import pytest

import purezmq as zmq
from tests.helpers.sockets import Sockets

TOPICS: Final = 100_000


def topic(number: int) -> bytes:
    return b"sensor/%06d/" % number


@pytest.mark.parametrize("endpoint", ["tcp", "inproc"], indirect=True)
@pytest.mark.parametrize("first", ["connect", "subscribe"])
def test_all_of_them_take_effect(sockets: Sockets, endpoint: str, first: str) -> None:
    publisher = sockets.bound(zmq.XPUB, endpoint, rcvhwm=0, sndhwm=0)
    subscriber = sockets(zmq.SUB, rcvhwm=0, sndhwm=0)
    if first == "connect":
        subscriber.connect(endpoint)
    for number in range(TOPICS):
        subscriber.subscribe(topic(number))
    if first == "subscribe":
        subscriber.connect(endpoint)
    assert {publisher.recv() for _ in range(TOPICS)} == {b"\x01" + topic(number) for number in range(TOPICS)}

    chosen = range(0, TOPICS, 17)
    for number in chosen:
        publisher.send(b"sensor/%06d" % number)  # one octet too short
        publisher.send(topic(number) + b"20.5 degrees")
    assert [subscriber.recv() for _ in chosen] == [topic(number) + b"20.5 degrees" for number in chosen]

    for number in range(TOPICS):
        subscriber.unsubscribe(topic(number))
    assert {publisher.recv() for _ in range(TOPICS)} == {b"\x00" + topic(number) for number in range(TOPICS)}
    publisher.send(topic(0))
    assert subscriber.poll(20) == 0


def test_when_the_subscriber_leaves_they_are_gone(sockets: Sockets) -> None:
    publisher = sockets.bound(zmq.XPUB, rcvhwm=0)
    subscriber = sockets(zmq.SUB, sndhwm=0)
    for number in range(TOPICS):
        subscriber.subscribe(topic(number))
    subscriber.connect(publisher.last_endpoint)
    assert len({publisher.recv() for _ in range(TOPICS)}) == TOPICS
    subscriber.close()
    assert {publisher.recv() for _ in range(TOPICS)} == {b"\x00" + topic(number) for number in range(TOPICS)}
