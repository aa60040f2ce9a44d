"""Exclusive pair (RFC 31): two threads, joined by two PAIR sockets over inproc, play a short game of chess."""

from collections.abc import Iterator

import purezmq as zmq

from .scene import Check, Received, Scene
from .stage import Stage, receive, send

WHITE = ["e4", "Bc4", "Qh5", "Qxf7#"]
BLACK = ["e5", "Nc6", "Nf6"]


def play_white(stage: Stage) -> Received:
    """Move first, and last."""
    answers: Received = []
    with stage.bind(zmq.PAIR, "board") as board:
        for move in WHITE:
            send(board, move)
            if move != WHITE[-1]:
                answers.append(receive(board))
    return answers


def play_black(stage: Stage) -> Received:
    """Answer each move but the last."""
    moves: Received = []
    with stage.connect(zmq.PAIR, "board") as board:
        for answer in BLACK:
            moves.append(receive(board))
            send(board, answer)
        moves.append(receive(board))
    return moves


def tell(message: list[str]) -> str:
    """The move."""
    return message[0]


def check(received: dict[str, Received]) -> Iterator[Check]:
    """Each side has seen the other one's moves, in order."""
    yield Check("Black's moves, at White", [[move] for move in BLACK], received["White"])
    yield Check("White's moves, at Black", [[move] for move in WHITE], received["Black"])


SCENE = Scene(
    name="exclusive pair",
    transports=("inproc",),
    names=("board",),
    roles={"White": play_white, "Black": play_black},
    tell=tell,
    check=check,
)
