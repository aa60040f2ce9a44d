import struct
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purezmq.zmtp.errors import PeerError
from purezmq.zmtp.frame import (
    COMMAND,
    LARGE,
    MAX_PARTS,
    CommandFrame,
    Decoder,
    Item,
    encode,
    encoded_size,
    frame,
)

from .helpers import cut, cuts, flat, messages


def wire(batch):
    return b"".join(encode(batch))


def bodies(items):
    """Commands as tuples, so that they compare."""
    return [("command", item.body) if isinstance(item, CommandFrame) else item for item in flat(items)]


def decode(chunks, max_size=-1):
    decoder = Decoder(max_size)
    return bodies(item for chunk in chunks for item in decoder.feed(chunk)), decoder.error


def receive_into(decoder, data):
    """Do with `data` what an engine does: read into `large` while there is one, feed otherwise."""
    items = []
    while data:
        if decoder.large is None:
            items += decoder.feed(data[:1000])
            data = data[1000:]
        else:
            count = min(len(decoder.large), len(data), 50_000)
            decoder.large[:count] = data[:count]
            items += decoder.fill(count)
            data = data[count:]
    return items


# octets


@pytest.mark.parametrize(
    ("batch", "octets"),
    [
        ([b""], b"\0\0"),
        ([b"abc"], b"\0\3abc"),
        ([[b"a", b""]], b"\1\1a\0\0"),
        ([b"x" * 255], b"\0\xff" + b"x" * 255),
        ([b"x" * 256], b"\2" + struct.pack(">Q", 256) + b"x" * 256),
        ([[b"x" * 256, b"y"]], b"\3" + struct.pack(">Q", 256) + b"x" * 256 + b"\0\1y"),
        ([b"a", b"bc"], b"\0\1a\0\2bc"),
    ],
)
def test_a_frame_is_flags_then_size_then_body(batch, octets):
    assert wire(batch) == octets
    assert decode([octets]) == (batch, None)


def test_a_command_frame_has_the_long_form_only_above_255_octets():
    assert frame(COMMAND, b"x" * 255) == b"\x04\xff" + b"x" * 255
    assert frame(COMMAND, b"x" * 256) == b"\x06" + struct.pack(">Q", 256) + b"x" * 256


def test_a_long_frame_may_be_small():
    assert decode([b"\2" + struct.pack(">Q", 3) + b"abc"]) == ([b"abc"], None)


def test_reserved_flags_are_ignored():
    assert decode([b"\xf8\1a\xf9\1b\xf8\1c"]) == ([b"a", [b"b", b"c"]], None)


# laws


@given(st.lists(messages, max_size=8), st.data())
def test_what_was_encoded_is_decoded_however_it_is_cut(batch, data):
    octets = wire(batch)
    assert decode(data.draw(cuts(octets))) == (batch, None)


@given(st.lists(messages, max_size=8), st.data())
def test_a_large_body_may_be_received_into_its_memory_or_fed_in_any_mixture(batch, data):
    octets = wire(batch)
    decoder = Decoder()
    items: list[Item] = []
    for chunk in data.draw(cuts(octets)):
        items += receive_into(decoder, chunk) if data.draw(st.booleans()) else decoder.feed(chunk)
    assert flat(items) == batch
    assert decoder.pending() == 0
    assert decoder.large is None


@given(st.lists(messages, max_size=40))
def test_the_encoded_size_is_the_size_of_what_is_encoded(batch):
    assert sum(map(encoded_size, batch)) == len(wire(batch))


@given(st.lists(st.binary(max_size=3), min_size=10, max_size=60), st.integers(0, 3), st.binary(max_size=9))
def test_runs_of_equal_messages_are_encoded_and_decoded_as_others_are(mixed, size, tail):
    run = [bytes([n]) * size for n in range(40)]
    for batch in (run, run + mixed, mixed + run):
        octets = b"".join(b"\0" + bytes([len(m)]) + m for m in batch)
        assert wire(batch) == octets
        assert decode([octets]) == (batch, None)
        assert decode(cut(octets + b"\0\xfe" + tail, 100)) == (batch, None)


