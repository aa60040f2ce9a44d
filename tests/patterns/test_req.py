import pytest

from purezmq.patterns.errors import BadValue, WrongState
from purezmq.patterns.rep import Rep
from purezmq.patterns.req import Req
from tests.patterns.vocabulary import Pair, Peer, hears, is_silent, join, leave, must_wait, says, tells


def asking(*peers: Peer, **options: bool) -> Req:
    req = Req()
    for name, value in options.items():
        req.set_option(name, value)
    join(req, *peers)
    return req


def test_a_request_and_its_reply():
    req, rep = Req(), Rep()
    Pair(req, rep)
    says(req, b"question")
    hears(rep, b"question")
    says(rep, [b"long", b"answer"])
    hears(req, [b"long", b"answer"])


def test_a_request_begins_with_a_delimiter():
    peer = Peer()
    req = asking(peer)
    says(req, [b"a", b"b"])
    assert peer.got() == [[b"", b"a", b"b"]]


def test_an_empty_request_has_a_delimiter_and_an_empty_body():
    peer = Peer()
    says(asking(peer), b"")
    assert peer.got() == [[b"", b""]]


def test_requests_go_round():
    one, other = Peer(), Peer()
    req = asking(one, other)
    for peer in (one, other, one):
        says(req, b"a")
        assert peer.got() == [[b"", b"a"]]
        tells(req, peer, [b"", b"b"])
        hears(req, b"b")


def test_receiving_before_sending_is_the_wrong_state():
    req = asking(Peer())
    with pytest.raises(WrongState, match="expected send, got recv"):
        req.recv()
    assert not req.can_recv()
    assert req.can_send()


def test_sending_twice_is_the_wrong_state():
    req = asking(Peer())
    says(req, b"a")
    assert not req.can_send()
    with pytest.raises(WrongState, match="expected recv, got send"):
        req.send(b"b")
    with pytest.raises(WrongState, match="REQ_RELAXED"):
        req.check_send(b"b")
    assert req.recv() is None


def test_after_the_reply_it_is_the_turn_of_the_next_request():
    peer = Peer()
    req = asking(peer)
    says(req, b"a")
    tells(req, peer, [b"", b"b"])
    hears(req, b"b")
    with pytest.raises(WrongState):
        req.recv()
    says(req, b"c")


def test_a_request_that_has_to_wait_was_not_sent():
    req = asking()
    must_wait(req, b"a")
    with pytest.raises(WrongState):
        req.recv()
    peer = Peer()
    join(req, peer)
    says(req, b"a")
    assert peer.got() == [[b"", b"a"]]


def test_only_the_peer_that_was_asked_is_heard():
    one, other = Peer(), Peer()
    req = asking(one, other)
    says(req, b"a")
    tells(req, other, [b"", b"not asked"])
    assert not req.can_recv()
    tells(req, one, [b"", b"asked"])
    hears(req, b"asked")
    assert req.source is one


def test_when_the_peer_that_was_asked_is_gone_another_is_heard():
    one, other = Peer(), Peer()
    req = asking(one, other)
    says(req, b"a")
    leave(req, one)
    is_silent(req)
    tells(req, other, [b"", b"b"])
    hears(req, b"b")


def test_a_reply_that_came_before_its_peer_left_is_heard():
    peer = Peer()
    req = asking(peer)
    says(req, b"a")
    tells(req, peer, [b"", b"b"])
    leave(req, peer)
    hears(req, b"b")


def test_a_lost_connection_does_not_lift_the_filter():
    one, other = Peer(), Peer()
    req = asking(one, other)
    says(req, b"a")
    req.disconnected(one)
    tells(req, other, [b"", b"b"])
    is_silent(req)
    req.connected(one)
    tells(req, one, [b"", b"c"])
    hears(req, b"c")


def test_what_comes_while_no_request_is_open_is_thrown_away():
    one, other = Peer(), Peer()
    req = asking(one, other)
    tells(req, one, [b"", b"old"], [b"", b"older"])
    tells(req, other, [b"", b"old"])
    assert not one.inbox
    assert not other.inbox
    says(req, b"a")
    is_silent(req)
    tells(req, one, [b"", b"new"])
    hears(req, b"new")


