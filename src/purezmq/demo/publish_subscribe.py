"""Publish-subscribe (RFC 29): one PUB, two SUB with different filters, one of them with two.

A publisher drops what nobody has subscribed to yet, so the subscribers must be known to be there before the first
bulletin ("slow joiner"). Nobody sleeps for that: the publisher repeats a test message, and each subscriber that has
received one says so on another socket. It subscribed to the test's topic last, and subscriptions arrive in order: so
all of them are in force.
"""

from collections.abc import Iterator
from functools import partial

import purezmq as zmq

from .scene import Check, Received, Scene
from .stage import Stage, receive, repeat_until_present, send

FILTERS = {"Ann": ["weather."], "Ben": ["sport.", "stocks.acme"]}
TEST, END = ["studio", "test"], ["studio", "end"]
BULLETINS = [
    ["weather.oslo", "snow"],
    ["sport.tennis", "6:4"],
    ["stocks.acme", "+3%"],
    ["stocks.other", "-1%"],
    ["weather.rome", "sun"],
    ["music.jazz", "Take Five"],
    ["sport.chess", "1-0"],
    ["stocks.acme", "+5%"],
    ["weather.bergen", "rain"],
]


def publish(stage: Stage) -> Received:
    """Wait for the subscribers, then send each bulletin once."""
    with stage.bind(zmq.PULL, "ready") as ready, stage.bind(zmq.PUB, "news") as news:
        present = repeat_until_present(news, TEST, ready, set(FILTERS))
        for message in [*BULLETINS, END]:
            send(news, *message)
    return present


def subscribe(name: str, stage: Stage) -> Received:
    """Say when the news come in, then keep what comes until the end."""
    bulletins: Received = []
    with (
        stage.connect(zmq.SUB, "news", *FILTERS[name], TEST[0]) as news,
        stage.connect(zmq.PUSH, "ready") as ready,
    ):
        bulletin = receive(news)
        send(ready, name)
        while bulletin != END:
            if bulletin != TEST:
                bulletins.append(bulletin)
            bulletin = receive(news)
    return bulletins


def tell(message: list[str]) -> str:
    """`weather.oslo snow` at a subscriber, `Ann is ready` at the publisher."""
    return " ".join(message) if len(message) > 1 else f"{message[0]} is ready"


def check(received: dict[str, Received]) -> Iterator[Check]:
    """Each subscriber has what its filters let through, in the order of sending, and nothing else."""
    yield Check("the publisher's subscribers", sorted([name] for name in FILTERS), sorted(received["publisher"]))
    for name, filters in FILTERS.items():
        wanted = [bulletin for bulletin in BULLETINS if bulletin[0].startswith(tuple(filters))]
        yield Check(f"{name}'s bulletins ({' and '.join(filters)})", wanted, received[name])


SCENE = Scene(
    name="publish-subscribe",
    transports=("tcp", "ipc", "inproc"),
    names=("ready", "news"),
    roles={"publisher": publish} | {name: partial(subscribe, name) for name in FILTERS},
    tell=tell,
    check=check,
)
