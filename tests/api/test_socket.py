import copy
import errno
import pickle
import threading
from unittest import mock

import pytest


def test_a_socket_knows_its_context_and_type(zmq, context):
    socket = context.socket(zmq.PUSH)
    assert socket.context is context
    assert socket.type == zmq.PUSH
    assert socket.type is zmq.SocketType.PUSH
    assert socket.get(zmq.TYPE) == zmq.PUSH
    with pytest.warns(DeprecationWarning, match="use Socket.type"):
        assert socket.socket_type == zmq.PUSH


def test_a_socket_needs_a_context_and_a_known_type(zmq, context):
    with pytest.raises(TypeError, match="context must be specified"):
        zmq.Socket()
    with pytest.raises(TypeError, match="socket_type must be specified"):
        zmq.Socket(context, -1)
    with pytest.raises(zmq.ZMQError) as caught:
        context.socket(99)
    assert caught.value.errno == zmq.EINVAL


def test_repr_tells_type_and_state(zmq, context):
    socket = context.socket(zmq.PUSH)
    assert repr(socket).startswith(f"<zmq.Socket(zmq.PUSH) at {id(socket):#x}")
    assert "closed" not in repr(socket)
    socket.close()
    assert repr(socket) == f"<zmq.Socket(zmq.PUSH) at {id(socket):#x} closed>"


def test_repr_tells_endpoints(ours, context):
    socket = context.socket(ours.PUSH)
    socket.bind("inproc://here")
    socket.connect("inproc://there")
    assert repr(socket).endswith("bound to inproc://here; connected to inproc://there>")


def test_repr_of_a_subclass_has_its_name(zmq, context):
    class Special(zmq.Socket):  # type: ignore[name-defined,misc]  # the module is a fixture
        pass

    with context.socket(zmq.PUSH, socket_class=Special) as socket:
        assert repr(socket).startswith(f"<{__name__}.Special(zmq.PUSH) at ")


def test_with_closes(zmq, context):
    with context.socket(zmq.PUSH) as socket:
        assert not socket.closed
    assert socket.closed
    socket.close()


def test_a_closed_socket_refuses_everything(zmq, context):
    socket = context.socket(zmq.SUB)
    socket.close(linger=0)
    for refused in (
        socket.recv,
        socket.fileno,
        lambda: socket.recv(copy=False),
        lambda: socket.send(b""),
        lambda: socket.send(b"", zmq.SNDMORE),
        lambda: socket.send_multipart([b"", b""]),
        lambda: socket.bind("inproc://x"),
        lambda: socket.connect("inproc://x"),
        lambda: socket.unbind("inproc://x"),
        lambda: socket.disconnect("inproc://x"),
        lambda: socket.subscribe(b""),
        lambda: socket.linger,
        lambda: setattr(socket, "linger", 0),
    ):
        with pytest.raises(zmq.ZMQError) as caught:
            refused()
        assert caught.value.errno == zmq.ENOTSOCK
    with pytest.raises(zmq.ZMQError) as caught:
        socket.poll(0)
    assert caught.value.errno == zmq.ENOTSUP
    assert socket.underlying == 0


def test_closing_ends_a_recv_that_waits(ours, pair):
    _, pull = pair(ours.PUSH, ours.PULL)
    caught = []

    def receive() -> None:
        try:
            pull.recv()
        except ours.ZMQError as error:
            caught.append(error.errno)

    thread = threading.Thread(target=receive)
    thread.start()
    while not pull._core._leading:  # until it waits
        assert thread.is_alive()
    pull.close()
    thread.join(10)
    assert caught == [ours.ENOTSOCK]


def test_an_unclosed_socket_is_closed_with_a_warning(zmq, context):
    socket = zmq.Socket(context, zmq.PUSH)
    shadow = zmq.Socket.shadow(socket.underlying)
    with pytest.warns(ResourceWarning, match=r"Unclosed socket <zmq.Socket"):
        del socket
    assert shadow.closed


def test_bind_and_connect_undo_themselves(zmq, context):
    push, pull = context.socket(zmq.PUSH), context.socket(zmq.PULL)
    with push.bind("inproc://a") as bound, pull.connect("inproc://a") as connected:
        assert (bound, connected) == (push, pull)
        push.send(b"through")
        assert pull.recv() == b"through"
    for undo in (push.unbind, pull.disconnect):
        with pytest.raises(zmq.ZMQError) as caught:
            undo("inproc://a")
        assert caught.value.errno == errno.ENOENT


