"""Request-reply (RFC 28): one REP server and three REQ clients at once; each gets the replies to its own requests."""

from collections.abc import Iterator
from functools import partial

import purezmq as zmq

from .scene import Check, Received, Scene
from .stage import Stage, receive, send

QUESTIONS = {"Ann": range(1, 5), "Ben": range(11, 15), "Cleo": range(21, 25)}
"""The numbers that each client wants to have squared."""


def serve(stage: Stage) -> Received:
    """Answer each request with who asked, the number and its square."""
    requests: Received = []
    with stage.bind(zmq.REP, "squares") as server:
        for _ in range(sum(map(len, QUESTIONS.values()))):
            name, number = receive(server)
            requests.append([name, number])
            send(server, name, number, int(number) ** 2)
    return requests


def ask(name: str, stage: Stage) -> Received:
    """Ask one question after the other, each when the last one is answered."""
    replies: Received = []
    with stage.connect(zmq.REQ, "squares") as client:
        for number in QUESTIONS[name]:
            send(client, name, number)
            replies.append(receive(client))
    return replies


def tell(message: list[str]) -> str:
    """`Ann asks 3` at the server, `3*3=9` at a client."""
    name, number, *square = message
    return f"{number}*{number}={square[0]}" if square else f"{name} asks {number}"


def check(received: dict[str, Received]) -> Iterator[Check]:
    """Every request came once; every client has its own replies, in its order, and nothing else."""
    requests = [[name, str(number)] for name, numbers in QUESTIONS.items() for number in numbers]
    yield Check("the server's requests", sorted(requests), sorted(received["server"]))
    for name, numbers in QUESTIONS.items():
        replies = [[name, str(number), str(number**2)] for number in numbers]
        yield Check(f"{name}'s own replies", replies, received[name])


SCENE = Scene(
    name="request-reply",
    transports=("tcp", "ipc", "inproc"),
    names=("squares",),
    roles={"server": serve} | {name: partial(ask, name) for name in QUESTIONS},
    tell=tell,
    check=check,
)
