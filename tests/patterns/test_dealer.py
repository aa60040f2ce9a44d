from purezmq.patterns.dealer import Dealer
from tests.patterns.vocabulary import Pair, Peer, hears, hears_all, is_silent, join, leave, must_wait, says, tells


def test_requests_go_round_and_answers_come_from_all():
    dealer, one, other = Dealer(), Peer(), Peer()
    join(dealer, one, other)
    for number in range(4):
        says(dealer, b"%d" % number)
    assert one.got() == [b"0", b"2"]
    assert other.got() == [b"1", b"3"]
    tells(dealer, one, b"a", b"b")
    tells(dealer, other, b"c")
    assert hears_all(dealer) == [b"a", b"c", b"b"]


def test_parts_are_neither_added_nor_taken_away():
    left, right = Dealer(), Dealer()
    Pair(left, right)
    for message in (b"", b"a", [b"", b"a"], [b"a", b""]):
        says(left, message)
        hears(right, message)


def test_without_peers_it_waits():
    dealer = Dealer()
    must_wait(dealer, b"a")
    is_silent(dealer)


def test_a_probe_is_the_first_message_of_each_new_pipe():
    dealer, peer = Dealer(), Peer()
    dealer.set_option("probe_router", True)
    dealer.attached(peer)
    assert peer.got() == [b""]
    dealer.connected(peer)
    says(dealer, b"a")
    assert peer.got() == [b"a"]


def test_without_the_option_there_is_no_probe():
    dealer, peer = Dealer(), Peer()
    join(dealer, peer)
    assert peer.got() == []


def test_a_peer_that_left_is_neither_asked_nor_forgotten_unread():
    dealer, gone = Dealer(), Peer()
    join(dealer, gone)
    tells(dealer, gone, b"a")
    leave(dealer, gone)
    must_wait(dealer, b"b")
    hears(dealer, b"a")


def test_conflation_works_both_ways():
    dealer, peer = Dealer(), Peer(send_limit=1)
    dealer.set_option("conflate", True)
    join(dealer, peer)
    says(dealer, b"1")
    says(dealer, b"2")
    assert peer.got() == [b"2"]
    tells(dealer, peer, b"3", b"4")
    assert hears_all(dealer) == [b"4"]
