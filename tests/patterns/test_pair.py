from purezmq.patterns.pair import Pair
from tests.patterns import vocabulary
from tests.patterns.vocabulary import Peer, hears, hears_all, is_silent, join, leave, must_wait, says, tells


def test_both_sides_send_and_receive():
    left, right = Pair(), Pair()
    vocabulary.Pair(left, right)
    says(left, b"to the right")
    says(right, [b"to", b"the left"])
    hears(right, b"to the right")
    hears(left, [b"to", b"the left"])
    is_silent(left)


def test_alone_it_waits():
    pair = Pair()
    assert not pair.can_send()
    assert not pair.check_send(b"a")
    must_wait(pair, b"a")
    is_silent(pair)


def test_a_full_peer_makes_the_sender_wait():
    pair, peer = Pair(), Peer(send_limit=1)
    join(pair, peer)
    says(pair, b"a")
    assert not pair.can_send()
    must_wait(pair, b"b")
    peer.got()
    assert pair.can_send()
    says(pair, b"b")


def test_a_second_peer_is_turned_away():
    pair, first, second = Pair(), Peer(), Peer()
    join(pair, first, second)
    assert second.dropped
    assert not first.dropped
    tells(pair, second, b"intruder")
    is_silent(pair)
    leave(pair, second)
    says(pair, b"a")
    assert first.got() == [b"a"]


def test_when_the_peer_is_gone_another_may_come():
    pair, first, second = Pair(), Peer(), Peer()
    join(pair, first)
    tells(pair, first, b"last words")
    leave(pair, first)
    must_wait(pair, b"a")
    join(pair, second)
    says(pair, b"a")
    assert second.got() == [b"a"]
    tells(pair, second, b"first words")
    assert hears_all(pair) == [b"last words", b"first words"]


def test_a_lost_connection_keeps_its_queue():
    pair, peer = Pair(), Peer()
    join(pair, peer)
    pair.disconnected(peer)
    says(pair, b"a")
    assert peer.got() == [b"a"]
