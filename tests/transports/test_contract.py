"""What holds for every stream transport (`purezmq.transports.base`)."""

import uuid

import pytest

from purezmq.engine.options import SocketOptions
from purezmq.transports import STREAM_TRANSPORTS
from purezmq.transports.base import SCHEMES, AddressError
from tests.transports.helpers import (
    accepted,
    code_of,
    connected,
    fill,
    needs_ipv6,
    needs_linux,
    read,
    rest_of,
    wait_readable,
    wait_writable,
)

SEQUENCE = bytes(range(256)) * 64


NAMED = [
    "tcp",
    pytest.param("tcp over IPv6", marks=needs_ipv6),
    "ipc",
    pytest.param("ipc abstract", marks=needs_linux),
]


@pytest.fixture(params=[*NAMED, "ipc anywhere"])
def case(request, directory):
    """A scheme, what to listen on, options."""
    return {
        "tcp": ("tcp", "127.0.0.1:*", SocketOptions()),
        "tcp over IPv6": ("tcp", "[::1]:*", SocketOptions(ipv6=True)),
        "ipc": ("ipc", f"{directory}/socket", SocketOptions()),
        "ipc anywhere": ("ipc", "*", SocketOptions()),
        "ipc abstract": ("ipc", f"@purezmq-{uuid.uuid4()}", SocketOptions()),
    }[request.param]


@pytest.fixture
def transport(case):
    return STREAM_TRANSPORTS[case[0]]


@pytest.fixture
def listener(case, transport, keep):
    _, rest, options = case
    return keep(transport.listen(rest, options))


@pytest.fixture
def pair(case, listener, keep):
    """Both ends of a connection: who dialled, who accepted."""
    scheme, _, options = case
    client = keep(connected(scheme, rest_of(listener), options))
    return client, keep(accepted(listener))


def keep_sending(sock):
    for _ in range(1000):
        wait_writable(sock)
        sock.send(b"x")


def test_every_scheme_but_inproc_is_a_stream_transport():
    assert set(STREAM_TRANSPORTS) | {"inproc"} == SCHEMES


def test_octets_arrive_in_order_in_both_directions(pair):
    client, server = pair
    client.sendall(b"to the server")
    server.sendall(b"to the client")
    assert read(server, 13) == b"to the server"
    assert read(client, 13) == b"to the client"


def test_a_chunk_can_be_read_by_halves(pair):
    client, server = pair
    client.sendall(b"half" + b"read")
    assert read(server, 4) == b"half"
    assert read(server, 4) == b"read"


def test_reading_with_nothing_there_does_not_wait(pair):
    for sock in pair:
        with pytest.raises(BlockingIOError):
            sock.recv(1)


def test_full_buffers_stop_the_writer_and_lose_nothing(pair):
    client, server = pair
    taken = fill(client, SEQUENCE)
    assert read(server, len(taken)) == taken
    wait_writable(client)
    client.sendall(b"again")
    assert read(server, 5) == b"again"


def test_what_was_sent_before_a_close_is_read_and_then_the_end(pair):
    client, server = pair
    client.sendall(b"last words")
    client.close()
    assert read(server, 10) == b"last words"
    wait_readable(server)
    assert server.recv(1) == b""
    assert server.recv(1) == b""


def test_a_peer_that_closes_while_we_write_fails_the_write(pair):
    client, server = pair
    server.close()
    wait_readable(client)
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        keep_sending(client)


def test_sockets_do_not_block_and_do_not_pass_to_child_processes(listener, pair):
    for sock in (listener.sock, *pair):
        assert sock.gettimeout() == 0
        assert not sock.get_inheritable()


def test_accepting_with_nobody_there_gives_none(listener):
    assert listener.accept() is None


def test_peers_are_accepted_in_the_order_in_which_they_came(case, listener, keep):
    scheme, _, options = case
    clients = [keep(connected(scheme, rest_of(listener), options)) for _ in range(3)]
    for number, client in enumerate(clients):
        client.sendall(b"%d" % number)
    assert [read(keep(accepted(listener)), 1) for _ in clients] == [b"0", b"1", b"2"]


@pytest.mark.parametrize("case", NAMED, indirect=True)
def test_an_address_can_be_bound_again_at_once_after_close(case, transport, listener, pair, keep):
    scheme, _, options = case
    rest = rest_of(listener)
    listener.close()
    for sock in pair:
        sock.close()
    again = keep(transport.listen(rest, options))
    assert again.endpoint == listener.endpoint
    keep(connected(scheme, rest, options))
    keep(accepted(again))


@pytest.mark.parametrize("case", NAMED, indirect=True)
def test_an_address_can_be_bound_again_while_its_connections_live(case, transport, listener, pair, keep):
    rest = rest_of(listener)
    listener.close()
    keep(transport.listen(rest, case[2]))
    pair[0].sendall(b"still here")
    assert read(pair[1], 10) == b"still here"


def test_closing_a_listener_twice_is_closing_it_once(listener):
    listener.close()
    listener.close()
    assert listener.sock.fileno() == -1


def test_nobody_connects_to_a_closed_listener(case, listener):
    scheme, _, options = case
    rest = rest_of(listener)
    listener.close()
    with pytest.raises(OSError) as refused:
        connected(scheme, rest, options).close()
    assert code_of(refused) in {"ECONNREFUSED", "ENOENT"}


def test_repr_tells_the_endpoint(transport, listener, case):
    assert repr(listener) == f"<Listener {listener.endpoint}>"
    assert repr(transport.target(rest_of(listener), case[2])) == f"<Target {listener.endpoint}>"


def test_a_prepared_descriptor_is_taken_over(case, transport, listener, keep):
    scheme, _, options = case
    rest = rest_of(listener)
    prepared = SocketOptions(use_fd=listener.sock.detach(), ipv6=options.ipv6)
    adopted = keep(transport.listen(rest, prepared))
    assert adopted.endpoint == f"{scheme}://{rest}"
    assert adopted.sock.fileno() == prepared.use_fd
    client = keep(connected(scheme, rest, options))
    client.sendall(b"hello")
    assert read(keep(accepted(adopted)), 5) == b"hello"


def test_a_descriptor_that_does_not_listen_is_refused_and_stays_open(transport, case, pair):
    client, server = pair
    with pytest.raises(AddressError) as refused:
        transport.listen(case[1], SocketOptions(use_fd=client.fileno()))
    assert code_of(refused) == "EINVAL"
    client.sendall(b"still mine")
    assert read(server, 10) == b"still mine"


def test_the_address_of_a_peer_that_left_is_a_text_too(transport, pair):
    client, server = pair
    client.close()
    wait_readable(server)
    assert isinstance(transport.peer_address(server), str)


def test_both_ends_of_a_connection_are_written_as_endpoints(transport, listener, pair):
    client, server = pair
    bound, here = (transport.endpoint_text(address) for address in (client.getpeername(), client.getsockname()))
    assert bound == transport.endpoint_text(server.getsockname()) == listener.endpoint
    assert here == transport.endpoint_text(server.getpeername())
    assert here.startswith(bound.partition("://")[0])
    assert here != bound
