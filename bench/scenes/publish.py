"""One PUB and some SUBs, all of which get all messages.

PUB drops what a slow subscriber has no room for, so the subscribers acknowledge each batch, and the publisher is never
more than a few batches ahead; their high-water marks are out of reach. All subscribers live in one process, which takes
a batch from each in turn.
"""

import random
from collections.abc import Callable
from itertools import cycle, islice
from time import perf_counter
from typing import Any, Final

from ..channel import Channel
from ..stage import Stage
from .scene import Figures, FollowWork, LeadWork, Scene

BATCH: Final = 250
"""How many messages the subscribers acknowledge together."""
AHEAD: Final = 4
"""How many batches may be under way."""
CALL: Final = b"\xffcall"
LAST_CALL: Final = b"\xfflast call"


def topics(settings: dict[str, Any]) -> list[bytes]:
    """What is subscribed to: everything, or so many topics of five digits."""
    number = settings.get("topics")
    return [b"%05d" % topic for topic in range(number)] if number else [b""]


def payloads(settings: dict[str, Any]) -> list[bytes]:
    """What is published: the topics at random, each filled up to the size."""
    known = topics(settings)
    rng = random.Random(len(known))  # noqa: S311 - the same order for all
    return [topic.ljust(settings["size"], b".") for topic in rng.sample(known, len(known))]


def subscribe(stage: Stage) -> LeadWork:
    """The subscribers."""
    zmq = stage.library.zmq
    sockets = stage.connect("SUB", stage.settings["subscribers"])
    for socket in sockets:
        for topic in [*topics(stage.settings), LAST_CALL, CALL]:  # who hears CALL has all others in force
            socket.setsockopt(zmq.SUBSCRIBE, topic)
    receives = [socket.recv for socket in sockets]
    _answer_the_call(receives, stage.channel)

    def work(count: int) -> list[float]:
        for recv in receives:
            recv()
        start = perf_counter()
        for _ in range(count // BATCH):
            for recv in receives:
                for _ in range(BATCH):
                    recv()
            stage.channel.tell("go on")
        return [perf_counter() - start]

    return work


def publish(stage: Stage, batch: int = BATCH) -> FollowWork:
    """The publisher, of one message more than the clock sees."""
    send = stage.bind("PUB").send
    _call_until_all_are_there(send, stage.channel)
    messages = cycle(payloads(stage.settings))

    def work(count: int) -> None:
        send(next(messages))
        batches = count // batch
        for number in range(batches):
            if number >= AHEAD:
                stage.channel.hear()
            for message in islice(messages, batch):
                send(message)
        for _ in range(min(batches, AHEAD)):
            stage.channel.hear()

    return work


def _answer_the_call(receives: list[Callable[[], bytes]], channel: Channel) -> None:
    for recv in receives:
        recv()
    channel.tell("all are there")
    for recv in receives:
        while recv() != LAST_CALL:
            pass


def _call_until_all_are_there(send: Callable[[bytes], object], channel: Channel) -> None:
    while not channel.has_news(0.005):
        send(CALL)
    channel.hear()
    send(LAST_CALL)


def deliveries(settings: dict[str, Any]) -> int:
    """How many messages arrive for one that is sent."""
    subscribers: int = settings["subscribers"]
    return subscribers


def figures(settings: dict[str, Any], count: int, readings: list[float]) -> Figures:
    """Messages a second, as delivered to all subscribers together."""
    return {"rate": count * deliveries(settings) / sum(readings)}


SCENE = Scene(subscribe, publish, figures, deliveries, step=BATCH, costs=True)
