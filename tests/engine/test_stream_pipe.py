"""When a pipe's messages are written at once, and when they gather."""

import pytest

from purezmq.engine import stream_pipe
from purezmq.engine.stream_pipe import BATCH, BATCH_OCTETS, BURST_GAP, StreamPipe


class FakeOwner:
    """A socket that notes what its pipes tell it."""

    def __init__(self):
        self.gathering = []
        self.condemned = []

    def gathers(self, pipe):
        self.gathering.append(pipe)

    def condemn(self, pipe, reason):
        self.condemned.append((pipe, reason))


class FakeSession:
    """A session that writes all there is, and counts how often."""

    def __init__(self, pipe):
        self.pipe = pipe
        self.writes = []
        self.said = []

    def flush(self):
        self.writes.append(list(self.pipe.outbox))
        self.pipe.outbox.clear()

    def resume_reading(self):
        self.said.append("resume")

    def send_subscribe(self, topic):
        self.said.append((1, topic))

    def send_cancel(self, topic):
        self.said.append((0, topic))


@pytest.fixture
def owner():
    return FakeOwner()


@pytest.fixture
def clock(monkeypatch):
    """The time, which the test sets."""
    now = [100.0]
    monkeypatch.setattr(stream_pipe, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def pipe(owner, clock):
    pipe = StreamPipe(owner, 1000, 1000)
    pipe.session = FakeSession(pipe)
    return pipe


def test_the_first_message_is_written_at_once(pipe):
    pipe.push(b"a")
    assert pipe.session.writes == [[b"a"]]


def test_messages_that_follow_one_another_closely_gather(pipe, owner, clock):
    pipe.push(b"a")
    pipe.push(b"b")
    clock[0] += BURST_GAP / 2
    pipe.push(b"c")
    assert pipe.session.writes == [[b"a"]]
    assert owner.gathering == [pipe]


def test_a_message_after_a_pause_is_written_with_what_had_gathered(pipe, clock):
    pipe.push(b"a")
    pipe.push(b"b")
    clock[0] += 2 * BURST_GAP
    pipe.push(b"c")
    assert pipe.session.writes == [[b"a"], [b"b", b"c"]]


def test_a_full_batch_is_written(pipe):
    pipe.push(b"first")
    batch = [b"%d" % i for i in range(BATCH)]
    for message in batch:
        pipe.push(message)
    assert pipe.session.writes == [[b"first"], batch]


def test_a_batch_is_no_more_than_the_high_water_mark(owner, clock):
    pipe = StreamPipe(owner, 2, 0)
    pipe.session = FakeSession(pipe)
    pipe.push(b"first")
    pipe.push(b"a")
    assert pipe.has_room()
    pipe.push(b"b")
    assert pipe.session.writes[1:] == [[b"a", b"b"]]


def test_flush_writes_what_has_gathered(pipe):
    pipe.push(b"a")
    pipe.push(b"b")
    pipe.flush()
    assert pipe.session.writes == [[b"a"], [b"b"]]
    assert not pipe.gathering


def test_after_a_flush_the_owner_is_told_of_the_next_burst(pipe, owner):
    for message in (b"a", b"b"):
        pipe.push(message)
    pipe.flush()
    pipe.push(b"c")
    assert owner.gathering == [pipe, pipe]


def test_without_a_connection_messages_wait(pipe, owner):
    pipe.session = None
    pipe.push(b"a")
    pipe.flush()
    assert list(pipe.outbox) == [b"a"]
    assert owner.gathering == []


def test_batches_of_big_messages_have_fewer_of_them(pipe):
    pipe.sized(10, 10 * BATCH_OCTETS // 4)
    assert pipe.batch == 4


def test_the_biggest_messages_do_not_gather(pipe):
    pipe.sized(1, 100 * BATCH_OCTETS)
    assert pipe.batch == 1
    pipe.push(b"a")
    pipe.push(b"b")
    assert pipe.session.writes == [[b"a"], [b"b"]]


def test_batches_of_small_messages_grow_again(pipe):
    pipe.sized(1, 100 * BATCH_OCTETS)
    pipe.sized(1, 12)
    assert pipe.batch == BATCH


def test_the_far_side_goes_on_when_half_of_the_inbox_is_free(owner):
    pipe = StreamPipe(owner, 0, 4)
    pipe.session = FakeSession(pipe)
    pipe.inbox.extend([b"a", b"b", b"c", b"d"])
    pipe.stalled = True
    pipe.pop()
    assert pipe.session.said == []
    pipe.pop()
    assert pipe.session.said == ["resume"]
    assert not pipe.stalled
    pipe.pop()
    assert pipe.session.said == ["resume"]


def test_subscriptions_go_to_the_connection_that_is_there(pipe):
    pipe.subscribe(b"t")
    pipe.cancel(b"t")
    assert pipe.session.said == [(1, b"t"), (0, b"t")]


def test_without_a_connection_subscriptions_and_room_are_nobodys(owner):
    pipe = StreamPipe(owner, 0, 4)
    pipe.stalled = True
    pipe.subscribe(b"t")
    pipe.cancel(b"t")
    pipe.resume()
    assert not pipe.stalled


def test_a_pipe_that_the_pattern_drops_is_condemned(pipe, owner):
    pipe.drop("no place")
    assert owner.condemned == [(pipe, "no place")]
