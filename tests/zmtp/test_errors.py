import pytest

from purezmq.zmtp.errors import Code, PeerError, PeerRefusedError


def test_the_text_says_where_when_that_is_known():
    error = PeerError("expected this, got that")
    assert str(error) == "expected this, got that"
    error.where = "GREETING"
    assert str(error) == "in GREETING: expected this, got that"


def test_a_fault_of_the_peer_is_final_unless_told_otherwise():
    assert PeerError("text").fatal
    assert PeerError("text").code == Code.NONE
    assert not PeerError("text", fatal=False).fatal


@pytest.mark.parametrize(
    ("text", "status"), [(b"300", 300), (b"400", 400), (b"500", 500), (b"200", 0), (b"\xff", 0), (b"", 0)]
)
def test_a_refusal_knows_the_status_that_zap_gave(text, status):
    error = PeerRefusedError(text)
    assert error.status == status
    assert error.text == text
    assert error.fatal
