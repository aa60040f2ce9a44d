import errno
import os
import socket
from ipaddress import ip_network

import pytest

from purezmq.engine.options import SocketOptions
from purezmq.transports import resolve, tcp
from purezmq.transports.base import AddressError, PeerRefused
from tests.transports.helpers import (
    accepted,
    code_of,
    connected,
    dial,
    needs_ipv6,
    needs_linux,
    read,
    rest_of,
    wait_readable,
    wait_writable,
)


def port_of(listener):
    return listener.sock.getsockname()[1]


@pytest.fixture
def listener(keep):
    return keep(tcp.listen("127.0.0.1:*", SocketOptions()))


# LAST_ENDPOINT


@pytest.mark.parametrize(
    ("rest", "host"),
    [("*:*", "0.0.0.0"), ("127.0.0.1:0", "127.0.0.1"), ("localhost:*", "127.0.0.1")],  # noqa: S104
)
def test_the_endpoint_is_numeric_with_the_port_that_was_chosen(rest, host, keep):
    listener = keep(tcp.listen(rest, SocketOptions()))
    assert listener.endpoint == f"tcp://{host}:{port_of(listener)}"
    assert port_of(listener) > 0


@needs_linux
def test_an_interface_becomes_its_address(keep):
    listener = keep(tcp.listen("lo:*", SocketOptions()))
    assert listener.endpoint == f"tcp://127.0.0.1:{port_of(listener)}"


@needs_ipv6
@pytest.mark.parametrize(("rest", "host"), [("*:*", "::"), ("[::1]:*", "::1"), ("127.0.0.1:*", "::ffff:127.0.0.1")])
def test_an_ipv6_endpoint_stands_in_brackets(rest, host, keep):
    listener = keep(tcp.listen(rest, SocketOptions(ipv6=True)))
    assert listener.endpoint == f"tcp://[{host}]:{port_of(listener)}"


@needs_ipv6
def test_a_star_with_ipv6_serves_both_kinds(keep):
    listener = keep(tcp.listen("*:*", SocketOptions(ipv6=True)))
    keep(connected("tcp", f"127.0.0.1:{port_of(listener)}"))
    assert tcp.peer_address(keep(accepted(listener))) == "::ffff:127.0.0.1"
    keep(connected("tcp", f"[::1]:{port_of(listener)}", SocketOptions(ipv6=True)))
    assert tcp.peer_address(keep(accepted(listener))) == "::1"


@needs_ipv6
def test_an_ipv4_listener_serves_those_who_dial_with_ipv6(listener, keep):
    keep(connected("tcp", rest_of(listener), SocketOptions(ipv6=True)))
    assert tcp.peer_address(keep(accepted(listener))) == "127.0.0.1"


# errors of bind


def test_an_address_has_one_listener(listener):
    with pytest.raises(OSError) as refused:
        tcp.listen(rest_of(listener), SocketOptions())
    assert code_of(refused) == "EADDRINUSE"
    assert listener.endpoint in str(refused.value)


def test_an_address_of_another_machine_is_not_available():
    with pytest.raises(OSError) as refused:
        tcp.listen("192.0.2.200:*", SocketOptions())
    assert code_of(refused) == "EADDRNOTAVAIL"
    assert "tcp://192.0.2.200:*" in str(refused.value)


@pytest.mark.parametrize(("rest", "code"), [("127.0.0.1", "EINVAL"), ("*:65536", "EINVAL"), ("[::1]:*", "ENODEV")])
def test_a_text_that_cannot_be_bound_is_refused(rest, code):
    with pytest.raises(AddressError) as refused:
        tcp.listen(rest, SocketOptions())
    assert code_of(refused) == code


@needs_linux
def test_a_failed_bind_leaves_no_descriptor_open(listener):
    before = os.listdir("/proc/self/fd")  # noqa: PTH208
    for rest in (rest_of(listener), "192.0.2.200:*", "[::1]:*"):
        with pytest.raises(OSError):
            tcp.listen(rest, SocketOptions())
    assert os.listdir("/proc/self/fd") == before  # noqa: PTH208


# connecting


@pytest.mark.parametrize("rest", ["host", "host:*", "*:1", "host:65536"])
def test_a_text_that_cannot_be_connected_is_refused_at_once(rest):
    with pytest.raises(AddressError) as refused:
        tcp.target(rest, SocketOptions())
    assert code_of(refused) == "EINVAL"


@pytest.mark.parametrize(("rest", "needs"), [("127.0.0.1:1", False), ("[::1]:1", False), ("localhost:1", True)])
def test_only_a_name_needs_a_look_up(rest, needs):
    assert tcp.target(rest, SocketOptions()).needs_lookup is needs


def test_a_name_is_connected_to(listener, keep):
    keep(connected("tcp", f"localhost:{port_of(listener)}"))
    keep(accepted(listener))


def test_a_name_is_looked_up_anew_at_each_attempt(monkeypatch):
    answers = iter(["127.0.0.5", "127.0.0.6"])
    target = tcp.target("moving.example:80", SocketOptions())
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 0))]
    )
    monkeypatch.setattr(resolve, "is_numeric", lambda _: False)
    assert target.lookup().peer == ("127.0.0.5", 80)
    assert target.lookup().peer == ("127.0.0.6", 80)