@given(st.lists(st.binary(max_size=400)))
def test_random_octets_raise_nothing_and_nothing_follows_an_error(chunks):
    decoder = Decoder(max_size=300)
    for chunk in chunks:
        failed = decoder.error is not None
        items = decoder.feed(chunk)
        assert not (failed and items)
        assert decoder.pending() <= 309


@given(st.binary(max_size=300), st.data())
def test_any_cut_of_random_octets_gives_the_same_messages_and_the_same_error(octets, data):
    whole, error = decode([octets], max_size=100)
    pieces, other = decode(data.draw(cuts(octets)), max_size=100)
    assert pieces == whole
    assert str(other) == str(error)


# encoding


@pytest.mark.parametrize("kind", [bytes, memoryview])
def test_a_large_part_is_passed_on_as_the_very_object(kind):
    large = kind(b"x" * LARGE)
    buffers = encode([b"a", [b"b", large, b"c"], b"d"])
    assert [bytes(one) for one in buffers] == [
        b"\0\1a\1\1b\3" + struct.pack(">Q", LARGE),
        b"x" * LARGE,
        b"\0\1c\0\1d",
    ]
    assert buffers[1] is large


def test_small_messages_are_joined_into_one_buffer():
    assert len(encode([b"x" * 1000] * 50)) == 1
    assert encode([]) == []


@pytest.mark.parametrize("count", [1, 50])
def test_a_memoryview_counts_by_octets_whatever_its_items_are(count):
    view = memoryview(b"12345678").cast("I")
    assert wire([view] * count) == b"\0\x0812345678" * count
    assert encoded_size(view) == 10
    assert wire([[view, view]] * count) == b"\1\x0812345678\0\x0812345678" * count


def test_lists_of_as_many_parts_as_a_message_has_octets_are_no_run():
    batch = [b"ab", [b"c", b"d"]] * 20
    assert decode([wire(batch)]) == (batch, None)


# commands


def test_a_command_stands_between_the_batches_before_and_after_it():
    items = Decoder().feed(b"\0\1a\0\1b\4\1C\4\1D\0\1c")
    assert [item if isinstance(item, list) else item.body for item in items] == [[b"a", b"b"], b"C", b"D", [b"c"]]


def test_a_command_between_the_parts_of_a_message_does_not_disturb_it():
    assert decode([b"\1\1a\4\1C\1\1b\4\1D\0\1c"]) == ([("command", b"C"), ("command", b"D"), [b"a", b"b", b"c"]], None)


def test_a_command_that_claims_more_is_still_by_itself():
    assert decode([b"\5\1C\0\1a"]) == ([("command", b"C"), b"a"], None)


# limits


@pytest.mark.parametrize("octets", [b"\0\x0b", b"\2" + struct.pack(">Q", 11), b"\4\x0b", b"\6" + struct.pack(">Q", 11)])
def test_a_frame_above_the_limit_is_refused_when_its_header_is_there(octets):
    received, error = decode([octets], max_size=10)
    assert received == []
    assert str(error) == "expected a frame of at most 10 octets, got one of 11"


def test_a_frame_at_the_limit_is_taken_and_parts_count_one_by_one():
    batch = [b"x" * 10, [b"y" * 10, b"z" * 10]] * 20
    assert decode([wire(batch)], max_size=10) == (batch, None)


def test_a_run_of_frames_above_the_limit_is_refused():
    received, error = decode([b"\0\x0b01234567890" * 50], max_size=10)
    assert received == []
    assert error is not None


def test_a_limit_of_nothing_takes_empty_frames():
    assert decode([b"\0\0\1\0\0\0"], max_size=0) == ([b"", [b"", b""]], None)


@pytest.mark.parametrize(
    ("size", "told"), [(1 << 62, None), ((1 << 62) + 1, (1 << 62) + 1), (1 << 63, "2**63 or more")]
)
def test_without_a_limit_sizes_that_no_memory_holds_are_refused(size, told):
    _, error = decode([b"\2" + struct.pack(">Q", size)])
    assert (error is None) if told is None else str(error).endswith(f"got one of {told}")


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_what_was_complete_before_the_error_is_delivered_and_nothing_after_it(step):
    octets = b"\0\1a\1\1b\0\1c\0\x0bxxxxxxxxxxx\0\1d"
    received, error = decode(cut(octets, step), max_size=10)
    assert received == [b"a", [b"b", b"c"]]
    assert error is not None


