"""What an option is: one row of the tables in `option_tables`.

A row joins five things: the name and number that the caller uses, what the caller may hand over (`Rule`), the units
that the engine wants instead (`Unit`), where the value lives (`Place`), and which socket types have it. pyzmq's
milliseconds, 0/1 and -1 end here. Imports `constants` and, for the defaults, `engine.options`.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from ..constants import SocketType
from ..engine.options import ContextOptions, Options, SocketOptions

Value = int | bytes

ALL_TYPES: frozenset[int] = frozenset()
"""As `Option.types`: any socket, of whatever type."""


class PatternLike(Protocol):
    """What is asked of a pattern here."""

    @property
    def options(self) -> Mapping[str, type]:
        """The names that `set_option` takes."""

    def set_option(self, name: str, value: Any) -> None:
        """Set one of `options`."""

    def subscribe(self, topic: bytes) -> None:
        """Set SUBSCRIBE."""

    def unsubscribe(self, topic: bytes) -> None:
        """Set UNSUBSCRIBE."""


class SocketLike(Protocol):
    """What is asked of the engine's socket here."""

    @property
    def type(self) -> int:
        """The socket type's number."""

    @property
    def options(self) -> SocketOptions:
        """What this socket stores."""

    @property
    def pattern(self) -> PatternLike:
        """Who gets the next message, whose message is next."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while options change."""

    @property
    def last_endpoint(self) -> str:
        """What the last bind or connect came to."""

    def export(self) -> int:
        """Give away FD."""

    def events(self) -> int:
        """Tell EVENTS."""

    def route(self) -> bool:
        """Route what has gathered. The lock is held."""

    def reconsider(self) -> None:
        """Act on a change of what the lanes depend on. The lock is held."""

    def hwm_changed(self) -> None:
        """Act on a new SNDHWM or RCVHWM. The lock is held."""


class ContextLike(Protocol):
    """What is asked of the engine's context here."""

    @property
    def options(self) -> ContextOptions:
        """What this context stores."""


class Rule(NamedTuple):
    """Which values an option takes: a test, and the same in words that complete "NAME wants …"."""

    valid: Callable[[Any], bool]
    wants: str


class Unit(NamedTuple):
    """How a value that has passed its rule looks inside purezmq, and how it looks to the caller again."""

    to_engine: Callable[[Any], Any] = lambda value: value
    from_engine: Callable[[Any], Any] = lambda value: value


AS_IS = Unit()
SWITCH = Unit(bool, int)
MILLISECONDS = Unit(lambda value: value / 1000, lambda seconds: round(seconds * 1000))
MILLISECONDS_OR_NONE = Unit(
    lambda value: None if value == -1 else value / 1000,
    lambda seconds: -1 if seconds is None else round(seconds * 1000),
)
TENTHS = Unit(lambda value: value // 100 / 10, lambda seconds: round(seconds * 10) * 100)
TEXT = Unit(bytes.decode, str.encode)


class Place(NamedTuple):
    """Where a value lives. What cannot be read has no `read`, what cannot be set no `write`; both get the core."""

    read: Callable[[Any], Value] | None = None
    write: Callable[[Any, Any], None] | None = None
    default: Value | None = None


def field(name: str, unit: Unit = AS_IS, of: type[Options] = SocketOptions) -> Place:
    """Return the place that is a field of the core's `options`."""

    def read(core: SocketLike | ContextLike) -> Value:
        value: Value = unit.from_engine(getattr(core.options, name))
        return value

    def write(core: SocketLike | ContextLike, value: Value) -> None:
        setattr(core.options, name, unit.to_engine(value))

    return Place(read, write, unit.from_engine(of.defaults[name]))


def write_only(place: Place) -> Place:
    """Return the same place, not to be read."""
    return Place(None, place.write, place.default)


def counted_by_pattern(name: str) -> Place:
    """Return the place that is a number which the pattern keeps."""

    def read(core: SocketLike) -> Value:
        with core.lock:
            count: int = getattr(core.pattern, name)
        return count

    return Place(read, default=0)


def of_pattern(name: str, unit: Unit = SWITCH, default: Value = 0) -> Place:
    """Return the place that is an option of the socket's pattern."""

    def write(core: SocketLike, value: Value) -> None:
        _tell_pattern(core, name, unit.to_engine(value))

    return Place(None, write, default)


def shared_with_pattern(name: str) -> Place:
    """Return the place of a switch that sockets of all types store, and that some patterns act on."""
    stored = field(name, SWITCH)

    def write(core: SocketLike, value: Value) -> None:
        setattr(core.options, name, bool(value))
        _tell_pattern(core, name, bool(value))

    return Place(stored.read, write, stored.default)


def _tell_pattern(core: SocketLike, name: str, value: bool | bytes) -> None:
    """Set an option of the pattern. A type that has it in libzmq by inheritance only (REP has ROUTER's) ignores it."""
    if name in core.pattern.options:
        core.pattern.set_option(name, value)


class Option(NamedTuple):
    """One row. `kind` is "int", "int64", "bytes" or "fd"; what is not `live` concerns later binds and connects only."""

    number: int
    name: str
    kind: str
    rule: Rule
    place: Place
    types: frozenset[int] = ALL_TYPES
    live: bool = False
    unused: str = ""
    """Why purezmq only keeps the value."""
    refused: str = ""
    """Why it can neither be set nor read."""

    def convert(self, value: object) -> Value:
        """Return the value as a plain int or bytes. Raises TypeError and OverflowError, as pyzmq does."""
        if self.kind == "bytes":
            if isinstance(value, bytes):
                return value
            hint = ": use setsockopt_string" if isinstance(value, str) else ""
            raise TypeError(f"{self.name} wants bytes, not {type(value).__name__}{hint}")
        if not isinstance(value, int):
            raise TypeError(f"{self.name} wants an int, not {type(value).__name__}")
        bits = 64 if self.kind == "int64" else 32
        if not -(1 << bits - 1) <= value < 1 << bits - 1:
            raise OverflowError(f"{self.name} wants an int of {bits} bits; got {value}")
        return int(value)

    def objection(self, value: Value) -> str:
        """Return what is wrong with the value, "" if nothing is. What may be a secret is not repeated."""
        if self.rule.valid(value):
            return ""
        got = f"{len(value)} octets" if isinstance(value, bytes) else str(value)
        return f"{self.name} wants {self.rule.wants}; got {got}"

    def refusal(self) -> str:
        """Return why it can neither be set nor read, "" if it can."""
        return self.refused and f"{self.name}: {self.refused}"

    def absence(self, socket_type: int) -> str:
        """Return why a socket of this type does not have the option, "" if it does."""
        if self.refused:
            return self.refusal()
        if self.types and socket_type not in self.types:
            return f"{self.name} is an option of {self.owners()}; this is {SocketType(socket_type).name}"
        return ""

    def owners(self) -> str:
        """Return the names of the socket types that have it."""
        return ", ".join(SocketType(number).name for number in sorted(self.types)) or "all"
