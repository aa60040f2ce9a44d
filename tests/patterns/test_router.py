import pytest

from purezmq.patterns.dealer import Dealer
from purezmq.patterns.errors import Unroutable
from purezmq.patterns.router import Router
from tests.patterns.vocabulary import Pair, Peer, hears, hears_all, is_silent, join, leave, must_wait, says, tells


def routing(*peers: Peer, **options: bool) -> Router:
    router = Router()
    for name, value in options.items():
        router.set_option(name, value)
    join(router, *peers)
    return router


def test_messages_come_with_the_id_of_their_sender_and_go_to_the_one_that_is_named():
    router, dealers = Router(), {b"one": Dealer(), b"other": Dealer()}
    for routing_id, dealer in dealers.items():
        Pair(router, dealer, ids=(b"", routing_id))
    says(dealers[b"one"], b"a")
    hears(router, [b"one", b"a"])
    says(dealers[b"other"], [b"b", b"c"])
    hears(router, [b"other", b"b", b"c"])
    says(router, [b"other", b"x"])
    says(router, [b"one", b"y", b"z"])
    hears(dealers[b"other"], b"x")
    hears(dealers[b"one"], [b"y", b"z"])


def test_peers_are_heard_in_turn():
    one, other = Peer(routing_id=b"1"), Peer(routing_id=b"2")
    router = routing(one, other)
    tells(router, one, b"a", b"b")
    tells(router, other, b"c")
    assert hears_all(router) == [[b"1", b"a"], [b"2", b"c"], [b"1", b"b"]]
    assert router.source is one


def test_a_routing_id_may_be_a_memoryview():
    peer = Peer(routing_id=b"peer")
    router = routing(peer, router_mandatory=True)
    assert router.check_send(memoryview(b"peer"))
    says(router, [memoryview(b"peer"), b"a"])
    assert peer.got() == [b"a"]


# names


def test_a_peer_without_an_id_gets_five_octets_that_begin_with_zero():
    one, other = Peer(), Peer()
    router = routing(one, other)
    assert len(one.routing_id) == len(other.routing_id) == 5
    assert one.routing_id[0] == other.routing_id[0] == 0
    assert one.routing_id != other.routing_id
    says(router, [other.routing_id, b"a"])
    assert other.got() == [b"a"]


def test_given_ids_count_on_after_the_largest_and_avoid_those_in_use():
    router = routing()
    router._next_id = 0xFFFFFFFF
    squatter, one, other = Peer(routing_id=bytes(5)), Peer(), Peer()
    join(router, squatter, one, other)
    assert one.routing_id == b"\x00\xff\xff\xff\xff"
    assert other.routing_id == b"\x00\x00\x00\x00\x01"


def test_before_the_handshake_an_id_is_unknown():
    peer = Peer(routing_id=b"peer")
    router = routing(router_mandatory=True)
    router.attached(peer)
    with pytest.raises(Unroutable, match="peer"):
        router.send([b"peer", b"a"])
    router.connected(peer)
    says(router, [b"peer", b"a"])


def test_an_id_given_for_a_connection_can_be_sent_to_before_the_handshake():
    peer = Peer(routing_id=b"mine")
    peer.fixed_id = True
    router = routing(router_mandatory=True)
    assert not router.holds(b"mine")
    router.attached(peer)
    assert router.holds(b"mine")
    says(router, [b"mine", b"a"])
    router.connected(peer)
    tells(router, peer, b"b")
    hears(router, [b"mine", b"b"])


def test_a_peer_that_comes_back_without_an_id_keeps_the_one_that_it_was_given():
    peer = Peer()
    router = routing(peer)
    given = peer.routing_id
    router.disconnected(peer)
    says(router, [given, b"a"])
    peer.routing_id = b""
    router.connected(peer)
    assert peer.routing_id == given
    assert peer.got() == [b"a"]


def test_a_peer_that_comes_back_with_another_id_is_known_by_that():
    peer = Peer(routing_id=b"old")
    router = routing(peer)
    router.disconnected(peer)
    peer.routing_id = b"new"
    router.connected(peer)
    assert not router.holds(b"old")
    says(router, [b"new", b"a"])
    assert peer.got() == [b"a"]
    leave(router, peer)
    assert not router.holds(b"new")


