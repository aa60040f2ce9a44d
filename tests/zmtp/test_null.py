import pytest

from purezmq.zmtp.errors import Code, PeerError, PeerRefusedError
from purezmq.zmtp.null import Null

METADATA = b"\x0bSocket-Type\0\0\0\x03REQ"


def test_ready_with_the_metadata_is_sent_at_once():
    null = Null()
    assert null.start(METADATA) == [b"\5READY" + METADATA]
    assert not null.done


def test_the_peers_ready_ends_the_handshake():
    null = Null()
    assert null.receive(b"READY", METADATA) == []
    assert null.done
    assert null.properties == {b"Socket-Type": b"REQ"}


def test_error_is_a_refusal():
    with pytest.raises(PeerRefusedError) as raised:
        Null().receive(b"ERROR", b"\x03400")
    assert raised.value.status == 400


@pytest.mark.parametrize("name", [b"HELLO", b"", b"ready", b"PING"])
def test_any_other_command_is_refused(name):
    with pytest.raises(PeerError, match="expected READY or ERROR") as raised:
        Null().receive(name, b"")
    assert raised.value.code == Code.UNEXPECTED_COMMAND


def test_malformed_metadata_is_refused():
    null = Null()
    with pytest.raises(PeerError):
        null.receive(b"READY", METADATA[:-1])
    assert not null.done


def test_nothing_is_encrypted_and_old_peers_are_let_in():
    assert Null.seal is None
    assert Null.open is None
    assert Null.accepts_old_peers
