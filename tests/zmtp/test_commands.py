import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purezmq.zmtp.commands import (
    MAX_PROPERTIES,
    encode_command,
    encode_error,
    encode_ping,
    encode_pong,
    encode_properties,
    parse_command,
    parse_error,
    parse_ping,
    parse_properties,
)
from purezmq.zmtp.errors import Code, PeerError


def prop(name, value):
    return bytes([len(name)]) + name + struct.pack(">I", len(value)) + value


@given(st.binary(max_size=255), st.binary())
def test_a_command_is_a_name_with_its_length_and_data(name, data):
    body = encode_command(name, data)
    assert body == bytes([len(name)]) + name + data
    assert parse_command(body) == (name, data)


@pytest.mark.parametrize("body", [b"", b"\1", b"\5REA", b"\xff"])
def test_a_command_without_the_name_that_it_announces_is_none(body):
    assert parse_command(body) is None


def test_error_carries_a_reason():
    body = encode_error(b"400")
    assert body == b"\5ERROR\x03400"
    assert parse_error(body[6:]) == b"400"
    assert parse_error(b"\x03400 and more") == b"400"


@pytest.mark.parametrize("data", [b"", b"\1", b"\x04400"])
def test_an_error_whose_reason_is_cut_short_is_refused(data):
    with pytest.raises(PeerError) as raised:
        parse_error(data)
    assert raised.value.code == Code.MALFORMED_ERROR


def test_the_ttl_of_a_ping_is_in_tenths_of_a_second():
    assert encode_ping(300, b"ctx") == b"\4PING\x01\x2cctx"
    assert parse_ping(b"\x01\x2cctx") == (30.0, b"ctx")
    assert parse_ping(b"\xff\xff") == (6553.5, b"")


@pytest.mark.parametrize("data", [b"", b"\0"])
def test_a_ping_without_a_ttl_is_none(data):
    assert parse_ping(data) is None


def test_a_context_is_cut_to_sixteen_octets():
    long = b"0123456789abcdefXYZ"
    assert encode_ping(0, long) == b"\4PING\0\0" + long[:16]
    assert parse_ping(b"\0\0" + long) == (0.0, long[:16])
    assert encode_pong(long) == b"\4PONG" + long[:16]


def test_metadata_is_names_and_values_with_their_lengths():
    assert encode_properties([(b"Socket-Type", b"REQ"), (b"X-a", b"")]) == prop(b"Socket-Type", b"REQ") + prop(
        b"X-a", b""
    )
    assert encode_properties([]) == b""


@given(st.dictionaries(st.binary(max_size=9).map(lambda name: b"X-" + name), st.binary(max_size=300), max_size=9))
def test_metadata_that_was_encoded_is_parsed(properties):
    assert parse_properties(encode_properties(properties.items())) == properties


def test_of_equal_properties_the_first_counts():
    assert parse_properties(prop(b"X-a", b"1") + prop(b"X-a", b"2")) == {b"X-a": b"1"}


def test_the_rfcs_names_count_in_any_case():
    data = prop(b"SOCKET-type", b"REQ") + prop(b"Socket-Type", b"REP") + prop(b"identity", b"me") + prop(b"x-A", b"")
    assert parse_properties(data) == {b"Socket-Type": b"REQ", b"Identity": b"me", b"x-A": b""}


@pytest.mark.parametrize("junk", [b"\1", b"\1a\0\0\0", b"\1a\0\0\0\1", b"\1a\xff\xff\xff\xffbcd", b"\xff"])
def test_metadata_cut_short_is_refused(junk):
    with pytest.raises(PeerError) as raised:
        parse_properties(prop(b"X-a", b"1") + junk)
    assert raised.value.code == Code.INVALID_METADATA


def test_too_many_properties_are_refused():
    enough = b"".join(prop(b"X-%d" % n, b"") for n in range(MAX_PROPERTIES))
    assert len(parse_properties(enough)) == MAX_PROPERTIES
    with pytest.raises(PeerError, match="at most 256 properties"):
        parse_properties(enough + prop(b"X-one-more", b""))


@given(st.binary(max_size=100))
def test_random_octets_as_metadata_raise_nothing_but_peer_errors(data):
    try:
        properties = parse_properties(data)
    except PeerError:
        return
    assert len(encode_properties(properties.items())) <= len(data)