# the same id twice


def test_the_second_peer_with_an_id_is_neither_heard_nor_spoken_to_for_good():
    first, second = Peer(routing_id=b"id"), Peer(routing_id=b"id")
    router = routing(first, second)
    assert not second.dropped
    tells(router, second, b"b")
    is_silent(router)
    says(router, [b"id", b"a"])
    assert first.got() == [b"a"]
    assert second.got() == []
    leave(router, first)
    tells(router, second, b"c")
    is_silent(router)
    assert not router.holds(b"id")


def test_when_the_second_leaves_the_first_keeps_the_id():
    first, second = Peer(routing_id=b"id"), Peer(routing_id=b"id")
    router = routing(first, second)
    leave(router, second)
    says(router, [b"id", b"a"])
    assert first.got() == [b"a"]


def test_with_handover_the_newcomer_takes_the_id():
    first, second = Peer(routing_id=b"id"), Peer(routing_id=b"id")
    router = routing(first, second, router_handover=True)
    assert first.dropped
    assert not second.dropped
    says(router, [b"id", b"a"])
    assert second.got() == [b"a"]
    assert first.got() == []
    leave(router, first)
    tells(router, second, b"b")
    hears(router, [b"id", b"b"])


def test_what_the_former_holder_left_is_read_under_another_id():
    first, second = Peer(routing_id=b"id"), Peer(routing_id=b"id")
    router = routing(first, router_handover=True)
    tells(router, first, b"old")
    join(router, second)
    assert hears_all(router) == [[first.routing_id, b"old"]]
    assert first.routing_id != b"id"


# nobody there, no room


def test_a_message_for_an_unknown_peer_is_dropped():
    router = routing()
    assert router.can_send()
    assert router.check_send(b"nobody")
    says(router, [b"nobody", b"a"])


def test_an_id_without_a_message_is_dropped():
    peer = Peer(routing_id=b"peer")
    router = routing(peer, router_mandatory=True)
    says(router, b"peer")
    says(router, b"nobody")
    assert peer.got() == []


def test_a_message_for_a_full_peer_is_dropped():
    peer = Peer(send_limit=1, routing_id=b"peer")
    router = routing(peer)
    says(router, [b"peer", b"a"])
    says(router, [b"peer", b"b"])
    assert peer.got() == [b"a"]


def test_mandatory_an_unknown_peer_is_an_error_at_the_first_part():
    router = routing(router_mandatory=True)
    with pytest.raises(Unroutable, match="nobody"):
        router.check_send(b"nobody")
    with pytest.raises(Unroutable, match="nobody"):
        router.send([b"nobody", b"a"])


def test_mandatory_a_peer_that_left_is_unknown():
    peer = Peer(routing_id=b"peer")
    router = routing(peer, router_mandatory=True)
    leave(router, peer)
    with pytest.raises(Unroutable):
        router.send([b"peer", b"a"])


def test_mandatory_a_full_peer_makes_the_sender_wait():
    full, free = Peer(send_limit=1, routing_id=b"full"), Peer(routing_id=b"free")
    router = routing(full, free, router_mandatory=True)
    says(router, [b"full", b"a"])
    assert not router.check_send(b"full")
    must_wait(router, [b"full", b"b"])
    says(router, [b"free", b"c"])
    assert full.got() == [b"a"]
    says(router, [b"full", b"b"])


def test_mandatory_it_can_send_while_some_peer_has_room():
    router = routing(router_mandatory=True)
    assert not router.can_send()
    peer = Peer(send_limit=1, routing_id=b"peer")
    join(router, peer)
    assert router.can_send()
    says(router, [b"peer", b"a"])
    assert not router.can_send()


# probes


def test_a_probe_is_the_first_message_to_each_peer():
    peer = Peer(routing_id=b"peer")
    router = routing(peer, probe_router=True)
    says(router, [b"peer", b"a"])
    assert peer.got() == [b"", b"a"]


def test_a_probed_router_learns_who_is_there():
    router, dealer = Router(), Dealer()
    dealer.set_option("probe_router", True)
    peer = Peer(routing_id=b"dealer")
    join(router, peer)
    tells(router, peer, b"")
    hears(router, [b"dealer", b""])
