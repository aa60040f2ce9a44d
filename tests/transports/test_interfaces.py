import socket
import sys

import pytest

from purezmq.transports import interfaces
from tests.transports.helpers import needs_ipv6, needs_linux

LOOPBACK = next((name for _, name in socket.if_nameindex() if name in ("lo", "lo0")), "")

needs_loopback = pytest.mark.skipif(not LOOPBACK, reason="no loopback interface that we know")

TABLE = """\
fe800000000000000000000000000001 02 40 20 80       {name}
20010db8000000000000000000000001 02 40 00 80       {name}
fe800000000000000000000000000002 03 40 20 80    other0
"""


@needs_loopback
def test_an_interface_exists_by_its_name():
    assert interfaces.exists(LOOPBACK)


@pytest.mark.parametrize("name", ["nosuch0", "", "127.0.0.1", "a name that is much too long for an interface", "a\0b"])
def test_other_texts_are_no_interface(name):
    assert not interfaces.exists(name)


@needs_loopback
def test_the_loopback_has_its_ipv4_address():
    assert interfaces.ipv4_address(LOOPBACK) == "127.0.0.1"


def test_an_interface_that_is_not_there_has_no_address():
    assert interfaces.ipv4_address("nosuch0") is None
    assert interfaces.ipv6_address("nosuch0") is None


def test_a_platform_that_cannot_be_asked_knows_no_address(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "plan9")
    monkeypatch.setattr(interfaces, "_IF_INET6", tmp_path / "nothing")
    assert interfaces.ipv4_address("lo") is None
    assert interfaces.ipv6_address("lo") is None


@needs_linux
@needs_ipv6
def test_the_loopback_has_its_ipv6_address_without_a_zone():
    assert interfaces.ipv6_address("lo") == ("::1", 0)


@needs_loopback
def test_a_link_local_address_is_the_last_choice_and_has_a_zone(monkeypatch, tmp_path):
    table = tmp_path / "if_inet6"
    monkeypatch.setattr(interfaces, "_IF_INET6", table)
    table.write_text(TABLE.format(name=LOOPBACK))
    assert interfaces.ipv6_address(LOOPBACK) == ("2001:db8::1", 0)
    table.write_text(TABLE.format(name=LOOPBACK).splitlines(keepends=True)[0])
    assert interfaces.ipv6_address(LOOPBACK) == ("fe80::1", socket.if_nametoindex(LOOPBACK))
