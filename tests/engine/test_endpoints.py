"""Which text means which endpoint, and what goes when it goes."""

import errno

import pytest

from purezmq.constants import SocketType
from purezmq.engine.errors import EngineError, NoSuchEndpoint, NotAvailable, SocketClosed
from purezmq.transports.base import AddressError
from tests.engine.helpers import ANYWHERE, bound, connected, open_socket
from tests.helpers.endpoints import fresh_endpoint
from tests.helpers.waiting import TIMEOUT, eventually
from tests.helpers.wire import RawListener


@pytest.fixture(params=["tcp", "ipc", "inproc"])
def endpoint(request):
    with fresh_endpoint(request.param) as text:
        yield text


def port_of(core):
    return core.last_endpoint.rpartition(":")[2]


def test_the_last_endpoint_is_that_of_the_last_bind_or_connect(context, endpoint):
    pull = open_socket(context, SocketType.PULL)
    assert pull.last_endpoint == ""
    pull.bind(endpoint)
    assert pull.last_endpoint == endpoint
    pull.connect("inproc://other")
    assert pull.last_endpoint == "inproc://other"


def test_a_wildcard_becomes_what_it_stands_for(context):
    pull = bound(context, SocketType.PULL)
    assert pull.last_endpoint.startswith("tcp://127.0.0.1:")
    assert int(port_of(pull)) > 0


def test_an_endpoint_can_be_unbound_once(context, endpoint):
    pull = bound(context, SocketType.PULL, endpoint)
    pull.unbind(endpoint)
    with pytest.raises(NoSuchEndpoint) as raised:
        pull.unbind(endpoint)
    assert raised.value.errno == errno.ENOENT


def test_an_endpoint_can_be_disconnected_once(context, endpoint):
    push = connected(context, SocketType.PUSH, endpoint)
    push.disconnect(endpoint)
    with pytest.raises(NoSuchEndpoint):
        push.disconnect(endpoint)


def test_disconnect_unbinds_and_unbind_disconnects(context, endpoint):
    pull = bound(context, SocketType.PULL, endpoint)
    pull.disconnect(endpoint)
    push = connected(context, SocketType.PUSH, endpoint)
    push.unbind(endpoint)
    assert str(pull.endpoints) == str(push.endpoints) == "no endpoints"


@pytest.mark.parametrize("wildcard", ["tcp://127.0.0.1:*", "tcp://127.0.0.1:0", "ipc://*"])
def test_a_wildcard_does_not_name_what_it_became(context, wildcard):
    pull = bound(context, SocketType.PULL, wildcard)
    with pytest.raises(NoSuchEndpoint):
        pull.unbind(wildcard)
    pull.unbind(pull.last_endpoint)


def test_a_name_that_was_resolved_can_be_unbound_by_both_texts(context):
    port = port_of(bound(context, SocketType.PULL))
    context.sockets[0].close()
    pull = open_socket(context, SocketType.PULL)
    for form in ("localhost", "127.0.0.1"):
        pull.bind(f"tcp://localhost:{port}")
        assert pull.last_endpoint == f"tcp://127.0.0.1:{port}"
        pull.unbind(f"tcp://{form}:{port}")


@pytest.mark.parametrize(
    ("endpoint", "code"),
    [
        ("nonsense", errno.EINVAL),
        ("tcp://", errno.EINVAL),
        ("foo://x", errno.EPROTONOSUPPORT),
        ("tcp://x", errno.EINVAL),
    ],
)
def test_what_is_no_endpoint_is_refused_by_bind_and_connect(context, endpoint, code):
    core = open_socket(context, SocketType.PULL)
    for call in (core.bind, core.connect):
        with pytest.raises(AddressError) as raised:
            call(endpoint)
        assert raised.value.errno == code
    assert str(core.endpoints) == "no endpoints"


def test_an_address_in_use_is_refused(context):
    first = bound(context, SocketType.PULL)
    second = open_socket(context, SocketType.PULL)
    with pytest.raises(OSError) as raised:
        second.bind(first.last_endpoint)
    assert raised.value.errno == errno.EADDRINUSE


@pytest.mark.parametrize("kind", [SocketType.DEALER, SocketType.SUB, SocketType.PUB, SocketType.REQ])
def test_connecting_twice_is_connecting_once_for_some_types(context, kind):
    with RawListener() as listener:
        core = open_socket(context, kind, linger=0.0)
        for _ in range(2):
            core.connect(listener.endpoint)
        assert len(core.endpoints._dialers) == 1
        core.close()


