"""Messages that are sent, and taken, together: the same as one by one."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purezmq.patterns import PATTERNS
from purezmq.patterns.base import Pattern
from purezmq.patterns.dealer import Dealer
from purezmq.patterns.fair_queue import FairQueue
from purezmq.patterns.pair import Pair
from purezmq.patterns.pipe import PLENTY
from purezmq.patterns.pipeline import Pull, Push
from purezmq.patterns.publish import Pub, XPub
from purezmq.patterns.req import Req
from purezmq.patterns.router import Router
from purezmq.patterns.subscribe import Sub
from tests.patterns import vocabulary
from tests.patterns.vocabulary import Peer, hears_all, join, leave, says, takes_all, tells

PEERS = 4

# Few letters, so that topics are often prefixes of each other, and routing ids often those of a peer.
topics = st.text("ab", max_size=3).map(str.encode)
bodies = st.binary(max_size=3)
messages = st.lists(st.one_of(topics, st.tuples(topics, bodies).map(list), st.lists(bodies, min_size=2, max_size=4)))
rooms = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=PEERS)
"""Of each peer: the limit, and how many messages wait for it already."""


def peers_with(room: list[tuple[int, int]], names: tuple[bytes, ...] = (b"a", b"b", b"ab", b"")) -> list[Peer]:
    peers = []
    for (limit, waiting), name in zip(room, names, strict=False):
        peer = Peer(send_limit=limit, routing_id=name)
        peer.outbox.extend([b"earlier"] * waiting)
        peers.append(peer)
    return peers


def send_one_by_one(pattern: Pattern, batch: list[Any]) -> int:
    """How many were taken before one was not."""
    for count, message in enumerate(batch):
        if not pattern.send(message):
            return count
    return len(batch)


def same_as_one_by_one(make: Callable[[], tuple[Pattern, list[Peer]]], batch: list[Any]) -> None:
    """Whether two equal patterns do the same: now, and with the next messages, once all have room again."""
    (one, its), (other, others) = make(), make()
    given_to_all = list(batch)
    assert one.send_all(batch) == send_one_by_one(other, batch)
    assert batch == given_to_all
    assert one.can_send() == other.can_send()
    assert [peer.got() for peer in its] == [peer.got() for peer in others]
    for pattern, peers in ((one, its), (other, others)):
        for peer in peers:
            pattern.writable(peer)
        for _ in range(PEERS + 1):
            pattern.send([b"a", b"next"])
    assert [peer.got() for peer in its] == [peer.got() for peer in others]


# send_all


@pytest.mark.parametrize("kind", [Push, Dealer])
@given(rooms, messages, st.integers(0, PEERS))
def test_dealing_out_together_is_dealing_out_one_by_one(kind, room, batch, turn):
    def make() -> tuple[Pattern, list[Peer]]:
        peers, pattern = peers_with(room), kind()
        join(pattern, *peers)
        for _ in range(turn):  # whose turn it is
            pattern.send(b"before")
        return pattern, peers

    same_as_one_by_one(make, batch)


@given(rooms, messages)
def test_the_peer_of_a_pair_gets_together_what_it_gets_one_by_one(room, batch):
    def make() -> tuple[Pattern, list[Peer]]:
        peers, pattern = peers_with(room[:1]), Pair()
        join(pattern, *peers)
        return pattern, peers

    same_as_one_by_one(make, batch)


@pytest.mark.parametrize("mandatory", [False, True])
@given(rooms, messages)
def test_a_routers_peers_get_together_what_they_get_one_by_one(mandatory, room, batch):
    if mandatory:
        known = [b"a", b"b", b"ab"][: len(room)]
        batch = [message for message in batch if type(message) is list and message[0] in known]
        if not known:
            return

    def make() -> tuple[Pattern, list[Peer]]:
        peers, pattern = peers_with(room), Router()
        join(pattern, *peers)
        pattern.set_option("router_mandatory", mandatory)
        return pattern, peers

    if not mandatory:
        same_as_one_by_one(make, batch)
        return
    (one, its), (other, others) = make(), make()
    assert one.send_all(batch) == send_one_by_one(other, batch)
    assert [peer.got() for peer in its] == [peer.got() for peer in others]


@pytest.mark.parametrize("kind", [Pub, XPub])
@pytest.mark.parametrize("option", ["", "invert_matching", "xpub_nodrop"])
@given(rooms, st.lists(st.tuples(st.integers(0, PEERS - 1), topics), max_size=12), messages)
def test_subscribers_get_together_what_they_get_one_by_one(kind, option, room, subscriptions, batch):
    def make() -> tuple[Pattern, list[Peer]]:
        peers, pattern = peers_with(room), kind()
        join(pattern, *peers)
        if option:
            pattern.set_option(option, True)
        for number, topic in subscriptions:
            if number < len(peers):
                pattern.subscribed(peers[number], topic)
        return pattern, peers

    same_as_one_by_one(make, batch)


def test_a_subscriber_that_joins_between_two_batches_gets_the_second():
    early, late = Peer(), Peer()
    pattern = Pub()
    join(pattern, early, late)
    pattern.subscribed(early, b"t")
    pattern.send_all([b"t1", b"t2"])
    pattern.subscribed(late, b"t")
    pattern.send_all([b"t3", b"x", b"t4"])
    pattern.cancelled(early, b"t")
    pattern.send_all([b"t5"])
    assert early.got() == [b"t1", b"t2", b"t3", b"t4"]
    assert late.got() == [b"t3", b"t4", b"t5"]


class Writing(Peer):
    """Writes what it is given, at once, as a connection does that is not blocked."""

    __slots__ = ("written",)

    def __init__(self, send_limit: int) -> None:
        super().__init__(send_limit=send_limit)
        self.written: list[Any] = []

    def push_all(self, messages: list[Any]) -> None:
        assert len(messages) <= self.space()
        self.written += messages


def test_a_batch_larger_than_the_limit_is_no_reason_to_drop_where_it_can_be_written():
    peer = Writing(send_limit=3)
    pattern = Pub()
    join(pattern, peer)
    pattern.subscribed(peer, b"")
    batch = [b"%d" % number for number in range(10)]
    pattern.send_all(batch)
    assert peer.written == batch


def test_a_batch_is_given_to_no_peer_to_keep():
    peers = [Peer(), Peer()]
    pattern = Pub()
    join(pattern, *peers)
    for peer in peers:
        pattern.subscribed(peer, b"")
    batch = [b"a", b"b"]
    pattern.send_all(batch)
    batch.clear()
    assert [peer.got() for peer in peers] == [[b"a", b"b"]] * 2


# room


@pytest.mark.parametrize("kind", [Push, Dealer, Pair, Pub, XPub, Router])
@given(rooms)
def test_as_many_are_taken_as_room_says(kind, room):
    peers, pattern = peers_with(room), kind()
    join(pattern, *peers[:1] if kind is Pair else peers)
    count = pattern.room()
    batch = [b"%d" % number for number in range(min(count, 100))]
    assert pattern.send_all(batch) == len(batch)
    if count < PLENTY:
        assert pattern.send_all([b"one more"]) == 0


def test_without_peers_there_is_no_room_where_a_message_would_wait():
    assert [kind().room() for kind in (Push, Dealer, Pair)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("kind", "option"),
    [
        (Push, "conflate"),
        (Dealer, "conflate"),
        (Pub, "conflate"),
        (Pub, "xpub_nodrop"),
        (XPub, "xpub_nodrop"),
        (XPub, "xpub_manual_last_value"),
        (Router, "router_mandatory"),
    ],
)
def test_what_is_to_be_answered_for_one_by_one_does_not_gather(kind, option):
    pattern = kind()
    join(pattern, Peer())
    pattern.set_option(option, True)
    assert pattern.room() == 0


def test_a_request_does_not_gather():
    req = Req()
    join(req, Peer())
    assert req.room() == 0


@pytest.mark.parametrize("kind", PATTERNS.values(), ids=lambda kind: kind.name.decode())
def test_a_new_pattern_of_each_type_has_room_for_no_batch_or_for_any(kind):
    assert kind().room() in (0, PLENTY)


# take

deliveries = st.lists(st.tuples(st.integers(0, PEERS - 1), st.integers(1, 9)), max_size=10)


def inboxes(pattern: Pattern, limits: list[int], script: list[tuple[int, int]]) -> list[Peer]:
    """Peers that have sent what the script says: so many messages each time."""
    peers = [Peer(receive_limit=limit, routing_id=b"%d" % number) for number, limit in enumerate(limits)]
    join(pattern, *peers)
    sent: Counter[int] = Counter()
    for sender, count in script:
        tells(pattern, peers[sender], *([b"%d" % sender, b"%d" % (sent[sender] + at)] for at in range(count)))
        sent[sender] += count
    return peers


limits = st.lists(st.integers(0, 8), min_size=PEERS, max_size=PEERS)


@pytest.mark.parametrize("kind", [FairQueue, Pull, Dealer, Router])
@given(limits, deliveries)
def test_what_is_taken_together_is_what_would_be_received_one_by_one(kind, limits, script):
    one, other = kind(), kind()
    inboxes(one, limits, script)
    inboxes(other, limits, script)
    assert takes_all(one) == hears_all(other)
    assert not one.can_recv()


@given(limits, deliveries, st.lists(topics, max_size=4), st.booleans())
def test_what_a_subscriber_takes_is_what_it_would_receive_one_by_one(limits, script, wanted, invert):
    def make() -> Sub:
        sub = Sub()
        peers = inboxes(sub, limits, [])
        sub.set_option("invert_matching", invert)
        for topic in wanted:
            sub.subscribe(topic)
        for number, (sender, count) in enumerate(script):
            for at in range(count):
                topic = (b"", b"a", b"ab", b"b", b"bb")[(number + at) % 5]
                tells(sub, peers[sender], [topic, b"%d" % sender, b"%d:%d" % (number, at)])
        return sub

    taken, heard = takes_all(make()), hears_all(make())
    assert sorted(taken) == sorted(heard)
    for sender in range(PEERS):
        assert [m for m in taken if m[1] == b"%d" % sender] == [m for m in heard if m[1] == b"%d" % sender]


@given(limits, deliveries)
def test_each_message_that_is_taken_has_its_source(limits, script):
    pattern = FairQueue()
    peers = inboxes(pattern, limits, script)
    while portion := pattern.take():
        sources = pattern.sources
        for at, (name, _) in enumerate(portion):
            assert sources[at % len(sources)] is peers[int(name)]


@given(st.lists(st.tuples(st.integers(0, PEERS - 1), topics), max_size=30), st.lists(topics, max_size=3))
def test_each_message_that_a_subscriber_takes_has_its_source(script, wanted):
    sub = Sub()
    peers = [Peer() for _ in range(PEERS)]
    join(sub, *peers)
    for topic in wanted:
        sub.subscribe(topic)
    for sender, topic in script:
        tells(sub, peers[sender], [topic, b"%d" % sender])
    while portion := sub.take():
        sources = sub.sources
        for at, (_, name) in enumerate(portion):
            assert sources[at % len(sources)] is peers[int(name)]


@given(
    limits, st.lists(st.one_of(st.tuples(st.integers(0, PEERS - 1), st.integers(1, 9)), st.just("take")), max_size=40)
)
def test_whoever_has_something_gets_an_equal_share_of_what_is_taken(limits, script):
    pattern = FairQueue()
    peers = inboxes(pattern, limits, [])
    for step in [*script, "take"]:
        if step != "take":
            tells(pattern, peers[step[0]], *[b"%d" % step[0]] * step[1])
            continue
        waiting = {b"%d" % number for number, peer in enumerate(peers) if peer.inbox}
        portion = pattern.take()
        shares = Counter(portion)
        assert set(shares) == waiting
        assert len(set(shares.values())) <= 1
        for begin in range(0, len(portion), len(waiting) or 1):  # in turn
            assert set(portion[begin : begin + len(waiting)]) == waiting


@given(
    limits, st.lists(st.one_of(st.tuples(st.integers(0, PEERS - 1), st.integers(1, 9)), st.just("take")), max_size=40)
)
def test_nothing_is_lost_and_each_peers_order_is_kept(limits, script):
    pattern = FairQueue()
    peers = inboxes(pattern, limits, [])
    sent = [0] * PEERS
    taken: list[Any] = []
    for step in script:
        if step == "take":
            taken += pattern.take()
        else:
            sender, count = step
            tells(pattern, peers[sender], *(b"%d:%d" % (sender, sent[sender] + at) for at in range(count)))
            sent[sender] += count
    taken += takes_all(pattern)
    for sender, count in enumerate(sent):
        mine = [message for message in taken if message.startswith(b"%d:" % sender)]
        assert mine == [b"%d:%d" % (sender, number) for number in range(count)]


def test_polling_between_two_portions_loses_nothing():
    sub, peer = Sub(), Peer()
    join(sub, peer)
    sub.subscribe(b"a")
    tells(sub, peer, b"x", b"a1", b"a2", b"x")
    assert sub.can_recv()
    assert takes_all(sub) == [b"a1", b"a2"]


def test_what_a_peer_sent_before_it_left_is_taken():
    pattern, peer = FairQueue(), Peer(receive_limit=2)
    join(pattern, peer)
    tells(pattern, peer, b"a", b"b")
    assert pattern.take() == [b"a"]
    leave(pattern, peer)
    assert takes_all(pattern) == [b"b"]
    assert not peer.active


def test_under_conflate_the_newest_message_is_taken():
    pattern, peer = Pull(), Peer()
    pattern.conflate = True
    join(pattern, peer)
    tells(pattern, peer, b"a", b"b")
    assert pattern.take() == [b"b"]
    tells(pattern, peer, b"c")
    assert pattern.take() == [b"c"]
    assert pattern.take() == []


def test_who_takes_turns_is_given_one_message_at_a_time():
    rep, peer = PATTERNS[4](), Peer()
    join(rep, peer)
    tells(rep, peer, [b"", b"first"], [b"", b"second"])
    assert rep.take() == [b"first"]
    says(rep, b"reply")
    assert rep.take() == [b"second"]


def test_a_subscriber_wants_what_it_subscribed_to():
    sub = Sub()
    sub.subscribe(b"a")
    assert sub.wants(b"ab")
    assert sub.wants([b"a", b"x"])
    assert not sub.wants([b"b", b"a"])
    sub.set_option("invert_matching", True)
    assert not sub.wants(b"ab")
    assert sub.wants(b"b")


@pytest.mark.parametrize("kind", [Pull, Dealer, Router, Pair])
def test_who_does_not_filter_wants_all(kind):
    assert kind().wants(b"anything")


# limits


@given(st.integers(1, 8), st.lists(st.sampled_from(["send", "send_all", "take", "read"]), max_size=80))
def test_no_more_are_under_way_than_the_limit_and_all_arrive(limit, script):
    push, pull = Push(), Pull()
    link = vocabulary.Pair(push, pull, limit=limit)
    sent: list[bytes] = []
    lane: list[Any] = []  # what was taken and not yet read
    read: list[Any] = []
    for step in script:
        following = [b"%d" % (len(sent) + at) for at in range(3)]
        if step == "send":
            sent += following[: push.send(following[0])]
        elif step == "send_all":
            sent += following[: push.send_all(following)]
        elif lane:
            read.append(lane.pop(0))
        elif step == "take":
            lane = pull.take()
        assert len(sent) - len(read) <= limit
        assert len(link.ends[1].inbox) + len(lane) == len(sent) - len(read)
    read += lane + takes_all(pull)
    assert read == sent
    assert push.can_send()
