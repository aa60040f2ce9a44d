"""Errors look like pyzmq's, and say more where more is known."""

import pickle
from errno import EACCES, EAGAIN, EINTR, EINVAL

import pytest

from purezmq import error
from purezmq.constants import EFSM, EHOSTUNREACH, EMTHREAD, ENOCOMPATPROTO, ETERM, Errno

CLASSES = sorted(error.__all__)
ARGUMENTS = [(EINVAL,), (Errno.EINVAL,), (ETERM,), (EAGAIN,), (EINVAL, "text"), ("text",), ("text", "more"), (EFSM, "")]
NUMBERS = [0, 1, EAGAIN, EINVAL, EHOSTUNREACH, EFSM, ENOCOMPATPROTO, ETERM, EMTHREAD, ETERM + 9, -1, 9999]


@pytest.fixture(scope="module")
def theirs():
    return pytest.importorskip("zmq").error


def facts(e):
    return e.errno, e.strerror, str(e), repr(e), e.args, e.__class__.__name__


def lineage(cls):
    return [c.__name__ for c in cls.__mro__]


def test_all_lists_pyzmqs_classes(theirs):
    assert sorted(theirs.__all__) == CLASSES


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_has_pyzmqs_bases(theirs, name):
    assert lineage(getattr(error, name)) == lineage(getattr(theirs, name))


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_a_zmq_error_is_made_and_printed_as_pyzmqs(theirs, arguments):
    assert facts(error.ZMQError(*arguments)) == facts(theirs.ZMQError(*arguments))


@pytest.mark.parametrize("name", ["Again", "ContextTerminated"])
@pytest.mark.parametrize("arguments", [(), (EINVAL, "ignored")])
def test_the_class_of_one_errno_ignores_its_arguments_as_pyzmqs(theirs, name, arguments):
    assert facts(getattr(error, name)(*arguments)) == facts(getattr(theirs, name)(*arguments))


def test_an_interrupted_call_is_pyzmqs_but_for_the_name_of_whom_to_tell(theirs):
    ours, other = error.InterruptedSystemCall(), theirs.InterruptedSystemCall()
    assert str(ours) == str(other).replace("pyzmq", "purezmq")
    assert (ours.errno, ours.strerror) == (other.errno, other.strerror)


def test_a_version_error_is_made_and_printed_as_pyzmqs(theirs):
    for arguments in [("4.9",), ("4.9", "Tea")]:
        ours, other = error.ZMQVersionError(*arguments), theirs.ZMQVersionError(*arguments)
        assert (str(ours), repr(ours), ours.args, vars(ours)) == (str(other), repr(other), other.args, vars(other))


@pytest.mark.parametrize("number", NUMBERS)
def test_an_error_number_has_libzmqs_text(theirs, number):
    zmq = pytest.importorskip("zmq")
    assert error.strerror(number) == zmq.strerror(number)


def test_what_is_no_number_has_no_text():
    with pytest.raises(TypeError):
        error.strerror("EINVAL")  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (EAGAIN, error.Again),
        (ETERM, error.ContextTerminated),
        (EINTR, error.InterruptedSystemCall),
        (EINVAL, error.ZMQError),
    ],
)
def test_from_errno_chooses_the_class(number, expected):
    made = error.from_errno(number)
    assert type(made) is expected
    assert made.errno == number
    assert made.strerror == error.strerror(number)


@pytest.mark.parametrize("number", [EAGAIN, ETERM, EINTR, EINVAL])
def test_from_errno_gives_the_reason_behind_libzmqs_text(number):
    made = error.from_errno(number, "nobody listens")
    assert made.strerror == f"{error.strerror(number)} (nobody listens)"
    assert str(made).startswith(made.strerror)


def test_the_last_error_of_the_thread_is_remembered():
    error.from_errno(EACCES)
    assert error.zmq_errno() == EACCES
    assert error.ZMQError().errno == EACCES
    assert error.ZMQError(msg="text").strerror == "text"


@pytest.mark.parametrize("number", [EAGAIN, ETERM, EINVAL])
def test_an_error_survives_pickling(number):
    made = error.from_errno(number, "nobody listens")
    copy = pickle.loads(pickle.dumps(made))  # noqa: S301 (our own)
    assert facts(copy) == facts(made)


def test_warnings_can_be_filtered_by_pyzmqs_classes():
    assert issubclass(error.DraftFDWarning, RuntimeWarning)
    assert issubclass(error.ProactorSelectorThreadWarning, RuntimeWarning)
    assert str(error.DraftFDWarning())
    assert str(error.DraftFDWarning("text")) == "text"
