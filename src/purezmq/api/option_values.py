"""What values options take, and the few that are more than a field: keys, security, filters, properties.

Imports `option`, `z85`, and the public `constants` and `error`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..constants import EINVAL, SecurityMechanism
from ..error import from_errno
from . import z85
from .option import AS_IS, ContextLike, Place, Rule, SocketLike, Unit, Value, field

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

KEY_SIZE = 32

# Rules. Those that take everything are not asked what the value is.

ANY_INT = Rule(lambda _: True, "an integer")
ANY_OCTETS = Rule(lambda _: True, "octets, or none")
ZERO_OR_ONE = Rule(lambda value: value in {0, 1}, "0 or 1")
ON_OR_OFF = Rule(lambda value: value >= 0, "0 for off, 1 for on")
ANY_ON_OR_OFF = Rule(lambda _: True, "0 for off, another number for on")
NOT_SET = Rule(lambda _: True, "")


def at_least(least: int, wants: str) -> Rule:
    """Return the rule for numbers of `least` and more."""
    return Rule(lambda value: value >= least, wants)


def between(least: int, most: int, wants: str) -> Rule:
    """Return the rule for numbers from `least` to `most`."""
    return Rule(lambda value: least <= value <= most, wants)


def octets(least: int, most: int, wants: str = "") -> Rule:
    """Return the rule for so many octets."""
    return Rule(lambda value: least <= len(value) <= most, wants or f"{least} to {most} octets")


FOR_EVER = at_least(-1, "milliseconds, -1 for ever")
SYSTEM = at_least(-1, "octets, -1 for the system's default")
LIMIT = at_least(0, "messages for each peer, 0 for no limit")
TEXT = octets(1, 255)


def _key_to_engine(value: bytes) -> bytes:
    """Return the 32 octets of a key, given as they are or in Z85, with or without C's NUL. Raises ValueError."""
    key = value if len(value) == KEY_SIZE else z85.decode(value.removesuffix(b"\0"))
    if len(key) != KEY_SIZE:
        raise ValueError(f"a key has {KEY_SIZE} octets, not {len(key)}")
    return key


def _is_key(value: bytes) -> bool:
    try:
        _key_to_engine(value)
    except ValueError:
        return False
    return True


KEY = Rule(_is_key, "a key: 32 octets, or 40 characters of Z85")
KEY_UNIT = Unit(_key_to_engine, z85.encode)


def _is_property(value: bytes) -> bool:
    name, colon, text = value.partition(b":")
    return bool(colon and text) and name.startswith(b"X-") and len(b"X-") < len(name) <= 255  # noqa: PLR2004


PROPERTY = Rule(_is_property, "X-name:value, the name of at most 255 octets, the value not empty")


# Places


def high_water_mark(name: str) -> Place:
    """Return the place of SNDHWM or RCVHWM, which take effect at once."""
    stored = field(name)

    def write(core: SocketLike, value: Value) -> None:
        setattr(core.options, name, value)
        core.hwm_changed()

    return Place(stored.read, write, stored.default)


def got_from(read: Callable[[SocketLike], Value], default: Value | None = None) -> Place:
    """Return the place that can only be read."""
    return Place(read, None, default)


def handed_to(write: Callable[[SocketLike, bytes], None]) -> Place:
    """Return the place that can only be written, and each time does something."""
    return Place(None, write)


_NUMBERS = {b"NULL": SecurityMechanism.NULL, b"PLAIN": SecurityMechanism.PLAIN, b"CURVE": SecurityMechanism.CURVE}


def mechanism_number(core: SocketLike) -> int:
    """Read MECHANISM."""
    return int(_NUMBERS[core.options.mechanism])


def server_of(mechanism: bytes) -> Place:
    """Return the place of the switch that makes a socket a server of a mechanism; off, the mechanism is NULL."""

    def read(core: SocketLike) -> int:
        return int(core.options.as_server and core.options.mechanism == mechanism)

    def write(core: SocketLike, value: Value) -> None:
        core.options.as_server = bool(value)
        core.options.mechanism = mechanism if value else b"NULL"

    return Place(read, write, 0)


def credential(name: str, mechanism: bytes, unit: Unit = AS_IS, *, of_client: bool) -> Place:
    """Return the place of a name, password or key. Setting one chooses its mechanism; a client's ends the server."""
    stored = field(name, unit)

    def write(core: SocketLike, value: Value) -> None:
        setattr(core.options, name, unit.to_engine(value))
        core.options.mechanism = mechanism
        if of_client:
            core.options.as_server = False

    return Place(stored.read, write, stored.default)


def ipv4_only() -> Place:
    """Return the place of IPV4ONLY, the opposite of IPV6."""
    return field("ipv6", Unit(lambda value: not value, lambda ipv6: int(not ipv6)))


def one_more_id(name: str) -> Place:
    """Return the place of a set of ids, to which each setting adds. C's unsigned ids come as negative numbers."""

    def write(core: SocketLike, value: Value) -> None:
        setattr(core.options, name, getattr(core.options, name) | {int(value) % 2**32})

    return Place(None, write)


def _network(value: bytes) -> "IPv4Network | IPv6Network":
    """Return the network that a filter names. Raises ValueError."""
    from ipaddress import ip_network  # noqa: PLC0415 (rarely wanted)

    address, slash, bits = value.decode("ascii").partition("/")
    if slash and not bits.isdecimal():
        raise ValueError(f"a network is an address, a slash and a number of bits, not {value!r}")
    return ip_network(address.removeprefix("[").removesuffix("]") + slash + bits, strict=False)


def _is_network(value: bytes) -> bool:
    try:
        _network(value)
    except ValueError:
        return False
    return True


NETWORK = Rule(_is_network, "a numeric address, or a network such as 10.0.0.0/8")


def add_accept_filter(core: SocketLike, value: bytes) -> None:
    """Set TCP_ACCEPT_FILTER once more."""
    network = _network(value)
    if network.version == 6 and not core.options.ipv6:  # noqa: PLR2004 (IPv6)
        raise from_errno(EINVAL, f"TCP_ACCEPT_FILTER takes {network} only after IPV6 was set to 1")
    core.options.tcp_accept_filters += (network,)


def add_property(core: SocketLike, value: bytes) -> None:
    """Set METADATA once more. A name that was given before keeps its value, as in libzmq."""
    name, _, text = value.partition(b":")
    if name not in dict(core.options.metadata):
        core.options.metadata += ((name, text),)


def added_cpu() -> Place:
    """Return the place of THREAD_AFFINITY_CPU_ADD."""

    def write(core: ContextLike, value: Value) -> None:
        core.options.thread_affinity_cpus |= {int(value)}

    return Place(None, write)


def removed_cpu() -> Place:
    """Return the place of THREAD_AFFINITY_CPU_REMOVE."""

    def write(core: ContextLike, value: Value) -> None:
        if value not in core.options.thread_affinity_cpus:
            raise from_errno(EINVAL, f"THREAD_AFFINITY_CPU_REMOVE wants a CPU that was added; got {value!r}")
        core.options.thread_affinity_cpus -= {int(value)}

    return Place(None, write)