def test_a_message_of_endless_parts_is_refused():
    decoder = Decoder()
    endless = b"\1\0" * (MAX_PARTS // 16)
    for _ in range(16):
        assert decoder.feed(endless) == []
    assert decoder.error is None
    assert flat(decoder.feed(b"\0\1a\1\0"))[0][-1] == b"a"
    for _ in range(16):
        decoder.feed(endless)
    assert "at most 1048576 parts" in str(decoder.error)


def test_a_header_that_lies_about_the_size_costs_little_memory():
    tracemalloc.start()
    decoders = [Decoder() for _ in range(4)]
    for decoder in decoders:
        decoder.feed(b"\2" + struct.pack(">Q", 1 << 40))
        decoder.feed(b"x" * 10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * (1 << 20) + 100_000


def test_octets_that_come_one_by_one_do_not_pile_up():
    decoder = Decoder()
    octets = wire([b"x" * 5000, b"y"])
    assert flat(item for chunk in cut(octets, 1) for item in decoder.feed(chunk)) == [b"x" * 5000, b"y"]


# large bodies


def test_large_offers_memory_only_while_many_octets_are_missing():
    decoder = Decoder()
    assert decoder.large is None
    decoder.feed(b"\2" + struct.pack(">Q", LARGE + 10) + b"x" * 10)
    assert decoder.large is not None
    assert len(decoder.large) == LARGE
    decoder.feed(b"x")
    assert decoder.large is None
    assert decoder.pending() == 11
    assert decoder.feed(b"x" * (LARGE - 1) + b"\0\1a") == [[b"x" * (LARGE + 10)], [b"a"]]


def test_memory_that_was_offered_cannot_be_written_afterwards():
    decoder = Decoder()
    decoder.feed(b"\2" + struct.pack(">Q", LARGE))
    room = decoder.large
    assert room is not None
    room[:] = b"x" * LARGE
    (message,) = flat(decoder.fill(LARGE))
    with pytest.raises(ValueError, match="released"):
        room[0] = 0
    assert message == b"x" * LARGE


def test_a_message_of_several_megabytes_arrives_whole_in_either_way():
    large = bytes(range(256)) * (20_000)
    octets = wire([[b"a", large, large], b"b"])
    assert decode(cut(octets, 262_144)) == ([[b"a", large, large], b"b"], None)
    assert flat(receive_into(Decoder(), octets)) == [[b"a", large, large], b"b"]


def test_fill_without_a_large_body_does_nothing():
    assert Decoder().fill(10) == []


def test_an_incomplete_frame_is_counted():
    decoder = Decoder()
    for octet, expected in zip(b"\0\3abc", [1, 2, 3, 4, 0], strict=True):
        decoder.feed(bytes([octet]))
        assert decoder.pending() == expected


# the transform of a mechanism


def test_every_frame_goes_through_open():
    def unseal(body):
        return body[0], body[1:]

    decoder = Decoder()
    decoder.open = unseal
    items = decoder.feed(b"\0\2\0a" * 20 + b"\0\2\1b\0\2\4C\0\2\0c")
    assert bodies(items) == [b"a"] * 20 + [("command", b"C"), [b"b", b"c"]]


def test_open_may_refuse_a_frame():
    def refuse(body):
        if body == b"bad":
            raise PeerError("expected a good frame")
        return 0, body

    decoder = Decoder()
    decoder.open = refuse
    assert decoder.feed(b"\0\4good\0\3bad\0\4good") == [[b"good"]]
    assert str(decoder.error) == "expected a good frame"
    assert decoder.feed(b"\0\4good") == []


def test_open_may_refuse_a_large_body():
    def refuse(body):
        raise PeerError(f"{len(body)}")

    decoder = Decoder()
    decoder.open = refuse
    assert receive_into(decoder, b"\2" + struct.pack(">Q", LARGE) + b"x" * (LARGE + 5)) == []
    assert str(decoder.error) == str(LARGE)
    assert decoder.large is None
