"""Options: what is taken, refused and read back is what pyzmq does, and where it is not, it is written here."""

import logging
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path
from threading import RLock

import pytest

from purezmq import constants, error
from purezmq.api import option_tables, options_page
from purezmq.api.options import get_context_option, get_option, set_context_option, set_option
from purezmq.constants import SocketOption, SocketType
from purezmq.engine.options import ContextOptions, SocketOptions
from purezmq.patterns import PATTERNS

OURS = error.ZMQError

INTEGERS = [-(2**63) - 1, -(2**63), -(2**31) - 1, -(2**31), -100, -5, -2, -1, 0, 1, 2, 3, 4, 5, 99, 100, 150, 199]
INTEGERS += [254, 255, 256, 65535, 65536, 6553599, 6553600, 2**31 - 1, 2**31, 2**63 - 1, 2**63, True]
OCTETS = [b"", b"a", b"ab\0", b"a:bc", b":", b"a:", b":b", b"X-:b", b"X-a:b", b"X-ab:cd:e", b"Xa:bcd", b"x-a:bcd"]
OCTETS += [b"1.2.3.4", b"10.0.0.0/8", b"1.2.3.4/33", b"1.2.3.4/", b"::1", b"::1/64", b"localhost", b"lo", b"1/2/3"]
OCTETS += [b"a" * 16, b"a" * 17, b"x" * 32, b"0" * 41, b"!" * 40, b"!" * 40 + b"\0", b"~" * 40, b"#" * 40]
OCTETS += [b"a" * 254, b"a" * 255, b"a" * 256, b"X-" + b"a" * 253 + b":b", b"X-" + b"a" * 254 + b":b", bytes(3)]
STRANGERS: list[object] = ["text", None, 1.5, bytearray(b"a"), memoryview(b"a"), (), object]
VALUES: list[object] = INTEGERS + OCTETS + STRANGERS

# What libzmq has only in builds with the draft API, or with libraries that pyzmq's wheels are built without.
NOT_IN_WHEELS = {
    option
    for option in SocketOption
    if option.name.startswith(("NORM_", "VMCI_", "WSS_"))
    or option.name.endswith(("_BATCH_SIZE", "HELLO_MSG", "DISCONNECT_MSG", "HICCUP_MSG"))
    or option.name in {"ROUTER_NOTIFY", "PRIORITY", "BUSY_POLL", "XSUB_VERBOSE_UNSUBSCRIBE"}
}
KEYS = {SocketOption.CURVE_PUBLICKEY, SocketOption.CURVE_SECRETKEY, SocketOption.CURVE_SERVERKEY}
OF_THE_ENGINE = {SocketOption.FD, SocketOption.EVENTS}  # what they read as is not for the options to say
INCOMPARABLE = NOT_IN_WHEELS | KEYS | OF_THE_ENGINE
TYPES = sorted(PATTERNS)

# Refused here, though libzmq takes them: a negative time to live, and addresses that only C reads as such.
REFUSED_HERE: dict[SocketOption, set[object]] = {
    SocketOption.HEARTBEAT_TTL: {-5, -2, -1},
    SocketOption.TCP_ACCEPT_FILTER: {b"0" * 41},
}


class FakeCore:
    """A socket without an engine."""

    def __init__(self, socket_type, lock=None):
        self.type = int(socket_type)
        self.options = SocketOptions()
        if SocketType(socket_type) in {SocketType.SUB, SocketType.XSUB}:
            self.options.linger = 0.0
        self.pattern = PATTERNS[self.type]()
        self.lock = lock or RLock()
        self.held_while_told = []
        self.last_endpoint = ""
        self.hwm_changes = 0

    def export(self):
        return 3

    def events(self):
        return 2

    def route(self):
        """Nothing has gathered."""

    def reconsider(self):
        """There are no lanes."""

    def hwm_changed(self):
        self.hwm_changes += 1
        self.held_while_told.append(getattr(self.lock, "held", None))


class FakeContext:
    def __init__(self):
        self.options = ContextOptions()


@pytest.fixture(scope="module")
def zmq():
    return pytest.importorskip("zmq")


@pytest.fixture(scope="module")
def context(zmq):
    with zmq.Context() as context:
        yield context


