"""The life of a connection as a table: every move that RFC 23 and RFC 37 allow, and nothing else decides one.

It knows no octets: the handshake says what came, the table says where that leads. Imports from this folder only.
"""

from enum import Enum, auto

from .errors import Code, PeerError


class State(Enum):
    """Where a connection stands."""

    GREETING = auto()
    IDENTITY = auto()  # ZMTP 1.0 and 2.0: after the greeting the peer tells its routing id, and that is all
    HANDSHAKE = auto()  # ZMTP 3.x: the mechanism's commands, in as many rounds as it needs
    TRAFFIC = auto()
    CLOSED = auto()


class Input(Enum):
    """What came from the peer."""

    GREETING = auto()
    OLD_GREETING = auto()  # of ZMTP 1.0 or 2.0
    MESSAGE = auto()
    COMMAND = auto()
    LAST_COMMAND = auto()  # after which the mechanism has nothing more to wait for
    FAULT = auto()  # octets that are none of the above
    EOF = auto()


TRANSITIONS: dict[State, dict[Input, State]] = {
    State.GREETING: {
        Input.GREETING: State.HANDSHAKE,
        Input.OLD_GREETING: State.IDENTITY,
        Input.FAULT: State.CLOSED,
        Input.EOF: State.CLOSED,
    },
    State.IDENTITY: {
        Input.MESSAGE: State.TRAFFIC,
        Input.FAULT: State.CLOSED,
        Input.EOF: State.CLOSED,
    },
    State.HANDSHAKE: {
        Input.COMMAND: State.HANDSHAKE,
        Input.LAST_COMMAND: State.TRAFFIC,
        Input.FAULT: State.CLOSED,
        Input.EOF: State.CLOSED,
    },
    State.TRAFFIC: {
        Input.MESSAGE: State.TRAFFIC,
        Input.COMMAND: State.TRAFFIC,
        Input.FAULT: State.CLOSED,
        Input.EOF: State.CLOSED,
    },
    State.CLOSED: {},
}


def advance(state: State, got: Input) -> State:
    """Where `got` leads from `state`. Raises PeerError when it leads nowhere."""
    try:
        return TRANSITIONS[state][got]
    except KeyError:
        welcome = [one.name for one in TRANSITIONS[state] if one not in {Input.FAULT, Input.EOF}]
        expected = " or ".join(welcome) or "nothing more"
        raise PeerError(f"expected {expected}, got {got.name}", code=Code.UNEXPECTED_COMMAND) from None
