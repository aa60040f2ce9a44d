import pytest

from purezmq.zmtp.reader import Reader


def finish(steps):
    with pytest.raises(StopIteration) as stopped:
        next(steps)
    return stopped.value.value


def test_reading_waits_until_enough_octets_are_there():
    reader = Reader()
    steps = reader.read(3)
    for octet in (b"a", b"", b"b"):
        next(steps)
        reader.feed(octet)
    next(steps)
    reader.feed(b"cd")
    assert finish(steps) == b"abc"
    assert reader.rest() == b"d"
    assert reader.rest() == b""
    assert reader.received == 4


def test_octets_that_were_peeked_at_are_read_again():
    reader = Reader()
    reader.feed(b"ab")
    assert finish(reader.peek(2)) == b"ab"
    assert finish(reader.read(1)) == b"a"
    assert finish(reader.read(0)) == b""
    assert reader.rest() == b"b"
