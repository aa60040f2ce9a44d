"""Batches: how many messages the next one has, and encoding once for all who get the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purezmq.engine.encoding import BATCH, BATCH_OCTETS, Encoding
from purezmq.zmtp.frame import encode


class Encoder:
    """Encodes by the codec, and counts how often."""

    def __init__(self):
        self.calls = 0

    def __call__(self, messages):
        self.calls += 1
        return encode(messages)


@pytest.fixture
def encoding():
    return Encoding()


def octets(buffers):
    return b"".join(buffers)


def test_at_first_a_batch_is_as_large_as_any(encoding):
    assert encoding.batch == BATCH


def test_batches_of_big_messages_have_fewer_of_them(encoding):
    encoding.encode(encode, [bytes(BATCH_OCTETS // 4 - 16)] * 2)
    assert encoding.batch == 4


def test_the_biggest_messages_do_not_gather(encoding):
    encoding.encode(encode, [bytes(2 * BATCH_OCTETS)])
    assert encoding.batch == 1


def test_batches_of_small_messages_grow_again(encoding):
    encoding.encode(encode, [bytes(2 * BATCH_OCTETS)])
    encoding.encode(encode, [b"small"])
    assert encoding.batch == BATCH


def test_the_high_water_mark_limits_a_batch(encoding):
    encoding.limit(10)
    assert encoding.batch == 10
    encoding.encode(encode, [b"small"])
    assert encoding.batch == 10


@pytest.mark.parametrize("mark", [0, 2 * BATCH])
def test_a_high_mark_or_none_leaves_our_own_limit(encoding, mark):
    encoding.limit(10)
    encoding.limit(mark)
    encoding.encode(encode, [b"small"])
    assert encoding.batch == BATCH


def test_a_shared_list_is_encoded_once(encoding):
    encoder, batch = Encoder(), [b"a", [b"b", b"c"]]
    encoding.share()
    first, second = encoding.encode(encoder, batch), encoding.encode(encoder, batch)
    assert octets(first) == octets(second) == octets(encode(batch))
    assert encoder.calls == 1


def test_an_equal_list_is_another_list(encoding):
    encoder = Encoder()
    encoding.share()
    encoding.encode(encoder, [b"a"])
    encoding.encode(encoder, [b"a"])
    assert encoder.calls == 2


def test_another_protocol_encodes_for_itself(encoding):
    batch = [b"a"]
    encoding.share()
    assert encoding.encode(encode, batch) != encoding.encode(lambda _: [b"other"], batch)
    assert octets(encoding.encode(encode, batch)) == octets(encode(batch))


def test_what_is_not_shared_is_encoded_each_time(encoding):
    encoder, batch = Encoder(), [b"a"]
    encoding.encode(encoder, batch)
    batch.append(b"b")
    assert octets(encoding.encode(encoder, batch)) == octets(encode(batch))
    assert encoder.calls == 2


def test_after_sharing_the_list_may_change(encoding):
    encoder, batch = Encoder(), [b"a"]
    encoding.share()
    encoding.encode(encoder, batch)
    encoding.unshare()
    batch.append(b"b")
    assert octets(encoding.encode(encoder, batch)) == octets(encode(batch))


def test_no_messages_are_no_octets(encoding):
    assert octets(encoding.encode(encode, [])) == b""
    assert encoding.batch >= 1


sizes = st.lists(st.integers(0, 2 * BATCH_OCTETS), min_size=1, max_size=5)


@given(st.lists(sizes, max_size=5), st.integers(0, 2 * BATCH))
def test_a_batch_has_one_message_at_least_and_the_limit_at_most(batches, mark):
    encoding = Encoding()
    encoding.limit(mark)
    for batch in batches:
        encoding.encode(encode, [bytes(size) for size in batch])
        assert 1 <= encoding.batch <= min(BATCH, mark or BATCH)
