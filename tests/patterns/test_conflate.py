from purezmq.patterns.conflate import keep_newest, send_newest
from tests.patterns.vocabulary import Peer


def test_a_message_takes_the_place_of_the_one_that_waits():
    peer = Peer(send_limit=1)
    send_newest(peer, b"a")
    send_newest(peer, [b"b", b"c"])
    assert peer.got() == [[b"b", b"c"]]


def test_a_queue_that_was_read_takes_the_next_message():
    peer = Peer()
    send_newest(peer, b"a")
    assert peer.got() == [b"a"]
    send_newest(peer, b"b")
    assert peer.got() == [b"b"]


def test_of_an_inbox_the_newest_message_remains():
    peer = Peer()
    peer.inbox.extend([b"a", b"b", [b"c", b"d"]])
    keep_newest(peer)
    assert list(peer.inbox) == [[b"c", b"d"]]


def test_an_empty_inbox_stays_empty():
    peer = Peer()
    keep_newest(peer)
    assert not peer.inbox