def test_dialling_where_nobody_listens_is_refused(listener):
    rest = rest_of(listener)
    listener.close()
    with pytest.raises(ConnectionRefusedError):
        connected("tcp", rest)


def test_a_socket_that_met_itself_is_refused(listener):
    rest = rest_of(listener)
    listener.close()
    with dial("tcp", f"{rest};{rest}") as sock:
        wait_writable(sock)
        assert sock.getsockname() == sock.getpeername()
        with pytest.raises(ConnectionRefusedError, match="itself"):
            tcp.finish(sock)


@pytest.mark.parametrize("source", ["127.0.0.3", "127.0.0.3:0", "127.0.0.3:*", pytest.param("lo", marks=needs_linux)])
def test_a_connection_can_come_from_a_source_address(source, listener, keep):
    try:
        client = keep(connected("tcp", f"{source};{rest_of(listener)}"))
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            pytest.skip("only 127.0.0.1 is local here")
        raise
    expected = "127.0.0.1" if source == "lo" else "127.0.0.3"
    assert client.getsockname()[0] == expected
    assert tcp.peer_address(keep(accepted(listener))) == expected


def test_connections_to_different_places_can_share_a_source_port(listener, keep):
    other = keep(tcp.listen("127.0.0.1:*", SocketOptions()))
    first = keep(connected("tcp", f"127.0.0.1;{rest_of(listener)}"))
    port = first.getsockname()[1]
    second = keep(connected("tcp", f"127.0.0.1:{port};{rest_of(other)}"))
    assert second.getsockname()[1] == port


@pytest.mark.parametrize("source", ["nosuch0", "a.name.example"])
def test_a_source_that_is_not_here_fails_the_attempt_and_not_the_connect(source, listener):
    target = tcp.target(f"{source};{rest_of(listener)}", SocketOptions())
    with pytest.raises(OSError) as failed:
        target.lookup()
    assert code_of(failed) == "ENODEV"


def test_a_source_of_another_machine_fails_the_attempt(listener):
    with pytest.raises(OSError) as failed:
        dial("tcp", f"192.0.2.200;{rest_of(listener)}")
    assert code_of(failed) == "EADDRNOTAVAIL"
    assert f"tcp://192.0.2.200;{rest_of(listener)}" in str(failed.value)


# who it is


def test_the_address_of_a_peer_is_its_ip_address(listener, keep):
    client = keep(connected("tcp", rest_of(listener)))
    assert tcp.peer_address(keep(accepted(listener))) == "127.0.0.1"
    assert tcp.peer_address(client) == "127.0.0.1"


def test_a_socket_without_a_peer_has_no_address():
    with socket.socket() as sock:
        assert tcp.peer_address(sock) == ""


def filtered(*networks, ipv6=False):
    return SocketOptions(tcp_accept_filters=tuple(ip_network(network) for network in networks), ipv6=ipv6)


@pytest.mark.parametrize("networks", [["127.0.0.1"], ["127.0.0.0/8"], ["10.0.0.0/8", "127.0.0.0/30"], ["0.0.0.0/0"]])
def test_a_peer_that_a_filter_covers_is_let_in(networks, keep):
    listener = keep(tcp.listen("127.0.0.1:*", filtered(*networks)))
    client = keep(connected("tcp", rest_of(listener)))
    client.sendall(b"hello")
    assert read(keep(accepted(listener)), 5) == b"hello"


@pytest.mark.parametrize("networks", [["127.0.0.2"], ["10.0.0.0/8", "::/0"]])
def test_a_peer_that_no_filter_covers_is_sent_away(networks, keep):
    listener = keep(tcp.listen("127.0.0.1:*", filtered(*networks)))
    client = keep(connected("tcp", rest_of(listener)))
    wait_readable(listener.sock)
    with pytest.raises(PeerRefused) as refused:
        listener.accept()
    assert code_of(refused) == "EACCES"
    assert "peer 127.0.0.1" in str(refused.value)
    wait_readable(client)
    assert client.recv(1) == b""


@needs_ipv6
def test_an_ipv4_filter_covers_ipv4_peers_of_a_dual_stack_listener(keep):
    listener = keep(tcp.listen("*:*", filtered("127.0.0.0/8", ipv6=True)))
    keep(connected("tcp", f"127.0.0.1:{port_of(listener)}"))
    keep(accepted(listener))
    keep(connected("tcp", f"[::1]:{port_of(listener)}", SocketOptions(ipv6=True)))
    wait_readable(listener.sock)
    with pytest.raises(PeerRefused):
        listener.accept()


# USE_FD


def test_the_text_beside_a_descriptor_is_only_a_label(keep):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        listener = keep(tcp.listen("a label", SocketOptions(use_fd=server.detach())))
    assert listener.endpoint == f"tcp://127.0.0.1:{port}"


def test_a_descriptor_that_is_none_is_refused():
    with pytest.raises(OSError) as refused:
        tcp.listen("127.0.0.1:*", SocketOptions(use_fd=999_999))
    assert code_of(refused) == "EBADF"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets here")
def test_a_descriptor_of_another_transport_is_refused(directory):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{directory}/socket")
        server.listen()
        with pytest.raises(AddressError) as refused:
            tcp.listen("127.0.0.1:*", SocketOptions(use_fd=server.fileno()))
        assert code_of(refused) == "EINVAL"
        assert server.getsockname()
