"""The lanes of a socket: closed and empty at first; what a thread does with one, others see whole."""

from purezmq.constants import SocketType
from purezmq.engine.lanes import Lanes
from tests.engine.helpers import Call, open_socket


def test_lanes_are_closed_and_empty_at_first():
    lanes = Lanes()
    assert lanes.batch == 0
    assert lanes.outgoing == lanes.ready == []


def test_each_socket_has_its_own(context):
    one, other = (open_socket(context, SocketType.DEALER).lanes for _ in range(2))
    one.outgoing.append(b"a")
    one.ready.append(b"b")
    one.batch = 1
    assert (other.batch, other.outgoing, other.ready) == (0, [], [])


def test_threads_that_append_lose_nothing_and_keep_their_order():
    lanes = Lanes()

    def work(name):
        for number in range(1000):
            lanes.outgoing.append([name, b"%d" % number])

    for call in [Call(work, name) for name in (b"a", b"b", b"c")]:
        call.result()
    for name in (b"a", b"b", b"c"):
        mine = [number for owner, number in lanes.outgoing if owner == name]
        assert mine == [b"%d" % number for number in range(1000)]


def test_threads_that_pop_get_each_message_once():
    lanes = Lanes()
    lanes.ready += [b"%d" % number for number in range(3000)]

    def work():
        got = []
        while lanes.ready:
            try:
                got.append(lanes.ready.pop())
            except IndexError:
                break
        return got

    calls = [Call(work) for _ in range(3)]
    got = [message for call in calls for message in call.result()]
    assert sorted(got, key=int) == [b"%d" % number for number in range(3000)]
