import copy
import gc
import subprocess
import sys
from io import BytesIO

import pytest

LARGE = b"x" * 100_000


def test_a_frame_is_its_content(zmq):
    frame = zmq.Frame(b"content")
    assert (frame.bytes, bytes(frame), len(frame), frame.buffer.tobytes()) == (b"content", b"content", 7, b"content")
    assert frame.bytes is frame.bytes
    assert frame.buffer is frame.buffer
    assert zmq.Frame().bytes == b""
    assert zmq.Message is zmq.Frame


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (3, "<zmq.Frame(b'xxx')>"),
        (20, "<zmq.Frame(b'xxxxxxxxxxxx'...20B)>"),
        (2000, "<zmq.Frame(b'xxxxxxxxxxxx'...2kB)>"),
        (2_000_000, "<zmq.Frame(b'xxxxxxxxxxxx'...2MB)>"),
    ],
)
def test_a_frames_repr_shows_how_it_begins_and_how_large_it_is(zmq, size, text):
    assert str(zmq.Frame(b"x" * size)) == text


@pytest.mark.parametrize(
    ("wrong", "error"), [("text", TypeError), (5, TypeError), (memoryview(b"abcd")[::2], BufferError)]
)
def test_a_frame_is_made_of_a_buffer(zmq, wrong, error):
    with pytest.raises(error):
        zmq.Frame(wrong)


def test_frames_are_equal_only_to_themselves(zmq):
    frame = zmq.Frame(b"a")
    assert frame == frame  # noqa: PLR0124
    assert frame != zmq.Frame(b"a")


def test_a_small_frame_is_a_copy_and_a_large_one_is_not(zmq):
    small, large = bytearray(10), bytearray(LARGE)
    frames = [zmq.Frame(small), zmq.Frame(large)]
    small[0] = large[0] = 1
    assert [frame.bytes[0] for frame in frames] == [0, 1]


def test_a_copy_shares_content_and_tracker(zmq):
    frame = zmq.Frame(LARGE, track=True)
    other = copy.copy(frame)
    assert other.bytes == LARGE
    assert other.tracker is frame.tracker
    assert other.get(zmq.SHARED) == frame.get(zmq.SHARED) == 1


def test_options_of_a_frame_can_be_read_only(zmq):
    frame = zmq.Frame(b"a")
    assert frame.get(zmq.MORE) == frame.MORE == 0
    for wrong in (99, "No-Such-Property", b"Nor-This"):
        with pytest.raises(zmq.ZMQError) as caught:
            frame.get(wrong)
        assert caught.value.errno == zmq.EINVAL
    with pytest.raises(zmq.ZMQError) as caught:
        frame["User-Id"]
    assert caught.value.errno == zmq.EINVAL
    with pytest.raises(zmq.ZMQError) as caught:
        frame.set(zmq.MORE, 1)
    assert caught.value.errno == zmq.EINVAL
    with pytest.raises(TypeError):
        frame.get(1.5)
    with pytest.raises(TypeError):
        frame.set("x", 1)


def test_a_frame_has_no_other_attributes(zmq):
    frame = zmq.Frame(b"a")
    with pytest.raises(AttributeError):
        frame.colour  # noqa: B018
    with pytest.raises(AttributeError):
        frame.colour = "red"


@pytest.mark.parametrize("name", ["routing_id", "group"])
def test_what_belongs_to_the_draft_types_is_refused(zmq, name):
    frame = zmq.Frame(b"a")
    with pytest.raises(RuntimeError, match="draft"):
        getattr(frame, name)
    with pytest.raises(RuntimeError, match="draft"):
        setattr(frame, name, 1)


