"""Fair queue in, seen at the policy itself."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from purezmq.patterns.fair_queue import FairQueue
from tests.patterns.vocabulary import Peer, hears, hears_all, is_silent, join, leave, tells


def queue(*peers: Peer) -> FairQueue:
    pattern = FairQueue()
    join(pattern, *peers)
    return pattern


def test_without_messages_it_is_silent():
    is_silent(queue(Peer()))


def test_the_messages_of_one_peer_keep_their_order():
    peer = Peer()
    pattern = queue(peer)
    tells(pattern, peer, b"a", [b"b", b"c"])
    tells(pattern, peer, b"d")
    assert hears_all(pattern) == [b"a", [b"b", b"c"], b"d"]
    is_silent(pattern)


def test_a_peer_that_sends_a_lot_does_not_delay_another():
    busy, quiet = Peer(), Peer()
    pattern = queue(busy, quiet)
    tells(pattern, busy, *[b"busy"] * 100)
    hears(pattern, b"busy")
    tells(pattern, quiet, b"quiet")
    hears(pattern, b"busy")
    hears(pattern, b"quiet")


def test_source_is_the_peer_of_the_last_message():
    one, other = Peer(), Peer()
    pattern = queue(one, other)
    tells(pattern, one, b"1")
    tells(pattern, other, b"2")
    hears(pattern, b"1")
    assert pattern.source is one
    hears(pattern, b"2")
    assert pattern.source is other


def test_polling_takes_nothing():
    peer = Peer()
    pattern = queue(peer)
    tells(pattern, peer, b"a")
    assert pattern.can_recv()
    assert pattern.can_recv()
    hears(pattern, b"a")
    is_silent(pattern)


def test_what_a_peer_sent_before_it_left_is_read():
    peer = Peer()
    pattern = queue(peer)
    tells(pattern, peer, b"a", b"b")
    leave(pattern, peer)
    assert hears_all(pattern) == [b"a", b"b"]


def test_when_it_is_silent_no_pipe_is_active():
    one, other = Peer(), Peer()
    pattern = queue(one, other)
    tells(pattern, one, b"a", b"b")
    tells(pattern, other, b"c")
    assert one.active
    assert other.active
    hears_all(pattern)
    assert not one.active
    assert not other.active


def test_delivering_to_an_active_pipe_gives_it_no_second_turn():
    one, other = Peer(), Peer()
    pattern = queue(one, other)
    tells(pattern, one, b"1")
    tells(pattern, one, b"1")
    tells(pattern, other, b"2")
    tells(pattern, other, b"2")
    assert hears_all(pattern) == [b"1", b"2", b"1", b"2"]


def test_a_message_that_comes_while_its_pipe_retires_is_not_forgotten():
    class Slow(FairQueue):
        def _retire(self, pipe):
            pipe.inbox.append(b"late")  # its sender saw `active`, and does not call `delivered`
            super()._retire(pipe)

    peer = Peer()
    pattern = Slow()
    join(pattern, peer)
    tells(pattern, peer, b"a")
    assert pattern.recv() == b"a"
    assert pattern.recv() == b"late"


def test_a_thousand_silent_peers_are_not_looked_at():
    crowd = [Peer() for _ in range(1000)]
    pattern = queue(*crowd)
    tells(pattern, crowd[500], b"a")
    assert list(pattern._waiting) == [crowd[500]]
    hears(pattern, b"a")
    assert crowd[0].inbox == crowd[500].inbox


def test_under_conflate_the_newest_message_of_each_peer_remains():
    one, other = Peer(), Peer()
    pattern = queue(one, other)
    pattern.conflate = True
    tells(pattern, one, b"a", [b"b", b"c"])
    tells(pattern, other, b"d")
    tells(pattern, other, b"e", b"f")
    assert hears_all(pattern) == [[b"b", b"c"], b"f"]


class Stalled(Peer):
    """Its far side waits for room."""

    __slots__ = ("resumed",)

    def __init__(self) -> None:
        super().__init__(receive_limit=4)
        self.stalled = True
        self.resumed = False

    def resume(self) -> None:
        super().resume()
        self.resumed = True


def test_the_far_side_goes_on_when_half_of_the_inbox_is_read():
    peer = Stalled()
    pattern = queue(peer)
    tells(pattern, peer, b"1", b"2", b"3", b"4")
    hears(pattern, b"1")
    assert not peer.resumed
    hears(pattern, b"2")
    assert peer.resumed


def test_conflating_lets_the_far_side_go_on():
    peer = Stalled()
    pattern = queue(peer)
    pattern.conflate = True
    tells(pattern, peer, b"1", b"2", b"3", b"4")
    assert peer.resumed


# Deliveries and receives in any order; each message is (sender, number).
steps = st.lists(st.one_of(st.tuples(st.integers(0, 4), st.integers(1, 4)), st.just("recv")), max_size=60)


@given(steps)
def test_nothing_is_lost_and_each_peers_order_is_kept(script):
    peers = [Peer() for _ in range(5)]
    pattern = queue(*peers)
    sent = [0] * 5
    received: list[Any] = []
    for step in script:
        if step == "recv":
            received.append(pattern.recv())
        else:
            sender, count = step
            tells(pattern, peers[sender], *(b"%d:%d" % (sender, sent[sender] + at) for at in range(count)))
            sent[sender] += count
    received.extend(hears_all(pattern))
    for sender, count in enumerate(sent):
        mine = [message for message in received if message and message.startswith(b"%d:" % sender)]
        assert mine == [b"%d:%d" % (sender, number) for number in range(count)]


@given(steps, st.integers(0, 4))
def test_a_waiting_peer_is_read_after_at_most_one_message_of_each_other(script, patient):
    peers = [Peer() for _ in range(5)]
    pattern = queue(*peers)
    others_since = 0
    for step in script:
        if step == "recv":
            if pattern.recv() is not None and pattern.source is not peers[patient]:
                others_since += 1
            else:
                others_since = 0
        else:
            tells(pattern, peers[step[0]], *[b"a"] * step[1])
        if not peers[patient].inbox:
            others_since = 0
        assert others_since <= 4