def test_what_was_queued_besides_the_reply_is_not_taken_for_the_next_one():
    one, other = Peer(), Peer()
    req = asking(one, other)
    says(req, b"a")
    tells(req, one, [b"", b"1"], [b"", b"not asked for"])
    tells(req, other, [b"", b"not asked for"])
    hears(req, b"1")
    says(req, b"b")
    is_silent(req)
    tells(req, other, [b"", b"2"])
    hears(req, b"2")


@pytest.mark.parametrize("bad", [b"", b"body", [b"x", b"body"], [b"1234", b"", b"body"], [b"x", b"", b"body"]])
def test_a_reply_with_a_bad_envelope_is_skipped(bad):
    peer = Peer()
    req = asking(peer)
    says(req, b"a")
    tells(req, peer, bad)
    is_silent(req)
    tells(req, peer, [b"", b"good"])
    hears(req, b"good")


@pytest.mark.parametrize(
    ("message", "allowed"),
    [
        ([b"", b"body"], True),
        ([b"", b""], True),
        ([b"", b"a", b"b"], True),
        ([b"1234", b"", b"body"], True),
        (b"", False),
        (b"1234", False),
        ([b"1234", b""], False),
        ([b"1234", b"body"], False),
        ([b"12345", b"", b"body"], False),
        ([b"body", b""], False),
    ],
)
def test_a_peer_that_sends_anything_but_replies_loses_its_connection(message, allowed):
    assert asking().check_incoming(message) is allowed


def test_relaxed_it_may_ask_the_next_peer_without_a_reply():
    one, other = Peer(), Peer()
    req = asking(one, other, req_relaxed=True)
    says(req, b"a")
    assert req.can_send()
    says(req, b"b")
    assert one.got() == [[b"", b"a"]]
    assert other.got() == [[b"", b"b"]]
    tells(req, one, [b"", b"late"])
    is_silent(req)
    tells(req, other, [b"", b"reply"])
    hears(req, b"reply")


def test_relaxed_a_reply_that_was_polled_but_not_read_is_thrown_away():
    peer = Peer()
    req = asking(peer, req_relaxed=True)
    says(req, b"a")
    tells(req, peer, [b"", b"to a"])
    assert req.can_recv()
    says(req, b"b")
    is_silent(req)


def test_relaxed_a_request_that_has_to_wait_changes_nothing():
    peer = Peer(send_limit=1)
    req = asking(peer, req_relaxed=True)
    says(req, b"a")
    must_wait(req, b"b")
    tells(req, peer, [b"", b"to a"])
    hears(req, b"to a")


def test_correlated_a_request_begins_with_an_id_that_counts():
    peer = Peer()
    req = asking(peer, req_correlate=True, req_relaxed=True)
    says(req, b"a")
    says(req, [b"b", b"c"])
    first, second = peer.got()
    assert first[1:] == [b"", b"a"]
    assert second[1:] == [b"", b"b", b"c"]
    assert len(first[0]) == len(second[0]) == 4
    assert first[0] != second[0]


def test_the_id_wraps_around():
    peer = Peer()
    req = asking(peer, req_correlate=True)
    req._request_id = 0xFFFFFFFF
    says(req, b"a")
    assert peer.got() == [[bytes(4), b"", b"a"]]


def test_correlated_a_reply_to_an_earlier_request_is_skipped():
    peer = Peer()
    req = asking(peer, req_correlate=True, req_relaxed=True)
    says(req, b"a")
    says(req, b"b")
    (earlier, *_), (latest, *_) = peer.got()
    tells(req, peer, [earlier, b"", b"to a"], [b"", b"without an id"], [latest, b"no delimiter"], latest)
    is_silent(req)
    tells(req, peer, [latest, b"", b"to b"])
    hears(req, b"to b")


def test_correlation_passes_through_rep():
    req, rep = Req(), Rep()
    req.set_option("req_correlate", True)
    Pair(req, rep)
    says(req, b"a")
    hears(rep, b"a")
    says(rep, b"b")
    hears(req, b"b")


def test_a_probe_comes_before_the_first_request():
    peer = Peer()
    req = asking(peer, probe_router=True)
    says(req, b"a")
    assert peer.got() == [b"", [b"", b"a"]]


def test_conflate_is_not_for_req():
    with pytest.raises(BadValue, match="REQ"):
        Req().set_option("conflate", True)