def outcome(call, *arguments):
    """What came of it, in a form in which pyzmq's and ours can be compared."""
    try:
        return call(*arguments)
    except Exception as e:  # noqa: BLE001 (whatever it is, it is compared)
        return type(e).__name__, getattr(e, "errno", None)


def compare_values(socket, core, option):
    """Set one value after another on both; after each, both read the same."""
    for value in VALUES:
        if type(value) in {int, bytes} and value in REFUSED_HERE.get(option, ()):
            continue
        theirs, ours = outcome(socket.set, option, value), outcome(set_option, core, option, value)
        assert ours == theirs, f"{option!r} set to {value!r}"
        if option not in INCOMPARABLE:
            theirs, ours = outcome(socket.get, option), outcome(get_option, core, option)
            assert ours == theirs or is_too_long_for_pyzmq(ours), f"{option!r} after it was set to {value!r}"


def is_too_long_for_pyzmq(value):
    """pyzmq reads into 255 octets, of which libzmq's NUL takes one."""
    return isinstance(value, bytes) and len(value) >= 255


def compare_all(socket, core):
    """All other options read the same, too: one may change another."""
    for option in set(SocketOption) - INCOMPARABLE:
        theirs, ours = outcome(socket.get, option), outcome(get_option, core, option)
        assert ours == theirs or is_too_long_for_pyzmq(ours), f"{option!r} in the end"


# against pyzmq


@pytest.mark.parametrize("option", sorted(set(SocketOption) - NOT_IN_WHEELS), ids=lambda option: option.name)
def test_an_option_takes_refuses_and_reads_back_what_pyzmq_does(context, option):
    for socket_type in TYPES:
        core = FakeCore(socket_type)
        with context.socket(socket_type) as socket:
            compare_values(socket, core, option)
            compare_all(socket, core)


@pytest.mark.parametrize("number", [-1, 0, 2, 3, 10, 82, 125, 999, True])
def test_a_number_that_is_no_option_is_refused_as_pyzmq_does(context, number):
    core = FakeCore(SocketType.PAIR)
    with context.socket(SocketType.PAIR) as socket:
        for value in VALUES:
            assert outcome(set_option, core, number, value) == outcome(socket.set, number, value)
        assert outcome(get_option, core, number) == outcome(socket.get, number)


@pytest.mark.parametrize("number", ["LINGER", None, b"1"])
def test_what_is_no_number_at_all_is_a_type_error(context, number):
    core = FakeCore(SocketType.PAIR)
    with context.socket(SocketType.PAIR) as socket:
        assert outcome(set_option, core, number, 1) == outcome(socket.set, number, 1) == ("TypeError", None)
        assert outcome(get_option, core, number) == outcome(socket.get, number)


@pytest.mark.parametrize("socket_type", [SocketType.PUB, SocketType.XPUB])
def test_publishers_take_subscriptions_only_when_they_are_managed_by_hand(context, socket_type):
    core = FakeCore(socket_type)
    with context.socket(socket_type) as socket:
        for switch in [0, 1, 0]:
            socket.set(SocketOption.XPUB_MANUAL, switch)
            set_option(core, SocketOption.XPUB_MANUAL, switch)
            for option in [SocketOption.SUBSCRIBE, SocketOption.UNSUBSCRIBE]:
                assert outcome(set_option, core, option, b"a") == outcome(socket.set, option, b"a")


SECURITY = [
    (SocketOption.PLAIN_SERVER, 1),
    (SocketOption.PLAIN_SERVER, 0),
    (SocketOption.PLAIN_USERNAME, b"user"),
    (SocketOption.PLAIN_PASSWORD, b"word"),
    (SocketOption.CURVE_SERVER, 1),
    (SocketOption.CURVE_SERVER, 0),
    (SocketOption.CURVE_PUBLICKEY, bytes(32)),
    (SocketOption.CURVE_SECRETKEY, bytes(32)),
    (SocketOption.CURVE_SERVERKEY, bytes(32)),
]


@pytest.mark.parametrize(("second", "second_value"), SECURITY)
@pytest.mark.parametrize(("first", "first_value"), SECURITY)
def test_the_last_security_option_chooses_the_mechanism(context, first, first_value, second, second_value):
    core = FakeCore(SocketType.DEALER)
    with context.socket(SocketType.DEALER) as socket:
        for option, value in [(first, first_value), (second, second_value)]:
            socket.set(option, value)
            set_option(core, option, value)
            compare_all(socket, core)