def test_what_bind_and_connect_return_names_the_endpoint(zmq, context):
    socket = context.socket(zmq.PUSH)
    assert "bind='inproc://a'" in repr(socket.bind("inproc://a"))
    assert "connect='inproc://b'" in repr(socket.connect("inproc://b"))
    with socket.bind("tcp://127.0.0.1:0") as same:
        assert same.last_endpoint.startswith(b"tcp://127.0.0.1:")


@pytest.mark.parametrize(
    ("operation", "address", "number"),
    [
        ("bind", "nonsense", errno.EINVAL),
        ("bind", "tcp://", errno.EINVAL),
        ("connect", "nonsense", errno.EINVAL),
        ("bind", "ftl://a", errno.EPROTONOSUPPORT),
        ("connect", "ftl://a", errno.EPROTONOSUPPORT),
        ("bind", "ipc:///no/such/directory", errno.ENOENT),
        ("bind", f"ipc://{'x' * 200}", errno.ENAMETOOLONG),
    ],
)
def test_a_wrong_address_is_named(zmq, context, operation, address, number):
    socket = context.socket(zmq.PUSH)
    with pytest.raises(zmq.ZMQError) as caught:
        getattr(socket, operation)(address)
    assert caught.value.errno == number
    assert str(caught.value).endswith(f"(addr={address!r})")


def test_a_wrong_ipc_path_is_explained(zmq, context):
    socket = context.socket(zmq.PUSH)
    with pytest.raises(zmq.ZMQError, match="No such file or directory for ipc path"):
        socket.bind("ipc:///no/such/directory")
    with pytest.raises(zmq.ZMQError, match=str(zmq.IPC_PATH_MAX_LEN)):
        socket.bind(f"ipc://{'x' * 200}")


def test_an_address_is_text(zmq, context):
    socket = context.socket(zmq.PUSH)
    socket.bind(b"inproc://bytes-are-fine")
    for operation in (socket.bind, socket.connect, socket.unbind, socket.disconnect):
        with pytest.raises(TypeError, match="Expected addr to be str, got addr=5"):
            operation(5)


def test_a_random_port_is_free(zmq, context):
    socket = context.socket(zmq.PUSH)
    port = socket.bind_to_random_port("tcp://127.0.0.1")
    assert socket.last_endpoint == f"tcp://127.0.0.1:{port}".encode()
    with pytest.raises(zmq.ZMQBindError):
        context.socket(zmq.PUSH).bind_to_random_port("tcp://127.0.0.1", port, port + 1, max_tries=3)
    with pytest.raises(zmq.ZMQError) as caught:
        socket.bind_to_random_port("nonsense", 5000, 5010)
    assert caught.value.errno == zmq.EINVAL


def test_options_are_attributes_in_any_case(zmq, context):
    socket = context.socket(zmq.DEALER)
    socket.linger = 10
    assert socket.LINGER == socket.get(zmq.LINGER) == socket.getsockopt(zmq.LINGER) == 10
    socket.Identity = b"me"
    assert socket.routing_id == b"me"
    assert "LINGER" in dir(socket)
    assert "send" in dir(socket)


def test_unknown_attributes_are_refused(zmq, context):
    socket = context.socket(zmq.DEALER)
    with pytest.raises(AttributeError, match=r"(?i)apple"):
        socket.apple  # noqa: B018
    with pytest.raises(AttributeError, match=r"(?i)apple"):
        socket.apple = 1
    with pytest.raises(AttributeError, match="write-only"):
        socket.probe_router  # noqa: B018


def test_subclasses_may_have_attributes(zmq, context):
    class Special(zmq.Socket):  # type: ignore[name-defined,misc]  # the module is a fixture
        declared = None
        annotated: int

        def __init__(self, *arguments, **keywords):
            self.declared = -1
            super().__init__(*arguments, **keywords)

    socket = Special(context, zmq.REP)
    assert socket.declared == -1
    socket.declared, socket.annotated = 1, 2
    assert (socket.declared, socket.annotated) == (1, 2)
    with pytest.raises(AttributeError):
        socket.neither = 3
    socket.close()


