import pytest
from hypothesis import given
from hypothesis import strategies as st

from purezmq.zmtp import body
from purezmq.zmtp.body import Body


@given(st.binary(min_size=1, max_size=500), st.integers(1, 100), st.lists(st.integers(1, 100), min_size=1), st.data())
def test_what_was_put_and_written_in_any_pieces_is_the_body(octets, first, counts, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(body, "FIRST", first)
        one = Body(len(octets))
    at = 0
    while one.missing:
        count = counts[at % len(counts)]
        if data.draw(st.booleans()):
            at += one.put(memoryview(octets)[at : at + count])
        else:
            count = min(count, len(one.room))
            one.room[:count] = octets[at : at + count]
            one.written(count)
            at += count
        assert one.missing == len(octets) - at
    assert one.finish() == octets


def test_what_follows_the_body_is_left():
    one = Body(3)
    assert one.put(memoryview(b"abcdef")) == 3
    assert one.finish() == b"abc"


def test_room_grows_with_what_has_arrived():
    one = Body(1 << 40)
    assert len(one.room) == body.FIRST
    one.written(body.FIRST)
    assert len(one.room) == body.FIRST
    one.written(body.FIRST)
    assert len(one.room) == 2 * body.FIRST


def test_the_body_is_the_memory_that_was_written_to():
    one = Body(100_000)
    view = one.room
    view[:] = b"x" * 100_000
    one.written(100_000)
    whole = one.finish()
    assert type(whole) is bytes
    assert whole == b"x" * 100_000
