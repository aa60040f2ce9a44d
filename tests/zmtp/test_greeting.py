import pytest

from purezmq.zmtp.greeting import MAJOR, SOCKET_TYPES, dialect, is_versioned, remainder, signature

from .helpers import GREETING_3_1


def test_the_greeting_is_64_octets_with_the_mechanism_and_no_as_server():
    assert signature(b"") + bytes([MAJOR]) + remainder(b"NULL") == GREETING_3_1
    assert len(GREETING_3_1) == 64


def test_the_signature_is_the_header_of_a_frame_that_holds_the_routing_id():
    assert signature(b"me") == b"\xff\0\0\0\0\0\0\0\x03\x7f"
    assert signature(b"x" * 255) == b"\xff\0\0\0\0\0\0\x01\x00\x7f"


@pytest.mark.parametrize(("last", "versioned"), [(0x7F, True), (0x01, True), (0x00, False), (0x7E, False)])
def test_the_lowest_bit_of_the_tenth_octet_says_that_a_version_follows(last, versioned):
    assert is_versioned(b"\xff" + bytes(8) + bytes([last])) is versioned


@pytest.mark.parametrize(
    ("version", "spoken"),
    [((3, 0), (3, 0)), ((3, 1), (3, 1)), ((3, 2), (3, 1)), ((4, 0), (3, 1)), ((2, 0), (3, 1)), ((255, 9), (3, 1))],
)
def test_an_unknown_version_is_taken_for_the_newest(version, spoken):
    assert dialect(*version) == spoken


def test_socket_types_have_the_numbers_of_zeromq():
    assert [SOCKET_TYPES.index(name) for name in (b"PAIR", b"SUB", b"ROUTER", b"XSUB", b"STREAM", b"CHANNEL")] == [
        *(0, 2, 6, 10, 11, 20)
    ]
