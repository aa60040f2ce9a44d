"""When a pipe's messages are written at once, and when they are queued."""

import pytest

from purezmq.engine.stream_pipe import StreamPipe


class FakeOwner:
    """A socket that notes what its pipes tell it."""

    def __init__(self):
        self.condemned = []

    def condemn(self, pipe, reason):
        self.condemned.append((pipe, reason))


class FakeSession:
    """A session that notes what it is to write, while it can."""

    def __init__(self):
        self.can_write = True
        self.writes = []
        self.said = []

    def write(self, messages):
        if self.can_write:
            self.writes.append(messages)
        return self.can_write

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
def session():
    return FakeSession()


@pytest.fixture
def pipe(owner, session):
    pipe = StreamPipe(owner, 1000, 1000)
    pipe.session = session
    return pipe


# out


def test_a_message_is_written_at_once(pipe, session):
    pipe.push(b"a")
    assert session.writes == [[b"a"]]
    assert not pipe.outbox


def test_messages_that_come_together_are_written_together(pipe, session):
    pipe.push_all([b"a", [b"b", b"c"]])
    assert session.writes == [[b"a", [b"b", b"c"]]]


def test_what_cannot_be_written_is_queued(pipe, session):
    session.can_write = False
    pipe.push(b"a")
    pipe.push_all([b"b", b"c"])
    assert list(pipe.outbox) == [b"a", b"b", b"c"]


def test_nothing_overtakes_what_is_queued(pipe, session):
    pipe.outbox.append(b"a")
    pipe.push(b"b")
    pipe.push_all([b"c", b"d"])
    assert session.writes == []
    assert list(pipe.outbox) == [b"a", b"b", b"c", b"d"]


def test_without_a_connection_messages_wait(pipe, session):
    pipe.session = None
    pipe.push(b"a")
    pipe.push_all([b"b"])
    assert list(pipe.outbox) == [b"a", b"b"]
    assert session.writes == []


def test_a_list_of_messages_stays_as_it_is(pipe, session):
    session.can_write = False
    batch = [b"a", b"b"]
    pipe.push_all(batch)
    pipe.pull(1)
    assert batch == [b"a", b"b"]


def test_what_is_queued_counts_against_the_limit(owner, session):
    pipe = StreamPipe(owner, 2, 0)
    pipe.session = session
    for _ in range(5):
        pipe.push(b"written")
    assert pipe.has_room()
    assert pipe.space() == 2
    session.can_write = False
    pipe.push_all([b"a", b"b"])
    assert not pipe.has_room()
    assert pipe.space() == 0


@pytest.mark.parametrize(
    ("count", "pulled"), [(1, [b"a"]), (2, [b"a", b"b"]), (3, [b"a", b"b", b"c"]), (9, [b"a", b"b", b"c"])]
)
def test_so_many_are_pulled_or_all(pipe, count, pulled):
    pipe.outbox.extend([b"a", b"b", b"c"])
    assert pipe.pull(count) == pulled
    assert [*pulled, *pipe.outbox] == [b"a", b"b", b"c"]


# in


def test_the_far_side_goes_on_when_half_of_the_inbox_is_free(owner, session):
    pipe = StreamPipe(owner, 0, 4)
    pipe.session = session
    pipe.inbox.extend([b"a", b"b", b"c", b"d"])
    pipe.stalled = True
    pipe.pop()
    assert session.said == []
    pipe.pop()
    assert session.said == ["resume"]
    assert not pipe.stalled
    pipe.pop()
    assert session.said == ["resume"]


@pytest.mark.parametrize("count", [2, 4])
def test_what_was_lent_is_not_free_before_it_is_read(owner, session, count):
    pipe = StreamPipe(owner, 0, 4)
    pipe.session = session
    pipe.inbox.extend([b"a", b"b", b"c", b"d"])
    pipe.stalled = True
    assert pipe.lend(count) == [b"a", b"b", b"c", b"d"][:count]
    assert list(pipe.inbox) == [b"a", b"b", b"c", b"d"][count:]
    assert pipe.stalled
    pipe.repay()
    assert session.said == ["resume"]


# subscriptions, and the end


def test_subscriptions_go_to_the_connection_that_is_there(pipe, session):
    pipe.subscribe(b"t")
    pipe.cancel(b"t")
    assert session.said == [(1, b"t"), (0, b"t")]


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
