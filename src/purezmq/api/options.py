"""The four functions that read and set options: pyzmq's numbers in, the engine's values out.

What there is to set is in `option_tables`, which the first call imports. Also imports the public `constants` and
`error`, and of the layers below the engine's log and the patterns' errors.
"""

from typing import TYPE_CHECKING

from ..constants import EINVAL
from ..engine import log
from ..error import from_errno
from ..patterns.errors import UsageError

if TYPE_CHECKING:
    from .option import ContextLike, Option, SocketLike, Value


def set_option(core: "SocketLike", number: int, value: object) -> None:
    """Set a socket's option.

    Raises TypeError and OverflowError for values that are not of the option's kind, ZMQError (EINVAL) for numbers that
    are no option of this socket type, and for values that the option does not take.
    """
    option = _socket_option(number)
    plain = option.convert(value)
    _refuse(option.absence(core.type))
    with core.lock:
        core.route()  # what was sent before the option was set
        _write(option, core, plain)
        core.reconsider()


def get_option(core: "SocketLike", number: int) -> "Value":
    """Read a socket's option. Raises ZMQError (EINVAL) for what is no option of this socket type, or write-only."""
    option = _socket_option(number)
    _refuse(option.absence(core.type))
    return _read(option, core)


def set_context_option(core: "ContextLike", number: int, value: object) -> None:
    """Set a context's option. Raises as `set_option` does."""
    option = _context_option(number)
    plain = option.convert(value)
    _refuse(option.refusal())
    _write(option, core, plain)


def get_context_option(core: "ContextLike", number: int) -> "Value":
    """Read a context's option. Raises as `get_option` does."""
    option = _context_option(number)
    _refuse(option.refusal())
    return _read(option, core)


def _socket_option(number: int) -> "Option":
    from .option_tables import socket_option  # noqa: PLC0415 (see above)

    return socket_option(number)


def _context_option(number: int) -> "Option":
    from .option_tables import context_option  # noqa: PLC0415 (see above)

    return context_option(number)


def _write(option: "Option", core: "SocketLike | ContextLike", value: "Value") -> None:
    if option.place.write is None:
        raise from_errno(EINVAL, f"{option.name} can be read, but not set")
    _refuse(option.objection(value))
    if option.unused:
        log.debug("%s has no effect: %s", option.name, option.unused)
    try:
        option.place.write(core, value)
    except UsageError as error:
        raise from_errno(EINVAL, f"{option.name}: {error}") from None


def _read(option: "Option", core: "SocketLike | ContextLike") -> "Value":
    if option.place.read is None:
        raise from_errno(EINVAL, f"{option.name} can be set, but not read")
    return option.place.read(core)


def _refuse(reason: str) -> None:
    if reason:
        raise from_errno(EINVAL, reason)
