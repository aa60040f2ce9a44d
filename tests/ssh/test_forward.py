"""A forwarding server over a transport that opens plain tcp connections, as an ssh server would."""

import socket
import struct
import threading

import pytest

from purezmq.ssh.forward import ForwardServer, Handler, forward_tunnel
from tests.helpers.endpoints import free_port
from tests.helpers.processes import Program
from tests.helpers.waiting import TIMEOUT, eventually


class Direct:
    """Opens channels that lead there at once."""

    def __init__(self):
        self.opened = []

    def open_channel(self, kind, dest_addr, src_addr):
        self.opened.append((kind, dest_addr, src_addr))
        return socket.create_connection(dest_addr, TIMEOUT)


class Refusing:
    """Opens none."""

    def open_channel(self, kind, dest_addr, src_addr):
        raise EOFError("administratively prohibited")


@pytest.fixture
def forward():
    """Start a server that forwards to a port: its own port."""
    started = []

    def start(transport, target):
        class There(Handler):
            ssh_transport, chain_host, chain_port = transport, "127.0.0.1", target

        server = ForwardServer(("127.0.0.1", 0), There)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        started.append((server, thread))
        return server.server_address[1]

    yield start
    for server, thread in started:
        server.shutdown()
        server.server_close()
        thread.join()


def connected(port):
    return socket.create_connection(("127.0.0.1", port), TIMEOUT)


def read_to_the_end(stream):
    return b"".join(iter(lambda: stream.recv(65536), b""))


def test_what_is_sent_arrives_and_comes_back(forward, echo):
    with connected(forward(Direct(), echo)) as client:
        client.sendall(b"hello")
        assert client.recv(100) == b"hello"


def test_the_end_of_one_direction_leaves_the_other_open(forward, echo):
    with connected(forward(Direct(), echo)) as client:
        client.sendall(b"hello ")
        client.shutdown(socket.SHUT_WR)
        assert read_to_the_end(client) == b"hello bye"


def test_a_client_that_only_writes_at_first_gets_everything_back(forward, echo):
    data = bytes(range(256)) * 40_000  # more than all buffers on the way
    with connected(forward(Direct(), echo)) as client:
        writer = threading.Thread(target=lambda: (client.sendall(data), client.shutdown(socket.SHUT_WR)))
        writer.start()
        assert read_to_the_end(client) == data + b"bye"
        writer.join()


def test_the_transport_learns_where_to_and_where_from(forward, echo):
    transport = Direct()
    with connected(forward(transport, echo)) as client:
        client.sendall(b"x")
        assert client.recv(1) == b"x"
        assert transport.opened == [("direct-tcpip", ("127.0.0.1", echo), client.getsockname())]


def test_connections_do_not_wait_for_each_other(forward, echo):
    port = forward(Direct(), echo)
    with connected(port) as first, connected(port) as second:
        for client in (second, first, second):
            client.sendall(b"x")
            assert client.recv(1) == b"x"


def test_a_refused_connection_is_closed(forward, echo):
    with connected(forward(Refusing(), echo)) as client:
        assert client.recv(1) == b""


def test_a_client_that_is_gone_already_is_no_error(echo, capsys):
    transport = Direct()

    class There(Handler):
        ssh_transport, chain_host, chain_port = transport, "127.0.0.1", echo

    with ForwardServer(("127.0.0.1", 0), There) as server:
        with connected(server.server_address[1]) as client:
            name = client.getsockname()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset it
        server.handle_request()
        eventually(lambda: transport.opened, "it is forwarded")
    assert transport.opened == [("direct-tcpip", ("127.0.0.1", echo), name)]
    assert capsys.readouterr().err == ""


def test_when_the_far_side_is_gone_the_near_side_is_told(forward):
    listener = socket.create_server(("127.0.0.1", 0))
    with listener, connected(forward(Direct(), listener.getsockname()[1])) as client:
        there, _ = listener.accept()
        there.close()
        assert client.recv(1) == b""


TUNNEL = """
import socket, sys
from purezmq.ssh.forward import forward_tunnel
class Direct:
    def open_channel(self, kind, dest_addr, src_addr):
        return socket.create_connection(dest_addr)
forward_tunnel(int(sys.argv[1]), "127.0.0.1", int(sys.argv[2]), Direct())
"""


def test_forward_tunnel_forwards_until_its_process_ends(echo):
    port = free_port()
    program = Program.script(TUNNEL, str(port), str(echo))
    with program, eventually(lambda: attempt(port), "the port is open") as client:
        client.sendall(b"x")
        assert client.recv(1) == b"x"


def attempt(port):
    try:
        return connected(port)
    except ConnectionRefusedError:
        return None


def test_a_port_that_is_in_use_is_an_error(echo):
    with pytest.raises(OSError, match="in use"):
        forward_tunnel(echo, "127.0.0.1", echo, Direct())