def test_ipv6_addresses_are_filters_once_ipv6_is_on(context):
    core = FakeCore(SocketType.PULL)
    with context.socket(SocketType.PULL) as socket:
        for ipv6 in [0, 1]:
            socket.set(SocketOption.IPV6, ipv6)
            set_option(core, SocketOption.IPV6, ipv6)
            for text in [b"::1", b"[::1]", b"::1/64", b"[::1]/64", b"::1/129", b"1.2.3.4"]:
                theirs = outcome(socket.set, SocketOption.TCP_ACCEPT_FILTER, text)
                assert outcome(set_option, core, SocketOption.TCP_ACCEPT_FILTER, text) == theirs, text


CONTEXT_NUMBERS = [-1, 0, *range(1, 12), 42, 70, 100]


@pytest.mark.parametrize("number", CONTEXT_NUMBERS)
def test_a_context_option_takes_refuses_and_reads_back_what_pyzmq_does(zmq, number):
    core = FakeContext()
    with zmq.Context() as context:
        for value in VALUES:
            assert outcome(set_context_option, core, number, value) == outcome(context.set, number, value), value
            theirs, ours = outcome(context.get, number), outcome(get_context_option, core, number)
            assert ours in {theirs, -1}, value  # pyzmq takes libzmq's -1 for an error


def test_a_new_context_has_libzmqs_defaults(zmq):
    with zmq.Context() as context:
        for number in CONTEXT_NUMBERS:
            theirs, ours = outcome(context.get, number), outcome(get_context_option, FakeContext(), number)
            assert ours in {theirs, -1}, number


# what pyzmq's wheels do not have


@pytest.mark.parametrize(
    ("option", "socket_type", "taken", "refused"),
    [
        (SocketOption.ROUTER_NOTIFY, SocketType.ROUTER, [0, 3], [-1, 4]),
        (SocketOption.IN_BATCH_SIZE, SocketType.PAIR, [1, 65536], [-1, 0]),
        (SocketOption.OUT_BATCH_SIZE, SocketType.PAIR, [1, 65536], [-1, 0]),
        (SocketOption.PRIORITY, SocketType.PAIR, [0, 7], [-1]),
        (SocketOption.NORM_MODE, SocketType.PAIR, [0, 4], [-1, 5]),
        (SocketOption.NORM_UNICAST_NACK, SocketType.PAIR, [0, 1], [-1, 2]),
        (SocketOption.NORM_BUFFER_SIZE, SocketType.PAIR, [1], [0]),
        (SocketOption.NORM_SEGMENT_SIZE, SocketType.PAIR, [1], [0]),
        (SocketOption.NORM_BLOCK_SIZE, SocketType.PAIR, [1, 255], [0, 256]),
        (SocketOption.NORM_NUM_PARITY, SocketType.PAIR, [0, 254], [-1, 255]),
        (SocketOption.NORM_NUM_AUTOPARITY, SocketType.PAIR, [0, 254], [-1, 255]),
        (SocketOption.NORM_PUSH, SocketType.PAIR, [0, 1], [2]),
    ],
)
def test_a_draft_option_is_stored_and_read_back(option, socket_type, taken, refused):
    core = FakeCore(socket_type)
    for value in taken:
        set_option(core, option, value)
        assert get_option(core, option) == value
    for value in refused:
        with pytest.raises(OURS, match=option.name):
            set_option(core, option, value)
    assert get_option(core, option) == taken[-1]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        (SocketOption.HELLO_MSG, b"hello"),
        (SocketOption.DISCONNECT_MSG, b"bye"),
        (SocketOption.HICCUP_MSG, b""),
        (SocketOption.WSS_KEY_PEM, b"key"),
        (SocketOption.WSS_CERT_PEM, b"cert"),
        (SocketOption.WSS_TRUST_PEM, b"trust"),
        (SocketOption.WSS_HOSTNAME, b"host"),
        (SocketOption.BUSY_POLL, 50),
        (SocketOption.VMCI_BUFFER_SIZE, 2**40),
    ],
)
def test_a_write_only_option_is_stored_for_the_engine(option, value):
    core = FakeCore(SocketType.PAIR)
    set_option(core, option, value)
    assert getattr(core.options, option.name.lower()) == value
    with pytest.raises(OURS, match="can be set, but not read"):
        get_option(core, option)


