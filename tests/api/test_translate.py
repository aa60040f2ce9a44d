import errno
import os

import pytest

from purezmq.api.translate import translated, with_address
from purezmq.constants import Errno
from purezmq.engine.errors import ContextTerminated, EngineError, SocketClosed, WouldBlock
from purezmq.error import Again, ZMQError
from purezmq.error import ContextTerminated as PublicContextTerminated
from purezmq.patterns.errors import BadValue, Unroutable, WrongDirection, WrongState
from purezmq.transports.base import AddressError


@pytest.mark.parametrize(
    ("inner", "cls", "number"),
    [
        (WouldBlock("no"), Again, errno.EAGAIN),
        (ContextTerminated("no"), PublicContextTerminated, Errno.ETERM),
        (SocketClosed("no"), ZMQError, Errno.ENOTSOCK),
        (EngineError("no", errno.EMFILE), ZMQError, errno.EMFILE),
        (WrongDirection("no"), ZMQError, Errno.ENOTSUP),
        (WrongState("no"), ZMQError, Errno.EFSM),
        (Unroutable("no"), ZMQError, Errno.EHOSTUNREACH),
        (BadValue("no"), ZMQError, Errno.EINVAL),
        (AddressError(errno.EINVAL, "no"), ZMQError, errno.EINVAL),
        (OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE)), ZMQError, errno.EADDRINUSE),
    ],
)
def test_each_error_has_pyzmqs_class_and_errno(inner, cls, number):
    error = translated(inner)
    assert type(error) is cls
    assert error.errno == number


def test_the_reason_follows_libzmqs_text():
    assert str(translated(WrongState("REQ: recv first"))) == (
        "Operation cannot be accomplished in current state (REQ: recv first)"
    )
    assert str(translated(AddressError(errno.EINVAL, "expected a port"))) == "Invalid argument (expected a port)"


def test_the_systems_text_is_not_said_twice():
    text = os.strerror(errno.EADDRINUSE)
    assert str(translated(OSError(errno.EADDRINUSE, text, "tcp://127.0.0.1:1"))) == text


def test_an_address_is_named_at_the_end():
    error = with_address(translated(BadValue("no")), "tcp://x")
    assert str(error).endswith(" (addr='tcp://x')")


def fail_with(cause=None):
    raise OSError(errno.EADDRINUSE, "in use") from cause


def test_the_inner_error_keeps_no_frames_alive():
    with pytest.raises(OSError) as first:
        fail_with()
    with pytest.raises(OSError) as second:
        fail_with(first.value)
    translated(second.value)
    assert second.value.__traceback__ is None
    assert first.value.__traceback__ is None
