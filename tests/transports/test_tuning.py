import socket
import sys

import pytest

from purezmq.engine.options import SocketOptions
from purezmq.transports import tcp, tuning
from tests.transports.helpers import accepted, code_of, connected, needs_ipv6, needs_linux, rest_of


@pytest.fixture
def ends(keep):
    """Both ends of a connection, each made with these options."""

    def make(options, host="127.0.0.1"):
        listener = keep(tcp.listen(f"{host}:*", options))
        client = keep(connected("tcp", rest_of(listener), options))
        return client, keep(accepted(listener))

    return make


def value(sock, level, option):
    return sock.getsockopt(level, option)


def test_nothing_is_delayed(ends):
    for sock in ends(SocketOptions()):
        assert value(sock, socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_what_is_not_set_is_left_to_the_system(ends):
    with socket.socket() as plain:
        for sock in ends(SocketOptions()):
            for level, option in ((socket.SOL_SOCKET, socket.SO_KEEPALIVE), (socket.IPPROTO_IP, socket.IP_TOS)):
                assert value(sock, level, option) == value(plain, level, option)


def test_buffers_have_the_size_that_was_asked_for(ends):
    for sock in ends(SocketOptions(sndbuf=50_000, rcvbuf=60_000)):
        assert 50_000 <= value(sock, socket.SOL_SOCKET, socket.SO_SNDBUF) <= 100_000
        assert 60_000 <= value(sock, socket.SOL_SOCKET, socket.SO_RCVBUF) <= 120_000


def test_keep_alive_can_be_switched_on_with_its_times(ends):
    options = SocketOptions(tcp_keepalive=1, tcp_keepalive_idle=41, tcp_keepalive_cnt=42, tcp_keepalive_intvl=43)
    for sock in ends(options):
        assert value(sock, socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert value(sock, socket.IPPROTO_TCP, tuning._TCP_KEEPIDLE) == 41
        assert value(sock, socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 42
        assert value(sock, socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 43


def test_keep_alive_can_be_switched_off(ends):
    for sock in ends(SocketOptions(tcp_keepalive=0)):
        assert not value(sock, socket.SOL_SOCKET, socket.SO_KEEPALIVE)


@needs_linux
def test_the_time_for_unacknowledged_data_is_in_milliseconds_there(ends):
    for sock in ends(SocketOptions(tcp_maxrt=1.5)):
        assert value(sock, socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 1500


def test_packets_carry_the_type_of_service(ends):
    for sock in ends(SocketOptions(tos=0x28)):
        assert value(sock, socket.IPPROTO_IP, socket.IP_TOS) == 0x28


@needs_ipv6
def test_ipv6_packets_carry_the_traffic_class(ends):
    for sock in ends(SocketOptions(tos=0x28, ipv6=True), "[::1]"):
        assert value(sock, socket.IPPROTO_IPV6, socket.IPV6_TCLASS) == 0x28


@needs_linux
def test_packets_have_a_priority(ends):
    for sock in ends(SocketOptions(priority=3)):
        assert value(sock, socket.SOL_SOCKET, socket.SO_PRIORITY) == 3


@needs_linux
def test_a_socket_can_be_bound_to_a_device(ends):
    for sock in ends(SocketOptions(bindtodevice=b"lo")):
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, 16).rstrip(b"\0") == b"lo"


@needs_linux
def test_a_device_that_is_not_there_is_told():
    with pytest.raises(OSError) as refused:
        tcp.listen("127.0.0.1:*", SocketOptions(bindtodevice=b"nosuch0"))
    assert code_of(refused) == "ENODEV"
    assert "tcp://127.0.0.1:*" in str(refused.value)


def test_a_device_is_refused_where_sockets_cannot_be_bound_to_one(monkeypatch):
    monkeypatch.delattr(socket, "SO_BINDTODEVICE", raising=False)
    with pytest.raises(OSError) as refused:
        tcp.listen("127.0.0.1:*", SocketOptions(bindtodevice=b"lo"))
    assert code_of(refused) in {"ENOTSUP", "EOPNOTSUPP"}


@needs_linux
def test_the_kernel_can_be_told_to_poll(ends):
    try:
        client, _ = ends(SocketOptions(busy_poll=10))
    except PermissionError:
        pytest.skip("needs CAP_NET_ADMIN")
    assert value(client, socket.SOL_SOCKET, tuning._SO_BUSY_POLL) == 10


@pytest.mark.skipif(sys.platform == "win32", reason="the option has another meaning there")
def test_a_listener_may_reuse_an_address(keep):
    assert value(keep(tcp.listen("127.0.0.1:*", SocketOptions())).sock, socket.SOL_SOCKET, socket.SO_REUSEADDR)


@needs_linux
@pytest.mark.parametrize("name", ["SO_PRIORITY", "TCP_USER_TIMEOUT", "TCP_KEEPCNT"])
def test_an_option_that_the_platform_lacks_changes_nothing(name, monkeypatch, ends):
    monkeypatch.delattr(socket, name)
    options = SocketOptions(priority=3, tcp_maxrt=1.0, tcp_keepalive=1, tcp_keepalive_cnt=5)
    assert all(sock.fileno() >= 0 for sock in ends(options))