def test_curve_keys_read_back_as_text_in_whatever_form_they_were_set():
    for option in KEYS:
        core = FakeCore(SocketType.PAIR)
        assert get_option(core, option) == b"0" * 40
        for key in [b"Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", b"Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID\0"]:
            set_option(core, option, key)
            assert get_option(core, option) == key.rstrip(b"\0")
        set_option(core, option, bytes(range(32)))
        assert getattr(core.options, option.name.lower()) == bytes(range(32))


# in the engine's units


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        (SocketOption.LINGER, 250, 0.25),
        (SocketOption.LINGER, 0, 0.0),
        (SocketOption.LINGER, -1, None),
        (SocketOption.SNDTIMEO, -1, None),
        (SocketOption.RCVTIMEO, 1, 0.001),
        (SocketOption.HEARTBEAT_IVL, 1500, 1.5),
        (SocketOption.HEARTBEAT_TTL, 1599, 1.5),
        (SocketOption.CONNECT_TIMEOUT, 0, 0.0),
        (SocketOption.SNDBUF, 4096, 4096),
        (SocketOption.IPV6, 1, True),
        (SocketOption.ROUTING_ID, b"me", b"me"),
        (SocketOption.BINDTODEVICE, b"lo", b"lo"),
    ],
)
def test_the_engine_gets_seconds_octets_and_bools(option, value, expected):
    core = FakeCore(SocketType.DEALER)
    set_option(core, option, value)
    stored = getattr(core.options, option.name.lower())
    assert (stored, type(stored)) == (expected, type(expected))


def test_ipv4only_is_the_opposite_of_ipv6():
    core = FakeCore(SocketType.PULL)
    set_option(core, SocketOption.IPV4ONLY, 0)
    assert core.options.ipv6 is True


def test_filters_and_properties_add_up():
    core = FakeCore(SocketType.PULL)
    for text in [b"10.1.2.3/8", b"127.0.0.1"]:
        set_option(core, SocketOption.TCP_ACCEPT_FILTER, text)
    for uid in [7, -1]:
        set_option(core, SocketOption.IPC_FILTER_UID, uid)
    for text in [b"X-a:1", b"X-b::2", b"X-a:3"]:
        set_option(core, SocketOption.METADATA, text)
    assert core.options.tcp_accept_filters == (ip_network("10.0.0.0/8"), ip_network("127.0.0.1/32"))
    assert core.options.ipc_filter_uid == {7, 2**32 - 1}
    assert core.options.metadata == ((b"X-a", b"1"), (b"X-b", b":2"))


def test_an_enum_member_is_stored_as_a_plain_number():
    core = FakeCore(SocketType.PULL)
    set_option(core, SocketOption.RECONNECT_STOP, constants.RECONNECT_STOP_AFTER_DISCONNECT)
    assert type(get_option(core, SocketOption.RECONNECT_STOP)) is int


# how it is set


class Watched:
    """A lock that tells whether it is held."""

    held = False

    def __enter__(self):
        self.held = True

    def __exit__(self, *_):
        self.held = False


def test_the_lock_is_held_while_an_option_changes():
    lock = Watched()
    core = FakeCore(SocketType.PUSH, lock)
    set_option(core, SocketOption.SNDHWM, 5)
    assert core.held_while_told == [True]
    assert not lock.held


@pytest.mark.parametrize("option", [SocketOption.SNDHWM, SocketOption.RCVHWM])
def test_the_engine_learns_of_new_high_water_marks_but_not_of_refused_ones(option):
    core = FakeCore(SocketType.PUSH)
    set_option(core, option, 5)
    with pytest.raises(OURS):
        set_option(core, option, -1)
    assert core.hwm_changes == 1


@pytest.mark.parametrize("socket_type", TYPES)
def test_every_option_of_a_pattern_can_be_set(socket_type):
    for name, kind in PATTERNS[socket_type].options.items():
        core = FakeCore(socket_type)
        value = b"x" if kind is bytes else True
        set_option(core, SocketOption[name.upper()], value)
        assert getattr(core.pattern, name) == value


def test_a_pattern_may_lack_what_its_type_takes_for_libzmqs_sake():
    core = FakeCore(SocketType.REP)
    set_option(core, SocketOption.ROUTER_MANDATORY, 1)
    assert not hasattr(core.pattern, "router_mandatory")


