"""Round robin out, seen at PUSH, which is nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from purezmq.patterns.load_balancer import LoadBalancer
from tests.patterns.vocabulary import Peer, join, leave, must_wait, says


def balancer(*peers: Peer) -> LoadBalancer:
    pattern = LoadBalancer()
    join(pattern, *peers)
    return pattern


def test_without_peers_a_message_waits():
    pattern = balancer()
    must_wait(pattern, b"a")
    assert not pattern.can_send()
    assert not pattern.check_send(b"a")


def test_peers_take_turns():
    peers = [Peer(), Peer(), Peer()]
    pattern = balancer(*peers)
    for number in range(6):
        says(pattern, b"%d" % number)
    assert [peer.got() for peer in peers] == [[b"0", b"3"], [b"1", b"4"], [b"2", b"5"]]


def test_a_message_of_several_parts_goes_to_one_peer():
    one, other = Peer(), Peer()
    pattern = balancer(one, other)
    says(pattern, [b"a", b"b"])
    assert one.got() == [[b"a", b"b"]]
    assert other.got() == []


def test_a_full_peer_is_skipped():
    full, free = Peer(send_limit=1), Peer()
    pattern = balancer(full, free)
    for _ in range(5):
        says(pattern, b"a")
    assert len(full.got()) == 1
    assert len(free.got()) == 4


def test_when_all_are_full_a_message_waits():
    pattern = balancer(Peer(send_limit=1), Peer(send_limit=1))
    says(pattern, b"a")
    says(pattern, b"b")
    assert not pattern.can_send()
    must_wait(pattern, b"c")


def test_a_full_peer_that_has_read_some_waits_for_writable():
    peer = Peer(send_limit=4)
    pattern = balancer(peer)
    for _ in range(4):
        says(pattern, b"a")
    must_wait(pattern, b"b")
    peer.outbox.popleft()
    must_wait(pattern, b"b")
    peer.outbox.popleft()
    pattern.writable(peer)
    assert pattern.can_send()
    says(pattern, b"b")


def test_writable_for_a_peer_that_was_not_full_gives_it_no_second_turn():
    one, other = Peer(), Peer()
    pattern = balancer(one, other)
    pattern.writable(one)
    for _ in range(4):
        says(pattern, b"a")
    assert len(one.got()) == len(other.got()) == 2


def test_a_limit_that_was_lowered_below_the_fill_level_stops_the_sender():
    peer = Peer(send_limit=5)
    pattern = balancer(peer)
    says(pattern, b"a")
    says(pattern, b"b")
    peer.send_limit = 1
    must_wait(pattern, b"c")
    assert peer.got() == [b"a", b"b"]


def test_a_detached_peer_gets_nothing_more():
    gone, there = Peer(), Peer()
    pattern = balancer(gone, there)
    leave(pattern, gone)
    says(pattern, b"a")
    says(pattern, b"b")
    assert gone.got() == []
    assert there.got() == [b"a", b"b"]


def test_a_peer_that_was_full_when_it_left_does_not_come_back():
    peer = Peer(send_limit=1)
    pattern = balancer(peer)
    says(pattern, b"a")
    must_wait(pattern, b"b")
    leave(pattern, peer)
    peer.outbox.clear()
    pattern.writable(peer)
    must_wait(pattern, b"b")


def test_a_lost_connection_keeps_its_turn_until_it_is_given_up():
    peer = Peer()
    pattern = balancer(peer)
    pattern.disconnected(peer)
    says(pattern, b"a")
    assert peer.got() == [b"a"]


class Watched(Peer):
    """Counts how often it is looked at."""

    __slots__ = ("looks",)

    def __init__(self, send_limit: int = 0) -> None:
        super().__init__(send_limit)
        self.looks = 0

    def has_room(self) -> bool:
        self.looks += 1
        return super().has_room()


def test_a_thousand_full_peers_are_not_looked_at_again():
    crowd = [Watched(send_limit=1) for _ in range(1000)]
    pattern = balancer(*crowd, free := Watched())
    for _ in range(3000):
        says(pattern, b"a")
    assert sum(peer.looks for peer in crowd) == 2000  # once with room, once without
    assert free.looks == 2000


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers(0, 40))
def test_nobody_with_room_gets_two_messages_more_than_another(limits, count):
    peers = [Peer(send_limit=limit) for limit in limits]
    pattern = balancer(*peers)
    taken = sum(pattern.send(b"%d" % number) for number in range(count))
    assert taken == min(count, sum(limits))
    shares = [len(peer.outbox) for peer in peers]
    with_room = [share for share, limit in zip(shares, limits, strict=True) if share < limit]
    assert not with_room or max(shares) - min(with_room) <= 1
    assert sorted(int(message) for peer in peers for message in peer.got()) == list(range(taken))
