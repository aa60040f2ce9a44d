import pytest

OCTETS, TEXT = bytes.fromhex("864FD26FB559F75B"), b"HelloWorld"  # RFC 32, "Test Case"


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_buffer_is_encoded_and_decoded(util, kind):
    z85 = util("z85")
    assert z85.encode(kind(OCTETS)) == TEXT
    assert z85.decode(kind(TEXT)) == OCTETS


def test_text_is_decoded_too(util):
    assert util("z85").decode(TEXT.decode()) == OCTETS


def test_nothing_is_encoded_as_nothing(util):
    assert util("z85").encode(b"") == util("z85").decode("") == b""


def test_lengths_are_checked(util):
    with pytest.raises(ValueError, match="multiple of 4"):
        util("z85").encode(b"abc")
    with pytest.raises(ValueError, match="multiple of 5"):
        util("z85").decode(b"abcd")


def test_only_ascii_can_be_z85(util):
    with pytest.raises(ValueError, match="ASCII"):
        util("z85").decode("ä" * 5)


def test_text_has_to_be_encoded_by_its_owner(util):
    with pytest.raises(TypeError):
        util("z85").encode("abcd")


def test_whatever_is_not_z85_is_a_value_error(our_util):
    for text in (b"~" * 5, b"#" * 5):
        with pytest.raises(ValueError, match="Z85"):
            our_util("z85").decode(text)


def test_the_alphabet_can_be_looked_up(util):
    z85 = util("z85")
    assert len(z85.Z85CHARS) == 85
    assert [z85.Z85MAP[character] for character in z85.Z85CHARS] == list(range(85))