@pytest.mark.parametrize("kind", [SocketType.PUSH, SocketType.PULL, SocketType.ROUTER, SocketType.XSUB])
def test_connecting_twice_is_two_connections_for_the_others(context, kind):
    with RawListener() as listener:
        core = open_socket(context, kind)
        for _ in range(2):
            core.connect(listener.endpoint)
        for _ in range(2):
            listener.accept().close()
        core.disconnect(listener.endpoint)
        assert core.endpoints._dialers == []


def test_unbind_closes_the_accepted_connections(context):
    pull = bound(context, SocketType.PULL)
    push = connected(context, SocketType.PUSH, pull.last_endpoint, reconnect_ivl=60.0, immediate=True)
    push.send(b"a", TIMEOUT)
    assert pull.recv(TIMEOUT) == b"a"
    pull.unbind(pull.last_endpoint)
    eventually(lambda: push.events() == 0, "the connection is closed")


def test_only_the_endpoint_that_is_named_goes(context):
    pull = bound(context, SocketType.PULL)
    first = pull.last_endpoint
    pull.bind(ANYWHERE)
    second = pull.last_endpoint
    pull.unbind(first)
    connected(context, SocketType.PUSH, second).send(b"a", TIMEOUT)
    assert pull.recv(TIMEOUT) == b"a"


def test_a_fixed_routing_id_is_for_one_connect(context):
    router = open_socket(context, SocketType.ROUTER)
    one = bound(context, SocketType.DEALER, "inproc://one")
    bound(context, SocketType.DEALER, "inproc://two")
    router.options.connect_routing_id = b"one"
    router.connect("inproc://one")
    router.connect("inproc://two")
    assert router.options.connect_routing_id == b""
    router.send([b"one", b"hello"], 0)
    assert one.recv(0) == b"hello"


def test_a_fixed_routing_id_that_a_peer_has_is_refused(context):
    router = open_socket(context, SocketType.ROUTER)
    router.options.connect_routing_id = b"one"
    router.connect("inproc://one")
    router.options.connect_routing_id = b"one"
    with pytest.raises(EngineError) as raised:
        router.connect("inproc://two")
    assert raised.value.errno == errno.EINVAL


def test_without_io_threads_there_is_inproc_only(context):
    context.options.io_threads = 0
    core = bound(context, SocketType.PULL, "inproc://here")
    for call in (core.bind, core.connect):
        with pytest.raises(EngineError) as raised:
            call("tcp://127.0.0.1:1")
        assert raised.value.errno == 156384712 + 54


def test_mechanisms_that_are_not_there_are_refused(context):
    core = open_socket(context, SocketType.PULL, mechanism=b"CURVE")
    with pytest.raises(NotAvailable):
        core.bind(ANYWHERE)


def test_the_text_tells_the_endpoints(context):
    pull = bound(context, SocketType.PULL)
    pull.connect("inproc://b")
    assert str(pull.endpoints) == f"bound to {pull.endpoints._acceptors[0].endpoint}; connected to inproc://b"
    assert repr(pull).startswith("<PULL socket, bound to tcp://127.0.0.1:")


@pytest.mark.parametrize("operation", ["bind", "connect"])
@pytest.mark.parametrize("endpoint", [ANYWHERE, "inproc://here"], ids=["tcp", "inproc"])
def test_an_endpoint_that_comes_while_another_thread_closes_is_refused(context, monkeypatch, operation, endpoint):
    def never(*_args):
        raise AssertionError("made for a closed socket")

    monkeypatch.setattr("purezmq.engine.endpoints.Acceptor", never)
    monkeypatch.setattr("purezmq.engine.endpoints.Dialer", never)
    core = open_socket(context, SocketType.PAIR)
    core.close()  # after bind or connect found the socket open, and before they went on
    with pytest.raises(SocketClosed):
        getattr(core.endpoints, operation)(endpoint)
    assert not core.endpoints.pipes()


@pytest.mark.parametrize("attach", ["bind", "connect"])
def test_who_wants_peers_to_be_asked_for_is_not_left_without(context, attach):
    socket = open_socket(context, SocketType.PULL, zap_domain=b"global")
    with pytest.raises(NotAvailable, match="ZAP_DOMAIN"):
        getattr(socket, attach)("tcp://127.0.0.1:5555")
    socket.bind("inproc://here")
