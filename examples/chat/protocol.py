"""What clients and the server of the chat say to each other: a verb and its words, each a part of a message, in UTF-8.

======== ====================  ======================================================================
a client JOIN name             I am here; said again every `BEAT` seconds, for as long as that is true
         SAY text              to all others
         WHO                   is here?
         LEAVE                 I go
server   WELCOME names         the answer to JOIN: who is here
         REFUSED reason        the other answer to JOIN
         SAID name text        somebody has said this
         NEWS text             somebody has come, or has gone
         HERE names            the answer to WHO
         ERROR text            the answer to what makes no sense
======== ====================  ======================================================================

That JOIN is repeated is all it takes to survive: a client that is not heard is gone, a server that does not answer is
gone, and a server that was started again finds out within a moment who is in the room.
"""

from collections.abc import Sequence
from typing import Any, Final

import purezmq as zmq

ENDPOINT: Final = "tcp://127.0.0.1:5555"
"""Where the server is, unless the command line says otherwise."""

BEAT: Final = 0.5
"""Seconds between two JOINs of a client."""

SILENCE: Final = 3.0
"""Seconds without a word after which somebody is believed to be gone."""


def encode(*words: str) -> list[bytes]:
    """The parts of a message."""
    return [word.encode() for word in words]


def decode(parts: Sequence[bytes]) -> list[str]:
    """The words of a message; what is not UTF-8 is shown as well as that is possible."""
    return [part.decode(errors="replace") for part in parts]


def end_dead_connections(socket: zmq.Socket[Any]) -> None:
    """Have ZeroMQ itself end a connection whose other end has vanished without a word, as a machine does."""
    socket.heartbeat_ivl = int(BEAT * 1000)
    socket.heartbeat_timeout = int(SILENCE * 1000)
