import errno
import socket
from typing import Any

import pytest

from purezmq.transports import interfaces, resolve
from purezmq.transports.base import AddressError
from purezmq.transports.resolve import HostPort
from tests.transports.helpers import code_of, needs_ipv6, needs_linux


@pytest.fixture
def names(monkeypatch):
    """A name service: name -> addresses; it counts the questions. Numeric addresses are the system's to read."""
    system = socket.getaddrinfo
    known: dict[str, Any] = {}
    asked = []

    def getaddrinfo(host, port, family, kind, proto, flags):  # noqa: PLR0913, PLR0917 as the system has them
        if flags & socket.AI_NUMERICHOST:
            return system(host, port, family, kind, proto, flags)
        host = host.decode()
        asked.append((host, family))
        for address in known.get(host, ()):
            if (":" in address) == (family == socket.AF_INET6):
                return system(address, port, family, kind, proto, flags | socket.AI_NUMERICHOST)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    known["asked"] = asked
    return known


def bound(rest, *, ipv6=False):
    return resolve.to_bind(resolve.parse_bind(rest), ipv6=ipv6)


def found(rest, *, ipv6=False):
    return resolve.to_connect(resolve.parse_connect(rest)[0], ipv6=ipv6)


def source_of(rest):
    source = resolve.parse_connect(rest)[1]
    assert source is not None
    return resolve.to_connect_from(source, ipv6=False)


# the text of a bind


@pytest.mark.parametrize(
    ("rest", "host", "port"),
    [
        ("*:5555", "*", 5555),
        ("*:*", "*", 0),
        ("127.0.0.1:0", "127.0.0.1", 0),
        ("127.0.0.1:65535", "127.0.0.1", 65535),
        ("127.0.0.1:00080", "127.0.0.1", 80),
        ("[::1]:80", "::1", 80),
        ("[fe80::1%eth0]:80", "fe80::1%eth0", 80),
        ("::1:80", "::1", 80),
        ("[127.0.0.1]:80", "127.0.0.1", 80),
        ("eth0:80", "eth0", 80),
        ("a-host.example:80", "a-host.example", 80),
    ],
)
def test_a_bind_is_host_and_port(rest, host, port):
    assert resolve.parse_bind(rest) == HostPort(host, port, f"tcp://{rest}")


@pytest.mark.parametrize(
    "rest",
    [
        *("127.0.0.1", "*", "localhost", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:80bad", "127.0.0.1:-1"),
        *(
            "127.0.0.1: 80",
            "127.0.0.1:65536",
            "127.0.0.1:99999",
            "127.0.0.1:" + "9" * 5000,
            "127.0.0.1:٣",
            "127.0.0.1:**",
        ),
        *("[::1]", "[::1:80", "::1]:80", "[127.0.0.1:]5555", "[127.0.0.1:*]", "127.0.0.1;127.0.0.1:80"),
    ],
)
def test_a_bind_that_is_not_one_host_and_one_port_is_invalid(rest):
    with pytest.raises(AddressError) as refused:
        resolve.parse_bind(rest)
    assert code_of(refused) == "EINVAL"
    assert f"tcp://{rest}" in str(refused.value)


# the text of a connect


@pytest.mark.parametrize(
    ("rest", "host", "port", "source"),
    [
        ("127.0.0.1:5555", "127.0.0.1", 5555, None),
        ("127.0.0.1:0", "127.0.0.1", 0, None),
        ("a_host-1.example:5555", "a_host-1.example", 5555, None),
        ("[::1]:5555", "::1", 5555, None),
        ("::1:5555", "::1", 5555, None),
        ("[fe80::1%2]:5555", "fe80::1%2", 5555, None),
        ("127.0.0.1:1;127.0.0.2:2", "127.0.0.2", 2, ("127.0.0.1", 1)),
        ("127.0.0.1:*;127.0.0.2:2", "127.0.0.2", 2, ("127.0.0.1", 0)),
        ("127.0.0.1;127.0.0.2:2", "127.0.0.2", 2, ("127.0.0.1", 0)),
        ("[::1];[::2]:2", "::2", 2, ("::1", 0)),
        ("[::1]:1;[::2]:2", "::2", 2, ("::1", 1)),
        ("eth0;host:2", "host", 2, ("eth0", 0)),
    ],
)
def test_a_connect_is_host_and_port_and_maybe_a_source(rest, host, port, source):
    endpoint = f"tcp://{rest}"
    expected = HostPort(source[0], source[1], endpoint) if source else None
    assert resolve.parse_connect(rest) == (HostPort(host, port, endpoint), expected)


@pytest.mark.parametrize(
    "rest",
    [
        *("", "127.0.0.1", "localhost", "localhost:", "localhost:http", "localhost:80x", "localhost:*", "*:80", "*:*"),
        *("localhost:65536", "localhost:" + "9" * 5000, ":80", "-host:80", ".host:80", "_host:80", "%eth0:80"),
        *("ho st:80", "host/x:80", "host:80/path", "user@host:80", "hö:80", "host:80\n", "host\0:80"),
        *(
            "[::1:80",
            "::1]:80",
            "[::1]80",
            ";host:80",
            "a;b;host:80",
            "src:x;host:80",
            "src:99999;host:80",
            ":1;host:80",
        ),
        *("src;", "src;*:80", "src;host", "[]:80", "[*]:80", "[];host:80"),
    ],
)
def test_a_connect_that_is_not_host_and_port_is_invalid(rest):
    with pytest.raises(AddressError) as refused:
        resolve.parse_connect(rest)
    assert code_of(refused) == "EINVAL"
    assert f"tcp://{rest}" in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "fe80::1%eth0", "1::2::3"])
