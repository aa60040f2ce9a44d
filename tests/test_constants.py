"""The names and numbers are pyzmq's, as a program that prints or compares them would see."""

import enum
import errno
import sys

import pytest

from purezmq import constants

ENUMS = sorted(name for name in constants.__all__ if isinstance(getattr(constants, name), type))
MEMBERS = sorted(set(constants.__all__) - set(ENUMS))


@pytest.fixture(scope="module")
def theirs():
    return pytest.importorskip("zmq").constants


def test_all_lists_what_pyzmq_lists_but_for_the_enum_modules_own_classes(theirs):
    assert set(theirs.__all__) - set(constants.__all__) == {"Enum", "IntEnum", "IntFlag"}
    assert set(constants.__all__) <= set(theirs.__all__)


@pytest.mark.parametrize("name", MEMBERS)
def test_a_module_level_name_is_the_same_member_of_the_same_enum(theirs, name):
    ours, other = getattr(constants, name), getattr(theirs, name)
    assert (int(ours), repr(ours), str(ours), f"{ours}") == (int(other), repr(other), str(other), f"{other}")
    assert ours is type(ours)(int(other))


@pytest.mark.parametrize("name", ENUMS)
def test_an_enum_has_the_same_members_and_aliases(theirs, name):
    ours, other = getattr(constants, name), getattr(theirs, name)
    assert {k: (int(m), m.name) for k, m in ours.__members__.items()} == {
        k: (int(m), m.name) for k, m in other.__members__.items()
    }
    assert issubclass(ours, enum.IntFlag) == issubclass(other, enum.IntFlag)


@pytest.mark.parametrize("value", [0, 3, 0x21, 0x801, 0x10001, 0x1FFFF, 0x20000, 0x10000001, 0x10000011, 0x30000000])
def test_combined_events_print_as_pyzmqs(theirs, value):
    assert repr(constants.Event(value)) == repr(theirs.Event(value))


def test_combined_flags_print_as_pyzmqs(theirs):
    assert repr(constants.NOBLOCK | constants.SNDMORE) == repr(theirs.NOBLOCK | theirs.SNDMORE)
    assert repr(constants.POLLIN | constants.POLLOUT) == repr(theirs.POLLIN | theirs.POLLOUT)


def test_a_socket_option_knows_the_type_of_its_value(theirs):
    assert {o.name: repr(o._opt_type) for o in constants.SocketOption} == {
        o.name: repr(o._opt_type) for o in theirs.SocketOption
    }


def test_zeromqs_own_errnos_begin_at_its_base():
    assert constants.EFSM == 156384712 + 51
    assert constants.EMTHREAD == 156384712 + 54


def test_the_systems_errnos_are_pythons():
    assert constants.EADDRINUSE == errno.EADDRINUSE
    assert constants.ENOTSUP == errno.ENOTSUP


def test_an_error_that_the_system_does_not_have_gets_a_number_of_zeromqs_own():
    assert constants._native("ENOSUCHERROR", 7) == 156384712 + 7


def test_on_windows_the_c_librarys_numbers_count(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert constants._native("EADDRINUSE", 5) == 100
