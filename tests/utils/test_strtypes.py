import pytest

DEPRECATED = pytest.warns(DeprecationWarning, match="strtypes is deprecated")


def test_bytes_are_made_of_text(util):
    strtypes = util("strtypes")
    assert strtypes.b is strtypes.asbytes is strtypes.cast_bytes
    with DEPRECATED as warned:
        assert strtypes.b("ä") == b"\xc3\xa4"
        assert strtypes.b("ä", "latin1") == b"\xe4"
        assert strtypes.b("ä", encoding="ascii", errors="ignore") == b""
        assert strtypes.b(b"\xff") == b"\xff"
    assert {warning.filename for warning in warned} == {__file__}


def test_text_is_made_of_bytes(util):
    strtypes = util("strtypes")
    assert strtypes.u is strtypes.cast_unicode
    with DEPRECATED as warned:
        assert strtypes.u(b"\xc3\xa4") == "ä"
        assert strtypes.u(b"\xe4", "latin1") == "ä"
        assert strtypes.u(b"\xff", encoding="ascii", errors="ignore") == ""
        assert strtypes.u("ä") == "ä"
    assert {warning.filename for warning in warned} == {__file__}


def test_nothing_else_is_cast(util):
    for cast in (util("strtypes").b, util("strtypes").u):
        with DEPRECATED, pytest.raises(TypeError, match="got 3"):
            cast(3)


def test_the_types_have_names(util):
    strtypes = util("strtypes")
    assert (strtypes.bytes, strtypes.unicode, strtypes.basestring) == (bytes, str, (str,))