def test_a_received_frames_buffer_can_be_written_to(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    push.send(b"immutable?")
    frame = pull.recv(copy=False)
    frame.buffer[:2] = b"IM"
    assert bytes(frame.buffer) == b"IMmutable?"


def test_writing_into_a_frame_leaves_the_senders_bytes_alone(ours, pair):
    push, pull = pair(ours.PUSH, ours.PULL)
    data = bytes(range(100))
    push.send(data)
    pull.recv(copy=False).buffer[0] = 255
    assert data[0] == 0


def test_a_frame_is_a_buffer(zmq):
    frame = zmq.Frame(b"octets")
    view = memoryview(frame)
    assert (view.tobytes(), view.format, view.shape) == (b"octets", "B", (6,))
    assert b"".join([frame, frame]) == b"octetsoctets"
    del frame
    assert view.tobytes() == b"octets"


def test_a_frame_can_be_written_to_as_a_buffer_if_its_memory_can(ours):
    frame = ours.Frame(b"octets")
    assert BytesIO(b"OCT").readinto(frame) == 3
    assert frame.bytes == b"OCTets"
    read_only = ours.Frame(memoryview(LARGE), copy=False)
    assert memoryview(read_only).readonly
    with pytest.raises((TypeError, BufferError)):
        BytesIO(b"OCT").readinto(read_only)
    assert read_only.bytes == LARGE


def test_a_frame_is_freed_when_its_views_are(ours):
    frame = ours.Frame(LARGE)
    frame.buffer  # noqa: B018 (it is made once)
    before = sys.getrefcount(frame), sys.getrefcount(frame.buffer)
    for _ in range(1000):
        memoryview(frame)
    assert (sys.getrefcount(frame), sys.getrefcount(frame.buffer)) == before


SUBCLASS_FIRST = """
import purezmq

class Text(purezmq.Frame):
    def __str__(self):
        return str(self, "utf-8")

class Title(Text):
    pass

assert str(Title("Ö".encode())) == "Ö"
"""


def test_subclasses_of_frame_are_buffers_too(ours):
    subprocess.run([sys.executable, "-c", SUBCLASS_FIRST], check=True, timeout=30)


def test_trackers_are_given_for_what_is_not_copied(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    assert push.send(b"small", copy=False) is zmq._FINISHED_TRACKER
    assert push.send(LARGE, copy=False) is None
    assert push.send(b"small", track=True) is None
    assert push.send(zmq.Frame(b"x")) is None
    tracker = push.send(LARGE, copy=False, track=True)
    assert isinstance(tracker, zmq.MessageTracker)
    with pytest.raises(ValueError, match="Not a tracked message"):
        push.send(zmq.Frame(b"x"), track=True)
    assert [len(pull.recv()) for _ in range(5)] == [5, len(LARGE), 5, 1, len(LARGE)]


def test_a_message_is_in_use_until_it_was_received(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    push.copy_threshold = 0
    single = push.send(bytearray(b"single"), copy=False, track=True)
    several = push.send_multipart([b"several", b"parts"], copy=False, track=True)
    assert not single.done
    with pytest.raises(zmq.NotDone):
        single.wait(0.01)
    assert pull.recv() == b"single"
    single.wait(10)
    assert not several.done
    assert pull.recv_multipart() == [b"several", b"parts"]
    several.wait(10)
    assert several.done


def test_a_frame_is_in_use_as_long_as_it_exists(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    frame = zmq.Frame(b"again", copy=False, track=True)
    trackers = [push.send(frame, copy=False), push.send(frame, copy=False)]
    assert [pull.recv(), pull.recv()] == [b"again", b"again"]
    assert not any(tracker.done for tracker in trackers)
    del frame
    for tracker in trackers:
        tracker.wait(10)


def test_a_tracker_waits_for_all_that_it_tracks(zmq):
    first, second = (zmq.Frame(b"a", copy=False, track=True) for _ in range(2))
    tracker = zmq.MessageTracker(first, second)
    del first
    gc.collect()
    with pytest.raises(zmq.NotDone):
        tracker.wait(0.01)
    del second
    gc.collect()
    assert tracker.wait(10) is None
    assert tracker.done


def test_a_tracker_tracks_trackers_events_and_tracked_frames(zmq):
    assert zmq.MessageTracker().done
    assert zmq.MessageTracker(zmq.Frame(b"copied", track=True)).done
    with pytest.raises(ValueError, match="Not a tracked message"):
        zmq.MessageTracker(zmq.Frame(b"a"))
    with pytest.raises(TypeError):
        zmq.MessageTracker("a")
