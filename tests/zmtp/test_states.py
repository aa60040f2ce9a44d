import itertools

import pytest

from purezmq.zmtp.errors import Code, PeerError
from purezmq.zmtp.states import TRANSITIONS, Input, State, advance

LEGAL = {
    (State.GREETING, Input.GREETING): State.HANDSHAKE,
    (State.GREETING, Input.OLD_GREETING): State.IDENTITY,
    (State.IDENTITY, Input.MESSAGE): State.TRAFFIC,
    (State.HANDSHAKE, Input.COMMAND): State.HANDSHAKE,
    (State.HANDSHAKE, Input.LAST_COMMAND): State.TRAFFIC,
    (State.TRAFFIC, Input.MESSAGE): State.TRAFFIC,
    (State.TRAFFIC, Input.COMMAND): State.TRAFFIC,
} | {
    (state, end): State.CLOSED
    for state in (State.GREETING, State.IDENTITY, State.HANDSHAKE, State.TRAFFIC)
    for end in (Input.FAULT, Input.EOF)
}


@pytest.mark.parametrize(("state", "got"), list(itertools.product(State, Input)), ids=lambda one: one.name)
def test_every_state_takes_what_the_rfc_allows_and_refuses_all_else(state, got):
    if (state, got) in LEGAL:
        assert advance(state, got) is LEGAL[state, got]
        return
    with pytest.raises(PeerError) as raised:
        advance(state, got)
    assert raised.value.code == Code.UNEXPECTED_COMMAND
    assert raised.value.reason.endswith(f"got {got.name}")


def test_the_error_names_what_was_expected():
    with pytest.raises(PeerError, match="expected COMMAND or LAST_COMMAND, got MESSAGE"):
        advance(State.HANDSHAKE, Input.MESSAGE)
    with pytest.raises(PeerError, match="expected nothing more, got EOF"):
        advance(State.CLOSED, Input.EOF)


def test_every_state_is_in_the_table_and_can_be_reached():
    assert set(TRANSITIONS) == set(State)
    reached = {target for moves in TRANSITIONS.values() for target in moves.values()}
    assert reached | {State.GREETING} == set(State)
