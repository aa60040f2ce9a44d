"""What the two clients have in common: what a member of the room says when, and what they see. Nothing here waits."""

from typing import Any, Final
from uuid import uuid4

import purezmq as zmq

from .protocol import SILENCE, encode, end_dead_connections

LEAVE: Final = encode("LEAVE")
"""What is said last."""

NOT_SENT: Final = "! not sent: the server is not there"


class RefusedError(Exception):
    """The server does not let this member in."""


class Member:
    """One member of the room, under a name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_in = False
        self.heard = 0.0
        """When something last came from the server."""

    def beat(self, now: float) -> str | None:
        """What the user sees if the server has not been heard for too long."""
        if not self.is_in or now - self.heard <= SILENCE:
            return None
        self.is_in = False
        return "* the server is gone; when it is back, you will join again"

    def join(self) -> list[bytes]:
        """What is said at each beat."""
        return encode("JOIN", self.name)

    def hear(self, words: list[str], now: float) -> str | None:
        """What the user sees of a message. Raises RefusedError."""
        self.heard = now
        if words[0] == "WELCOME":
            self.is_in, was_in = True, self.is_in
            return None if was_in else f"* you are in; here: {', '.join(words[1:])}"
        match words:
            case ["REFUSED", reason]:
                raise RefusedError(reason)
            case ["SAID", name, text]:
                shown = f"{name}: {text}"
            case ["NEWS", text]:
                shown = f"* {text}"
            case ["HERE", *names]:
                shown = f"* here: {', '.join(names)}"
            case ["ERROR", text]:
                shown = f"! {text}"
            case _:
                shown = f"! the server said what this client does not understand: {' '.join(words)}"
        return shown

    def say(self, line: str) -> list[bytes]:
        """What is sent for a line that the user has typed; an empty one, without even a line feed, is the end."""
        text = line.strip()
        if not line:
            return LEAVE
        if text.startswith("/"):
            verb, *words = text[1:].split() or [""]
            return encode(verb.upper(), *words)
        return encode("SAY", text)


def set_up(socket: zmq.Socket[Any]) -> None:
    """Prepare a client's DEALER."""
    socket.routing_id = uuid4().hex.encode()  # when a connection breaks, the server knows us again
    socket.immediate = True  # what nobody can hear now is not said later
    socket.sndtimeo = 0
    socket.linger = 1000
    end_dead_connections(socket)