def test_a_numeric_host_needs_no_look_up(host, names):
    assert resolve.is_numeric(host)
    assert not names["asked"]


@pytest.mark.parametrize("host", ["localhost", "a.b", "eth0", "a..b", "x" * 100])
def test_any_other_host_needs_a_look_up(host, names):
    assert not resolve.is_numeric(host)
    assert not names["asked"]


# binding


def test_a_star_is_every_address():
    assert bound("*:80") == ("0.0.0.0", 80)  # noqa: S104


@needs_ipv6
def test_a_star_with_ipv6_is_every_address_of_both_kinds():
    assert bound("*:80", ipv6=True) == ("::", 80, 0, 0)


def test_without_ipv6_in_the_kernel_the_option_changes_nothing(monkeypatch):
    monkeypatch.setattr(resolve, "has_ipv6", lambda: False)
    assert bound("*:80", ipv6=True) == ("0.0.0.0", 80)  # noqa: S104
    assert bound("127.0.0.1:80", ipv6=True) == ("127.0.0.1", 80)


@pytest.mark.parametrize(("code", "answer"), [("EAFNOSUPPORT", False), ("EMFILE", True)])
def test_only_a_kernel_that_says_so_has_no_ipv6(code, answer, monkeypatch):
    def refuse(*_):
        raise OSError(getattr(errno, code), code)

    monkeypatch.setattr(socket.socket, "__init__", refuse)
    resolve.has_ipv6.cache_clear()
    try:
        assert resolve.has_ipv6() is answer
    finally:
        resolve.has_ipv6.cache_clear()


def test_numeric_addresses_are_themselves():
    assert bound("127.0.0.1:80") == ("127.0.0.1", 80)


@needs_ipv6
def test_numeric_addresses_with_ipv6_are_ipv6(names):
    assert bound("[::1]:80", ipv6=True) == ("::1", 80, 0, 0)
    assert bound("127.0.0.1:80", ipv6=True) == ("::ffff:127.0.0.1", 80, 0, 0)
    assert not names["asked"]


def test_an_ipv6_address_without_the_option_is_not_here():
    with pytest.raises(AddressError) as refused:
        bound("[::1]:80")
    assert code_of(refused) == "ENODEV"
    assert "expected an IPv4 address" in str(refused.value)


@needs_ipv6
def test_a_zone_is_an_index_or_the_name_of_an_interface():
    index, name = socket.if_nameindex()[0]
    assert bound("[fe80::1%2]:80", ipv6=True) == ("fe80::1", 80, 0, 2)
    assert bound(f"[fe80::1%{name}]:80", ipv6=True) == ("fe80::1", 80, 0, index)


@pytest.mark.parametrize("zone", ["nosuch0", "", "0", "4294967296", "-1"])
def test_a_zone_that_is_not_there_is_invalid(zone):
    with pytest.raises(AddressError) as refused:
        bound(f"[fe80::1%{zone}]:80", ipv6=True)
    assert code_of(refused) == "EINVAL"


@needs_linux
def test_an_interface_is_its_first_ipv4_address(names):
    assert bound("lo:80") == ("127.0.0.1", 80)
    assert not names["asked"]


@needs_linux
@needs_ipv6
def test_an_interface_with_ipv6_is_its_ipv6_address():
    assert bound("lo:80", ipv6=True) == ("::1", 80, 0, 0)


