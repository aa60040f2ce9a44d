"""The prefix tables: they agree with a list of prefixes, and do not scan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import purezmq
from purezmq.patterns.subscriptions import OwnSubscriptions, PeerSubscriptions, is_subscription, split
from tests.patterns.vocabulary import Peer

# Few letters, so that topics are often prefixes of each other.
topics = st.text("ab", max_size=5).map(str.encode)
PIPES = [Peer() for _ in range(3)]


@given(st.lists(st.tuples(st.booleans(), topics, st.sampled_from(PIPES)), max_size=40), topics)
def test_a_publishers_table_agrees_with_a_list_of_prefixes(changes, topic):
    table = PeerSubscriptions()
    naive: list[tuple[bytes, Peer]] = []
    for adds, prefix, pipe in changes:
        if adds:
            assert table.add(prefix, pipe) == all(known != prefix for known, _ in naive)
            if (prefix, pipe) not in naive:
                naive.append((prefix, pipe))
        else:
            table.remove(prefix, pipe)
            if (prefix, pipe) in naive:
                naive.remove((prefix, pipe))
    assert table.match(topic) == {pipe for prefix, pipe in naive if topic.startswith(prefix)}
    assert table.match(memoryview(topic)) == table.match(topic)
    assert table.covers(topic) == any(topic.startswith(prefix) for prefix, _ in naive)
    assert len(table) == len({prefix for prefix, _ in naive})
    for pipe in PIPES:
        assert sorted(table.leave(pipe)) == sorted(prefix for prefix, owner in naive if owner is pipe)
    assert len(table) == 0
    assert not table.covers(topic)


@given(st.lists(st.tuples(st.booleans(), topics), max_size=40), topics)
def test_a_subscribers_table_agrees_with_a_list_of_prefixes(changes, topic):
    table = OwnSubscriptions()
    naive = []
    for adds, prefix in changes:
        if adds:
            table.add(prefix)
            naive.append(prefix)
        else:
            was_last = naive.count(prefix) == 1
            assert table.remove(prefix) is was_last
            if prefix in naive:
                naive.remove(prefix)
    assert table.covers(topic) == any(topic.startswith(prefix) for prefix in naive)
    assert table.covers(memoryview(topic)) == table.covers(topic)
    assert sorted(table) == sorted(set(naive))


looks_inside = pytest.mark.skipif(purezmq.compiled, reason="a compiled table's dictionary cannot be replaced")


class CountingDict(dict):
    """Counts what is looked up in it."""

    def __init__(self, *args) -> None:
        super().__init__(*args)
        self.lookups = 0

    def __contains__(self, key: object) -> bool:
        self.lookups += 1
        return super().__contains__(key)

    def __iter__(self):
        raise AssertionError("scanned")


@looks_inside
def test_a_hundred_thousand_subscriptions_cost_one_lookup_for_each_length():
    pipe = Peer()
    table = PeerSubscriptions()
    table._values = CountingDict()
    for number in range(100_000):
        table.add(b"topic.%d" % number, pipe)
    assert len(table._lengths) == 5  # one digit to five
    table._values.lookups = 0
    assert table.match(b"topic.99999 and the rest of a message") == {pipe}
    assert table._values.lookups == 5
    assert table.match(b"topic.7") == {pipe}
    assert table._values.lookups == 6
    assert not table.match(b"other")
    assert table._values.lookups == 6  # shorter than any prefix


@looks_inside
def test_a_topic_is_not_looked_at_beyond_the_longest_subscription():
    table = OwnSubscriptions()
    table._values = CountingDict()
    table.add(b"abc")
    table._values.lookups = 0
    assert table.covers(memoryview(b"abc" + bytes(1_000_000)))
    assert not table.covers(bytes(1_000_000))
    assert table._values.lookups == 2


@looks_inside
def test_leaving_costs_what_the_pipe_had_not_what_the_table_holds():
    crowd, guest = Peer(), Peer()
    table = PeerSubscriptions()
    for number in range(10_000):
        table.add(b"%d" % number, crowd)
    table.add(b"12", guest)
    table.add(b"guest", guest)
    values = table._values = CountingDict(table._values)
    assert sorted(table.leave(guest)) == [b"12", b"guest"]
    assert values.lookups == 0  # nothing is searched, and `__iter__` did not raise
    assert table.match(b"12") == {crowd}
    assert not table.match(b"guest")


def test_a_connection_is_in_the_set_once_however_often_it_subscribes():
    pipe = Peer()
    table = PeerSubscriptions()
    assert table.add(b"a", pipe)
    assert not table.add(b"a", pipe)
    table.remove(b"a", pipe)
    assert b"a" not in table


def test_a_pipe_with_two_matching_prefixes_is_found_once():
    pipe, other = Peer(), Peer()
    table = PeerSubscriptions()
    table.add(b"", pipe)
    table.add(b"a", pipe)
    table.add(b"ab", other)
    assert list(table.match(b"a")) == [pipe]
    assert table.match(b"abc") == {pipe, other}


@pytest.mark.parametrize(
    ("part", "expected"),
    [(b"", False), (b"\x00", True), (b"\x01", True), (b"\x01a", True), (b"\x02", False), (memoryview(b"\x00a"), True)],
)
def test_a_part_that_begins_with_zero_or_one_is_a_subscription(part, expected):
    assert is_subscription(part) is expected


@pytest.mark.parametrize(
    ("message", "only_first", "subscriptions", "others"),
    [
        (b"\x01a", False, [b"\x01a"], []),
        (b"data", False, [], [b"data"]),
        (b"", False, [], [b""]),
        ([b"\x01a", b"x", b"\x00b"], False, [b"\x01a", b"\x00b"], [b"x"]),
        ([b"x", b"\x01a"], False, [b"\x01a"], [b"x"]),
        ([b"x", b"\x01a"], True, [], [b"x", b"\x01a"]),
        ([b"\x01a", b"\x01b"], True, [b"\x01a"], [b"\x01b"]),
    ],
)
def test_subscriptions_are_picked_out_of_a_message(message, only_first, subscriptions, others):
    assert split(message, only_first=only_first) == (subscriptions, others)
