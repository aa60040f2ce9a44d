import pytest

from purezmq.patterns.message import Part, as_parts, first_part, pack


@pytest.mark.parametrize(
    ("message", "parts"), [(b"a", [b"a"]), (b"", [b""]), (memoryview(b"a"), [b"a"]), ([b"a", b"b"], [b"a", b"b"])]
)
def test_a_message_and_its_parts(message, parts):
    assert as_parts(message) == parts
    assert pack(as_parts(message)) == message
    assert first_part(message) == parts[0]


def test_the_parts_may_be_changed_without_changing_the_message():
    message: list[Part] = [b"a", b"b"]
    as_parts(message).append(b"c")
    assert message == [b"a", b"b"]