def test_text_options_have_functions_of_their_own(zmq, context):
    socket = context.socket(zmq.DEALER)
    socket.set_string(zmq.IDENTITY, "ich", "utf-16")
    assert socket.get_string(zmq.IDENTITY, "utf-16") == "ich"
    socket.setsockopt_unicode(zmq.IDENTITY, "ü")
    assert socket.getsockopt_string(zmq.IDENTITY) == socket.getsockopt_unicode(zmq.IDENTITY) == "ü"
    with pytest.raises(TypeError):
        socket.set(zmq.IDENTITY, "text")
    with pytest.raises(TypeError, match="strings only"):
        socket.set_string(zmq.IDENTITY, b"bytes")
    with pytest.raises(TypeError, match="will not return a string"):
        socket.get_string(zmq.LINGER)
    with pytest.raises(ValueError, match="not a valid SocketOption"):
        socket.get_string(9999)


def test_both_high_water_marks_are_set_together(zmq, context):
    for socket_type in (zmq.PUB, zmq.SUB, zmq.DEALER):
        socket = context.socket(socket_type)
        assert socket.hwm == socket.get_hwm() == 1000
        socket.hwm = 100
        assert (socket.sndhwm, socket.rcvhwm, socket.hwm) == (100, 100, 100)
        socket.set_hwm(5)
        assert (socket.sndhwm, socket.rcvhwm) == (5, 5)


def test_subscribing_is_a_method_and_an_attribute(zmq, pair):
    publisher, subscriber = pair(zmq.XPUB, zmq.SUB)
    subscriber.subscribe("method")
    subscriber.subscribe = "attribute"
    subscriber.subscribe(b"bytes")
    subscriber.unsubscribe("method")
    subscriber.unsubscribe = b"bytes"
    said = [publisher.recv() for _ in range(5)]
    assert said == [b"\1method", b"\1attribute", b"\1bytes", b"\0method", b"\0bytes"]


def test_events_and_descriptor_are_options(zmq, pair):
    push, _ = pair(zmq.PUSH, zmq.PULL)
    assert push.get(zmq.EVENTS) == push.EVENTS == zmq.POLLOUT
    assert push.fileno() == push.FD == push.fd == push.get(zmq.FD)


def test_a_shadow_is_the_same_socket(zmq, pair):
    push, pull = pair(zmq.PUSH, zmq.PULL)
    for shadow in (zmq.Socket.shadow(push), zmq.Socket(push), copy.copy(push), copy.deepcopy(push)):
        assert shadow.underlying == push.underlying != pull.underlying
        shadow.send(b"by the shadow")
        assert pull.recv() == b"by the shadow"
        del shadow
        assert not push.closed
    assert zmq.Socket(push).context is push.context


def test_neither_a_socket_nor_a_context_is_pickled(zmq, context):
    with context.socket(zmq.PUSH) as push:
        for thing in (push, context):
            with pytest.raises(TypeError, match="pickl"):
                pickle.dumps(thing)


def test_the_number_of_no_socket_is_refused(ours, context):
    with pytest.raises(ours.ZMQError) as caught:
        ours.Socket.shadow(12345)
    assert caught.value.errno == ours.ENOTSOCK
    with pytest.raises(ValueError, match="Cannot cast"):
        ours.Socket.shadow("text")


def test_groups_are_for_sockets_that_do_not_exist_yet(ours, context):
    socket = context.socket(ours.SUB)
    for refused in (socket.join, socket.leave):
        with pytest.raises(ours.ZMQError, match="DISH") as caught:
            refused("group")
        assert caught.value.errno == ours.ENOTSUP


def test_a_terminated_context_ends_a_recv_that_waits(zmq):
    context = zmq.Context()
    caught, ready = [], threading.Event()

    def serve() -> None:
        with context.socket(zmq.PULL) as socket:
            socket.bind("inproc://served")
            ready.set()
            try:
                socket.recv()
            except zmq.ContextTerminated as error:
                caught.append(error.errno)

    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(10)
    context.term()
    thread.join(10)
    assert caught == [zmq.ETERM]


@pytest.mark.filterwarnings("ignore:Socket.socket_type:DeprecationWarning")
def test_a_socket_can_be_mocked(zmq, context):
    socket = context.socket(zmq.SUB)
    assert mock.Mock(spec=socket).recv