@needs_linux
@pytest.mark.parametrize(("function", "ipv6"), [("ipv4_address", False), ("ipv6_address", True)])
def test_an_interface_without_an_address_is_no_device(function, ipv6, monkeypatch, names):
    monkeypatch.setattr(resolve, "has_ipv6", lambda: True)
    monkeypatch.setattr(interfaces, function, lambda _: None)
    with pytest.raises(AddressError) as refused:
        bound("lo:80", ipv6=ipv6)
    assert code_of(refused) == "ENODEV"
    assert not names["asked"]


def test_a_host_name_is_looked_up_at_once(names):
    names["here.example"] = ["127.0.0.5", "127.0.0.6"]
    assert bound("here.example:80") == ("127.0.0.5", 80)


@needs_ipv6
def test_a_host_name_with_ipv6_is_ipv6_first_and_ipv4_if_there_is_no_other(names):
    names["both.example"] = ["127.0.0.5", "::5"]
    names["old.example"] = ["127.0.0.5"]
    assert bound("both.example:80", ipv6=True) == ("::5", 80, 0, 0)
    assert bound("old.example:80", ipv6=True) == ("::ffff:127.0.0.5", 80, 0, 0)


@pytest.mark.parametrize("host", ["nobody.example", "", "a..b", "a\0b"])
@pytest.mark.parametrize("ipv6", [False, True])
def test_a_host_that_nobody_knows_is_no_device(host, ipv6, names):
    with pytest.raises(AddressError) as refused:
        bound(f"{host}:80", ipv6=ipv6)
    assert code_of(refused) == "ENODEV"
    assert f"tcp://{host}:80" in str(refused.value)


def test_an_impossible_name_is_not_found():
    assert resolve._lookup("a..b", socket.AF_INET, 0) is None
    assert resolve._lookup("a\0b", socket.AF_INET, 0) is None


# connecting


def test_each_look_up_asks_anew(names):
    where, _ = resolve.parse_connect("moving.example:80")
    names["moving.example"] = ["127.0.0.5"]
    assert resolve.to_connect(where, ipv6=False) == ("127.0.0.5", 80)
    names["moving.example"] = ["127.0.0.6"]
    assert resolve.to_connect(where, ipv6=False) == ("127.0.0.6", 80)


def test_a_host_that_is_not_found_is_unreachable_and_named(names):
    with pytest.raises(OSError) as failed:
        found("nobody.example:80")
    assert code_of(failed) == "EHOSTUNREACH"
    assert "tcp://nobody.example:80" in str(failed.value)
    assert [host for host, _ in names["asked"]] == ["nobody.example"]


@pytest.mark.parametrize("rest", ["[::1]:80", "[1::2::3]:80"])
def test_a_numeric_address_of_the_wrong_kind_is_unreachable_without_asking(rest, names):
    with pytest.raises(OSError) as failed:
        found(rest)
    assert code_of(failed) == "EHOSTUNREACH"
    assert not names["asked"]


@needs_ipv6
def test_an_ipv4_address_is_reached_through_an_ipv6_socket(names):
    assert found("127.0.0.1:80", ipv6=True) == ("::ffff:127.0.0.1", 80, 0, 0)
    assert not names["asked"]


def test_a_source_is_numeric_and_never_looked_up(names):
    assert source_of("127.0.0.1:5;127.0.0.2:80") == ("127.0.0.1", 5)
    with pytest.raises(OSError) as failed:
        source_of("here.example:5;127.0.0.2:80")
    assert code_of(failed) == "ENODEV"
    assert not names["asked"]


@needs_linux
def test_a_source_may_be_an_interface():
    assert source_of("lo;127.0.0.2:80") == ("127.0.0.1", 0)


# writing addresses


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (("127.0.0.1", 80), "tcp://127.0.0.1:80"),
        (("::1", 80, 0, 0), "tcp://[::1]:80"),
        (("::ffff:127.0.0.1", 80, 0, 0), "tcp://[::ffff:127.0.0.1]:80"),
    ],
)
def test_an_endpoint_is_numeric_with_brackets_around_ipv6(address, text):
    assert resolve.endpoint_text(address) == text


@needs_ipv6
def test_a_link_local_endpoint_has_its_zone():
    index, name = socket.if_nameindex()[0]
    assert resolve.endpoint_text(("fe80::1", 80, 0, index)) == f"tcp://[fe80::1%{name}]:80"
