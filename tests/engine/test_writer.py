"""The writing end of a session, with a stream that takes as much as the script says."""

import errno
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purezmq.engine.encoding import Encoding
from purezmq.engine.stream_pipe import StreamPipe
from purezmq.engine.writer import ANSWERS, IOV_MAX, Writer
from purezmq.zmtp.connection import Connection
from purezmq.zmtp.local import Local
from tests.helpers.wire import command, greeting, message, ready

ALL = None
GONE = ConnectionResetError(errno.ECONNRESET, "reset")


class ScriptedStream:
    """Takes so many octets of each call as the script says: ALL, a number (0 is EAGAIN), or an error to raise."""

    def __init__(self, *script):
        self.script = deque(script)
        self.written = bytearray()
        self.calls = []

    def _take(self, octets):
        step = self.script.popleft() if self.script else ALL
        if isinstance(step, OSError):
            raise step
        if step == 0:
            raise BlockingIOError(errno.EAGAIN, "again")
        count = len(octets) if step is ALL else min(step, len(octets))
        self.written += octets[:count]
        return count

    def send(self, octets):
        self.calls.append(1)
        return self._take(bytes(octets))

    def sendmsg(self, buffers):
        buffers = list(buffers)
        self.calls.append(len(buffers))
        return self._take(b"".join(buffers))


class StreamWithoutSendmsg:
    """As a socket is on Windows."""

    def __init__(self):
        self.written = bytearray()

    def send(self, octets):
        self.written += octets
        return len(octets)


class NobodyCares:
    """A pipe's owner."""

    def condemn(self, pipe, reason):
        """Not of interest here."""


def established():
    zmtp = Connection(Local(b"PUSH", frozenset({b"PULL"})))
    zmtp.receive(greeting() + ready("PULL"))
    zmtp.data_to_send()
    assert zmtp.ready
    return zmtp


def writer_to(stream, zmtp=None, batch=0):
    encoding = Encoding()
    encoding.limit(batch)
    return Writer(stream, zmtp or established(), encoding)


def pipe_with(*messages, limit=0):
    pipe = StreamPipe(NobodyCares(), limit, 0)
    pipe.outbox.extend(messages)
    return pipe


def no_matter(pipe):
    """Room is not of interest."""


def wire(*messages):
    return b"".join(message(*m) if type(m) is list else message(bytes(m)) for m in messages)


def test_everything_is_written():
    stream = ScriptedStream()
    assert writer_to(stream).write(pipe_with(b"a", [b"b", b"c"]), no_matter)
    assert stream.written == wire(b"a", [b"b", b"c"])


def test_small_messages_are_one_system_call():
    stream = ScriptedStream()
    writer_to(stream).write(pipe_with(*[b"x"] * 100), no_matter)
    assert stream.calls == [1]


def test_nothing_to_write_is_no_system_call():
    stream = ScriptedStream()
    assert writer_to(stream).write(pipe_with(), no_matter)
    assert stream.calls == []


def test_a_kernel_that_takes_nothing_blocks_the_writer():
    stream = ScriptedStream(0)
    writer = writer_to(stream)
    assert not writer.write(pipe_with(b"a"), no_matter)
    assert writer.blocked
    assert writer.pending


def test_the_rest_is_written_when_the_kernel_takes_more():
    messages = [b"one", b"two", [b"three", b"four"]]
    stream = ScriptedStream(4, 0, 3, 0)
    writer = writer_to(stream)
    pipe = pipe_with(*messages)
    for _ in range(10):
        writer.blocked = False
        if writer.write(pipe, no_matter):
            break
    assert stream.written == wire(*messages)
    assert not writer.pending


def test_a_partial_write_does_not_ask_again_at_once():
    stream = ScriptedStream(2)
    writer = writer_to(stream)
    assert not writer.write(pipe_with(b"abcdef"), no_matter)
    assert stream.calls == [1]


def test_large_parts_are_written_uncopied():
    class Recorder(ScriptedStream):
        def sendmsg(self, buffers):
            self.buffers = list(buffers)
            return super().sendmsg(self.buffers)

    stream = Recorder()
    large = bytes(100_000)
    writer_to(stream).write(pipe_with(large), no_matter)
    assert any(buffer is large for buffer in stream.buffers)
    assert stream.written == wire(large)


def test_many_buffers_are_several_system_calls():
    parts = [bytes(65536) for _ in range(IOV_MAX)]
    stream = ScriptedStream()
    assert writer_to(stream).write(pipe_with(parts), no_matter)
    assert stream.written == wire(parts)
    assert max(stream.calls) <= IOV_MAX
    assert len(stream.calls) > 1


def test_commands_go_before_messages_that_are_not_encoded_yet():
    stream = ScriptedStream()
    writer = writer_to(stream)
    writer.add(command(b"PING", b"\0\0"))
    writer.write(pipe_with(b"a"), no_matter)
    assert stream.written == command(b"PING", b"\0\0") + wire(b"a")


def test_commands_never_go_into_a_batch_that_is_half_written():
    stream = ScriptedStream(3, 0)
    writer = writer_to(stream)
    writer.write(pipe_with(b"abc", b"def"), no_matter)
    writer.add(command(b"PING", b"\0\0"))
    writer.blocked = False
    writer.write(None, no_matter)
    while writer.pending:
        writer.write(None, no_matter)
    assert stream.written == wire(b"abc", b"def") + command(b"PING", b"\0\0")


def test_before_the_handshake_is_done_no_message_goes():
    stream = ScriptedStream()
    pipe = pipe_with(b"a")
    writer = writer_to(stream, Connection(Local(b"PUSH", frozenset({b"PULL"}))))
    assert writer.write(None, no_matter)
    assert bytes(stream.written[:10]) == greeting()[:10]
    assert list(pipe.outbox) == [b"a"]