def test_what_the_socket_tells_comes_from_the_core():
    core = FakeCore(SocketType.PULL)
    core.last_endpoint = "tcp://127.0.0.1:5555"
    assert get_option(core, SocketOption.FD) == core.export()
    assert get_option(core, SocketOption.EVENTS) == core.events()
    assert get_option(core, SocketOption.TYPE) == SocketType.PULL
    assert get_option(core, SocketOption.LAST_ENDPOINT) == b"tcp://127.0.0.1:5555"


# what errors say


def refusal(option, value, socket_type=SocketType.PUSH):
    with pytest.raises((OURS, TypeError, OverflowError)) as caught:
        set_option(FakeCore(socket_type), option, value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("option", "value", "text"),
    [
        (SocketOption.LINGER, -2, "Invalid argument (LINGER wants milliseconds, -1 for ever; got -2)"),
        (SocketOption.LINGER, b"1", "LINGER wants an int, not bytes"),
        (SocketOption.LINGER, 2**31, "LINGER wants an int of 32 bits; got 2147483648"),
        (SocketOption.ROUTING_ID, b"", "Invalid argument (ROUTING_ID wants 1 to 255 octets; got 0 octets)"),
        (SocketOption.ROUTING_ID, "me", "ROUTING_ID wants bytes, not str: use setsockopt_string"),
        (SocketOption.TYPE, 1, "Invalid argument (TYPE can be read, but not set)"),
        (SocketOption.SUBSCRIBE, b"", "Invalid argument (SUBSCRIBE is an option of PUB, SUB, XPUB; this is PUSH)"),
        (SocketOption.GSSAPI_SERVER, 1, "Invalid argument (GSSAPI_SERVER: there is no GSSAPI mechanism)"),
        (SocketOption.BLOCKY, 1, "Invalid argument (BLOCKY: an option of the context)"),
        (999, 1, "Invalid argument (option 999: there is none)"),
    ],
)
def test_an_error_says_what_was_wanted_and_what_came(option, value, text):
    assert refusal(option, value) == text


def test_the_patterns_reason_is_passed_on():
    text = refusal(SocketOption.SUBSCRIBE, b"", SocketType.XPUB)
    assert text.startswith("Invalid argument (SUBSCRIBE: ")
    assert "MANUAL" in text


def test_a_key_or_password_is_not_repeated():
    for option in [*KEYS, SocketOption.PLAIN_PASSWORD, SocketOption.SOCKS_PASSWORD]:
        assert "secret" not in refusal(option, b"secret" * 99)


def test_an_option_without_effect_says_so_in_the_log(caplog):
    core = FakeCore(SocketType.PUB)
    with caplog.at_level(logging.DEBUG, "purezmq"):
        set_option(core, SocketOption.RATE, 200)
        set_option(core, SocketOption.LINGER, 0)
    assert caplog.messages == ["RATE has no effect: there is no multicast transport"]
    assert get_option(core, SocketOption.RATE) == 200


# the table


def test_every_option_of_pyzmqs_has_one_row():
    assert sorted(row.number for row in option_tables.SOCKET_OPTIONS) == sorted(SocketOption)
    assert {name: row.number for name, row in option_tables.option_names.items()} == dict(SocketOption.__members__)
    assert {*constants.ContextOption} <= {row.number for row in option_tables.CONTEXT_OPTIONS}


def test_every_field_of_the_engines_options_can_be_set():
    touched = set()

    class Spy(SocketOptions):
        def __setattr__(self, name, value):
            touched.add(name)
            super().__setattr__(name, value)

    for row in option_tables.SOCKET_OPTIONS:
        core = FakeCore(min(row.types.intersection(TYPES), default=SocketType.PAIR))
        core.options = Spy(ipv6=True)
        for value in [1, b"X-a:b", b"1.2.3.4", b"0" * 40]:
            outcome(set_option, core, row.number, value)
    assert touched >= set(SocketOptions.__slots__)


def test_the_documentation_is_printed_from_the_table():
    root = Path(__file__).parents[2]
    printed = subprocess.run(
        [sys.executable, "-m", "purezmq.api.options_page"], check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout
    assert (root / "docs" / "options.md").read_text(encoding="utf-8") == printed == options_page.markdown()
