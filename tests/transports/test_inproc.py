import pytest

from purezmq.transports.base import AddressError
from purezmq.transports.inproc import check_name
from tests.transports.helpers import code_of


@pytest.mark.parametrize("name", ["a", "two words", "#1", "x" * 1000, "a://b"])
def test_any_text_is_a_name(name):
    assert check_name(name) == name


def test_the_empty_text_is_none():
    with pytest.raises(AddressError) as refused:
        check_name("")
    assert code_of(refused) == "EINVAL"
