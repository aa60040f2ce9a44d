"""Messages that receivers give back: in which order, and in how many pieces, others get them."""

import itertools

import pytest

from purezmq.api.buffers import PerThread
from purezmq.api.returned import Returned
from purezmq.api.socket_base import Rest


class Receiving:
    """What a socket does with messages: whole ones, and parts one by one."""

    def __init__(self):
        self.unread = PerThread()
        self.returned = Returned()
        self.numbers = itertools.count(1)

    def first_of(self, *parts):
        """Receive the first part of a message: what can be given back."""
        rest = Rest(list(parts[:0:-1]), {})
        self.unread.keep(rest)
        return parts[0], next(self.numbers), rest

    def next_part(self):
        """Receive the next part."""
        rest = self.unread.mine()
        part = rest.parts.pop()
        if not rest.parts:
            self.unread.drop()
        return part, next(self.numbers), rest

    def whole(self, *parts):
        """Receive a whole message."""
        return (list(parts) if len(parts) > 1 else parts[0]), next(self.numbers), None

    def whole_again(self):
        """Receive a whole message that was given back."""
        self.returned.bring_back(self.unread)
        rest = self.unread.mine()
        self.unread.drop()
        return rest.parts[::-1], next(self.numbers), rest

    def first_again(self):
        """Receive the first part of one."""
        self.returned.bring_back(self.unread)
        return self.next_part()

    def again(self):
        """All messages that come now, one by one."""
        messages = []
        while self.returned or self.unread:
            if self.returned:
                self.returned.bring_back(self.unread)
            messages.append(self.unread.mine().parts[::-1])
            self.unread.drop()
        return messages


@pytest.fixture
def receiving():
    return Receiving()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_messages_come_again_in_the_order_they_came_in(receiving, order):
    given = [receiving.whole(b"1"), receiving.whole(b"2", b"two"), receiving.whole(b"3")]
    for place in order:
        receiving.returned.put(*given[place])
    assert receiving.again() == [[b"1"], [b"2", b"two"], [b"3"]]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_parts_of_a_message_are_one_message_again(receiving, order):
    given = [receiving.whole(b"before"), receiving.first_of(b"1", b"2", b"3"), receiving.next_part()]
    given.append(receiving.next_part())
    for place in order:
        receiving.returned.put(*given[place])
    assert receiving.again() == [[b"before"], [b"1", b"2", b"3"]]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_parts_join_those_that_nobody_has_received_yet(receiving, order):
    given = [receiving.whole(b"before"), receiving.first_of(b"1", b"2", b"3", b"4"), receiving.next_part()]
    for place in order:
        receiving.returned.put(*given[place])
    assert receiving.again() == [[b"before"], [b"1", b"2", b"3", b"4"]]


def test_who_is_in_the_middle_of_a_message_gets_its_end_first(receiving):
    before = receiving.whole(b"before")
    receiving.first_of(b"1", b"2", b"3")
    receiving.returned.put(*before)
    receiving.returned.bring_back(receiving.unread)
    assert receiving.unread.mine().parts == [b"3", b"2"]
    receiving.next_part()
    receiving.next_part()
    assert receiving.again() == [[b"before"]]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("times", [1, 2])
def test_what_is_given_back_again_and_again_keeps_its_place(receiving, order, times):
    for message in [receiving.whole(b"1"), receiving.whole(b"2", b"two"), receiving.whole(b"3")]:
        receiving.returned.put(*message)
    for _ in range(times):
        receiving.returned.put(*receiving.whole_again())
        given = [receiving.whole_again(), receiving.first_again(), receiving.next_part()]
        for place in order:
            receiving.returned.put(*given[place])
    assert receiving.again() == [[b"1"], [b"2", b"two"], [b"3"]]
