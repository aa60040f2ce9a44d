import pytest

from purezmq.patterns.errors import WrongState
from purezmq.patterns.rep import Rep
from tests.patterns.vocabulary import Peer, hears, is_silent, join, leave, says, tells


def answering(*peers: Peer) -> Rep:
    rep = Rep()
    join(rep, *peers)
    return rep


def test_the_reply_goes_back_in_the_envelope_of_the_request():
    peer = Peer()
    rep = answering(peer)
    tells(rep, peer, [b"far", b"near", b"", b"question", b"", b"more"])
    hears(rep, [b"question", b"", b"more"])
    says(rep, b"answer")
    assert peer.got() == [[b"far", b"near", b"", b"answer"]]


def test_requests_are_taken_from_all_peers_in_turn_and_answered_to_each():
    one, other = Peer(), Peer()
    rep = answering(one, other)
    tells(rep, one, [b"", b"1"], [b"", b"1"])
    tells(rep, other, [b"", b"2"])
    for expected in (b"1", b"2", b"1"):
        hears(rep, expected)
        says(rep, b"to " + expected)
    assert one.got() == [[b"", b"to 1"], [b"", b"to 1"]]
    assert other.got() == [[b"", b"to 2"]]


def test_sending_first_is_the_wrong_state():
    rep = answering(Peer())
    with pytest.raises(WrongState, match="expected recv, got send"):
        rep.send(b"a")
    with pytest.raises(WrongState):
        rep.check_send(b"a")
    assert not rep.can_send()


def test_receiving_twice_is_the_wrong_state():
    peer = Peer()
    rep = answering(peer)
    tells(rep, peer, [b"", b"1"], [b"", b"2"])
    hears(rep, b"1")
    assert rep.can_send()
    assert rep.check_send(b"a")
    assert not rep.can_recv()
    with pytest.raises(WrongState, match="expected send, got recv"):
        rep.recv()
    says(rep, b"a")
    hears(rep, b"2")


@pytest.mark.parametrize("bad", [b"", b"body", [b"a", b"b"], [b"a", b""]])
def test_a_request_without_a_delimiter_and_a_body_is_thrown_away(bad):
    peer = Peer()
    rep = answering(peer)
    tells(rep, peer, bad)
    is_silent(rep)
    tells(rep, peer, [b"", b""])
    hears(rep, b"")


def test_polling_does_not_change_whom_the_reply_goes_to():
    one, other = Peer(), Peer()
    rep = answering(one, other)
    tells(rep, one, [b"id", b"", b"1"])
    assert rep.can_recv()
    tells(rep, other, [b"", b"2"])
    hears(rep, b"1")
    assert rep.source is one
    assert not rep.can_recv()
    says(rep, b"a")
    assert one.got() == [[b"id", b"", b"a"]]


def test_a_reply_to_a_peer_that_is_gone_is_dropped():
    peer = Peer()
    rep = answering(peer)
    tells(rep, peer, [b"", b"a"])
    hears(rep, b"a")
    leave(rep, peer)
    says(rep, b"b")
    assert peer.got() == []
    is_silent(rep)


def test_a_request_that_was_left_behind_is_read_and_its_reply_dropped():
    peer = Peer()
    rep = answering(peer)
    tells(rep, peer, [b"", b"a"])
    leave(rep, peer)
    hears(rep, b"a")
    says(rep, b"b")
    assert peer.got() == []


def test_a_reply_to_a_peer_that_does_not_read_is_dropped():
    peer = Peer(send_limit=1)
    rep = answering(peer)
    for _ in range(2):
        tells(rep, peer, [b"", b"a"])
        hears(rep, b"a")
        says(rep, b"b")
    assert peer.got() == [[b"", b"b"]]


def test_the_reply_to_a_lost_connection_waits_for_it_to_come_back():
    peer = Peer()
    rep = answering(peer)
    tells(rep, peer, [b"", b"a"])
    hears(rep, b"a")
    rep.disconnected(peer)
    says(rep, b"b")
    assert peer.got() == [[b"", b"b"]]
