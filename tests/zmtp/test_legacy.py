import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purezmq.zmtp.frame import LARGE
from purezmq.zmtp.legacy import DecoderV1, encode_v1, encoded_size_v1

from .helpers import cut, cuts, flat, messages
from .test_frame import receive_into


def wire(batch):
    return b"".join(encode_v1(batch))


def decode(chunks, max_size=-1):
    decoder = DecoderV1(max_size)
    return flat(item for chunk in chunks for item in decoder.feed(chunk)), decoder.error


@pytest.mark.parametrize(
    ("batch", "octets"),
    [
        ([b""], b"\1\0"),
        ([b"abc"], b"\4\0abc"),
        ([[b"a", b""]], b"\2\1a\1\0"),
        ([b"x" * 253], b"\xfe\0" + b"x" * 253),
        ([b"x" * 254], b"\xff" + struct.pack(">Q", 255) + b"\0" + b"x" * 254),
    ],
)
def test_a_frame_is_size_then_flags_then_body_and_the_size_counts_the_flags(batch, octets):
    assert wire(batch) == octets
    assert decode([octets]) == (batch, None)
    assert sum(map(encoded_size_v1, batch)) == len(octets)


@given(st.lists(messages, max_size=8), st.data())
def test_what_was_encoded_is_decoded_however_it_is_cut(batch, data):
    octets = wire(batch)
    assert decode(data.draw(cuts(octets))) == (batch, None)
    assert sum(map(encoded_size_v1, batch)) == len(octets)


@given(st.lists(messages, max_size=8), st.data())
def test_a_large_body_may_be_received_into_its_memory(batch, data):
    decoder = DecoderV1()
    items = [item for chunk in data.draw(cuts(wire(batch))) for item in receive_into(decoder, chunk)]
    assert flat(items) == batch
    assert decoder.pending() == 0


def test_a_large_part_is_passed_on_as_the_very_object():
    large = b"x" * LARGE
    buffers = encode_v1([[large, b"a"], b"b"])
    assert buffers == [b"\xff" + struct.pack(">Q", LARGE + 1) + b"\1", large, b"\2\0a\2\0b"]
    assert buffers[1] is large


def test_flags_other_than_more_are_ignored():
    assert decode([b"\2\xfea\2\xffb\2\4c"]) == ([b"a", [b"b", b"c"]], None)


@pytest.mark.parametrize("step", [1, 1000])
@pytest.mark.parametrize("bad", [b"\0\0", b"\xff" + bytes(9), b"\x0c\0"])
def test_what_was_complete_before_the_error_is_delivered_and_nothing_after_it(bad, step):
    received, error = decode(cut(b"\2\0a" + bad + b"\2\0b", step), max_size=10)
    assert received == [b"a"]
    assert error is not None


@given(st.binary(max_size=300), st.data())
def test_any_cut_of_random_octets_gives_the_same_messages_and_the_same_error(octets, data):
    whole, error = decode([octets], max_size=100)
    pieces, other = decode(data.draw(cuts(octets)), max_size=100)
    assert pieces == whole
    assert str(other) == str(error)


def test_nothing_comes_after_an_error():
    decoder = DecoderV1()
    decoder.feed(b"\0\0")
    assert str(decoder.error) == "expected a frame of ZMTP 1.0 with flags, got one of 0 octets"
    assert decoder.feed(b"\2\0a") == []


def test_an_incomplete_frame_is_counted():
    decoder = DecoderV1()
    decoder.feed(b"\5")
    assert decoder.pending() == 1
    decoder.feed(b"\0ab")
    assert decoder.pending() > 1
    decoder.feed(b"cd")
    assert decoder.pending() == 0
