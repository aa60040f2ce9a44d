"""Fan-out, seen at XSUB's user messages and at the policy itself."""

from purezmq.patterns.fan_out import FanOut
from tests.patterns.vocabulary import Peer, join, leave


def fan(*peers: Peer) -> FanOut:
    pattern = FanOut()
    join(pattern, *peers)
    return pattern


def test_it_can_always_send():
    pattern = fan()
    assert pattern.can_send()
    assert pattern.check_send(b"a")


def test_each_of_the_pipes_gets_the_message_and_no_other():
    one, other, third = Peer(), Peer(), Peer()
    pattern = fan(one, other, third)
    pattern._spread(b"a", {one, other})
    assert [peer.got() for peer in (one, other, third)] == [[b"a"], [b"a"], []]


def test_a_full_pipe_misses_messages_until_it_is_writable():
    slow, quick = Peer(send_limit=2), Peer()
    pattern = fan(slow, quick)
    for message in (b"1", b"2", b"3"):
        pattern._spread(message, {slow, quick})
    slow.outbox.popleft()
    pattern._spread(b"4", {slow, quick})
    pattern.writable(slow)
    pattern._spread(b"5", {slow, quick})
    assert quick.got() == [b"1", b"2", b"3", b"4", b"5"]
    assert slow.got() == [b"2", b"5"]


def test_a_detached_pipe_is_forgotten():
    peer = Peer(send_limit=1)
    pattern = fan(peer)
    pattern._spread(b"1", {peer})
    pattern._spread(b"2", {peer})
    leave(pattern, peer)
    assert not pattern._pipes
    assert not pattern._full


def test_room_is_asked_of_all_the_pipes():
    full, free = Peer(send_limit=1), Peer()
    pattern = fan(full, free)
    assert pattern._all_have_room({full, free})
    full.push(b"a")
    assert not pattern._all_have_room({full, free})
    assert pattern._all_have_room({free})
    full.outbox.clear()
    assert not pattern._all_have_room({full, free})
    pattern.writable(full)
    assert pattern._all_have_room({full, free})


def test_under_conflate_nobody_is_ever_full():
    peer = Peer(send_limit=1)
    pattern = fan(peer)
    pattern.conflate = True
    for message in (b"1", b"2", b"3"):
        assert pattern._all_have_room({peer})
        pattern._spread(message, {peer})
    assert peer.got() == [b"3"]
