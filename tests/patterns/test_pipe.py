"""A pipe's two queues: their room, and what is lent from the inbox until it has been read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purezmq.patterns.pipe import PLENTY, Pipe


class Resumable(Pipe):
    """Counts how often its far side was told to go on."""

    __slots__ = ("resumed",)

    def __init__(self, receive_limit: int, count: int) -> None:
        super().__init__(receive_limit=receive_limit)
        self.resumed = 0
        self.inbox.extend(numbered(count))
        self.stalled = True

    def resume(self) -> None:
        super().resume()
        self.resumed += 1


def numbered(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


# the outbox


@pytest.mark.parametrize(("limit", "space"), [(0, PLENTY), (5, 3), (2, 0), (1, 0)])
def test_space_is_what_the_outbox_takes(limit, space):
    pipe = Pipe(send_limit=limit)
    pipe.push_all([b"a", b"b"])
    assert pipe.space() == space
    assert pipe.has_room() == bool(space)


def test_messages_are_queued_in_order():
    pipe = Pipe()
    pipe.push(b"a")
    pipe.push_all([b"b", [b"c", b"d"]])
    pipe.push(b"e")
    assert list(pipe.outbox) == [b"a", b"b", [b"c", b"d"], b"e"]


# the inbox


@pytest.mark.parametrize(
    ("limit", "size", "portion"),
    [(0, 0, 0), (0, 1000, 1000), (10, 3, 3), (10, 10, 5), (10, 11, 11), (1, 1, 1), (3, 3, 1), (4, 0, 0)],
)
def test_a_portion_is_half_of_the_limit_or_what_is_there_anyhow(limit, size, portion):
    pipe = Pipe(receive_limit=limit)
    pipe.inbox.extend(numbered(size))
    assert pipe.portion() == portion


def test_what_is_lent_comes_from_the_head():
    pipe = Resumable(10, 5)
    assert pipe.lend(2) == numbered(5)[:2]
    assert list(pipe.inbox) == numbered(5)[2:]
    assert pipe.lent == 2


def test_what_is_lent_counts_until_it_is_repaid():
    pipe = Resumable(4, 4)
    pipe.lend(2)
    assert not pipe.resumed
    pipe.repay()
    assert pipe.resumed == 1
    assert pipe.lent == 0


def test_repaying_a_part_that_is_too_small_tells_nobody():
    pipe = Resumable(4, 4)
    pipe.lend(1)
    pipe.repay()
    assert not pipe.resumed


def test_a_far_side_that_does_not_wait_is_not_told():
    pipe = Resumable(4, 4)
    pipe.stalled = False
    pipe.lend(4)
    pipe.repay()
    assert not pipe.resumed


@given(st.integers(1, 12), st.integers(0, 30), st.lists(st.booleans(), max_size=30))
def test_the_far_side_goes_on_no_sooner_than_half_is_read_and_no_later_than_all(limit, count, script):
    pipe = Resumable(limit, count)
    got: list[object] = []
    for lends in script:
        unread = len(pipe.inbox)  # what was lent before has been read by now
        resumed = pipe.resumed
        pipe.repay()
        assert pipe.resumed == (1 if unread <= limit // 2 else resumed)
        if lends:
            got += pipe.lend(pipe.portion())
        elif pipe.inbox:
            got.append(pipe.pop())
    pipe.repay()
    assert pipe.resumed == (len(pipe.inbox) <= limit // 2)
    assert got + list(pipe.inbox) == numbered(count)