def test_a_broken_stream_is_noted_and_not_raised():
    writer = writer_to(ScriptedStream(GONE))
    assert not writer.write(pipe_with(b"a"), no_matter)
    assert writer.broken
    assert writer.unwritten() == [b"a"]


def test_room_is_told_once_a_full_outbox_has_some():
    told = []
    pipe = pipe_with(b"a", b"b", limit=2)
    writer_to(ScriptedStream(0)).write(pipe, told.append)
    assert told == [pipe]


def test_room_is_not_told_where_there_was_some():
    told = []
    writer_to(ScriptedStream(0)).write(pipe_with(b"a", limit=2), told.append)
    assert told == []


def test_room_is_not_told_while_there_is_none():
    told = []
    pipe = pipe_with(*[b"x"] * 20, limit=5)
    writer_to(ScriptedStream(0), batch=5).write(pipe, told.append)
    assert told == []


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (0, [b"abc", b"def", b"ghi"]),
        (1, [b"abc", b"def", b"ghi"]),
        (4, [b"abc", b"def", b"ghi"]),
        (5, [b"def", b"ghi"]),
        (9, [b"def", b"ghi"]),
        (10, [b"ghi"]),
        (14, [b"ghi"]),
        (15, []),
    ],
)
def test_what_was_not_written_whole_can_be_had_back(written, left):
    writer = writer_to(ScriptedStream(*([written, 0] if written else [0])))
    writer.write(pipe_with(b"abc", b"def", b"ghi"), no_matter)
    assert writer.unwritten() == left


def test_messages_that_are_still_in_the_outbox_are_not_among_the_unwritten():
    pipe = pipe_with(b"a", b"b", b"c")
    writer = writer_to(ScriptedStream(0), batch=2)
    writer.write(pipe, no_matter)
    assert writer.unwritten() == [b"a", b"b"]
    assert list(pipe.outbox) == [b"c"]


def test_after_a_batch_only_the_next_one_counts():
    pipe = pipe_with(b"aaaa", b"b")
    writer = writer_to(ScriptedStream(ALL, 1), batch=1)
    writer.write(pipe, no_matter)
    assert writer.unwritten() == [b"b"]


def test_commands_are_not_had_back():
    writer = writer_to(ScriptedStream(3))
    writer.add(command(b"PING", b"\0\0"))
    writer.write(pipe_with(), no_matter)
    assert writer.pending
    assert writer.unwritten() == []


parts = st.binary(max_size=40)
sent = st.lists(st.one_of(parts, st.lists(parts, min_size=2, max_size=4)), min_size=1, max_size=20)


@given(sent, st.lists(st.integers(0, 60), max_size=30), st.integers(1, 20))
def test_written_and_unwritten_together_are_what_was_sent(messages, script, batch):
    stream = ScriptedStream(*script, GONE)
    writer = writer_to(stream, batch=batch)
    pipe = pipe_with(*messages)
    while pipe.outbox or writer.pending:
        writer.write(pipe, no_matter)
        if writer.broken:
            break
    left = [*writer.unwritten(), *pipe.outbox]
    whole = messages[: len(messages) - len(left)]
    assert left == messages[len(whole) :]
    assert stream.written.startswith(wire(*whole))
    assert len(stream.written) < len(wire(*whole)) + (len(wire(left[0])) if left else 1)


def test_a_peer_that_asks_for_more_answers_than_it_reads_overloads_the_writer():
    zmtp = established()
    writer = writer_to(ScriptedStream(0, 0), zmtp)
    writer.write(pipe_with(b"a"), no_matter)
    assert not writer.overloaded()
    for _ in range(ANSWERS // 20):
        zmtp.receive(command(b"PING", b"\0\0" + bytes(16)))
    assert writer.overloaded()


def test_a_stream_without_sendmsg_gets_the_same_octets():
    stream = StreamWithoutSendmsg()
    messages = [bytes(70_000), [b"a", bytes(70_000)]]
    writer_to(stream).write(pipe_with(*messages), no_matter)
    assert stream.written == wire(*messages)


# what comes without passing through the outbox


def test_a_batch_is_written_at_once():
    stream = ScriptedStream()
    assert writer_to(stream).write_batch([b"a", [b"b", b"c"]])
    assert stream.written == wire(b"a", [b"b", b"c"])
    assert stream.calls == [1]


def test_what_the_kernel_does_not_take_of_a_batch_waits():
    stream = ScriptedStream(4, 0, ALL)
    writer = writer_to(stream)
    batch = [b"abc", b"def"]
    assert not writer.write_batch(batch)
    assert writer.blocked
    assert writer.unwritten() == batch == [b"abc", b"def"]
    writer.blocked = False
    assert not writer.write(pipe_with(b"later"), no_matter)
    writer.blocked = False
    assert writer.write(pipe_with(b"later"), no_matter)
    assert stream.written == wire(b"abc", b"def", b"later")


def test_a_batch_for_two_connections_is_written_whole_to_each():
    encoding, batch = Encoding(), [b"small", bytes(70_000), [b"a", bytes(70_000)]]
    slow, quick = ScriptedStream(70_003, 1000, 3), ScriptedStream()
    writers = [Writer(stream, established(), encoding) for stream in (slow, quick)]
    encoding.share()
    for writer in writers:
        writer.write_batch(batch)
    encoding.unshare()
    while writers[0].pending:
        writers[0].write(None, no_matter)
    assert slow.written == quick.written == wire(*batch)
