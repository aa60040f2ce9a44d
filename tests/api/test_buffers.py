import array

import pytest

from purezmq.api.buffers import copied, shared


@pytest.mark.parametrize("convert", [copied, shared])
def test_any_buffer_becomes_its_octets(convert):
    numbers = array.array("I", [1, 2, 3])
    square = memoryview(bytes(range(6))).cast("B", (2, 3))
    assert bytes(convert(numbers)) == numbers.tobytes()
    assert bytes(convert(square)) == bytes(range(6))
    assert bytes(convert(b"")) == b""


def test_bytes_are_not_copied_for_nothing():
    data = b"immutable"
    assert copied(data) is data


def test_a_shared_view_is_of_the_same_memory_and_made_anew_each_time():
    data = bytearray(b"abc")
    first, second = shared(data), shared(data)
    data[0] = 0x7A
    assert first is not second
    assert bytes(first) == bytes(second) == b"zbc"
    assert (first.format, first.ndim) == ("B", 1)
