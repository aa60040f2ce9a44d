"""Z85 (RFC 32)."""

import pytest
from hypothesis import given
from hypothesis.strategies import binary

from purezmq.api import z85

HELLO = bytes.fromhex("864FD26FB559F75B")  # RFC 32, "Test Case"


def test_the_rfcs_example_is_encoded_and_decoded():
    assert z85.encode(HELLO) == b"HelloWorld"
    assert z85.decode(b"HelloWorld") == HELLO


@given(binary(max_size=64).filter(lambda octets: len(octets) % 4 == 0))
def test_what_is_encoded_is_decoded_to_the_same(octets):
    assert z85.decode(z85.encode(octets)) == octets


def test_octets_that_are_no_multiple_of_four_are_refused():
    with pytest.raises(ValueError, match="multiple of 4 octets, not 3"):
        z85.encode(b"abc")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"1234", "multiple of 5 characters, not 4"),
        (b"1234~", "'~' is not a character"),
        (b"#####", "more than 32 bits"),
    ],
)
def test_what_is_not_z85_is_refused(text, reason):
    with pytest.raises(ValueError, match=reason):
        z85.decode(text)
