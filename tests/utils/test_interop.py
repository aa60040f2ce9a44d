import pytest


def test_a_number_is_a_number(util):
    assert util("interop").cast_int_addr(2**40) == 2**40


def test_a_pointer_becomes_one(util):
    cffi = pytest.importorskip("cffi")
    assert util("interop").cast_int_addr(cffi.FFI().cast("void *", 2**40)) == 2**40


def test_nothing_else_does(util):
    for wrong in (None, "1", b"1", 1.0):
        with pytest.raises(ValueError, match="Cannot cast"):
            util("interop").cast_int_addr(wrong)
