"""Monitors of version 2: both ends of each connection, and how much is queued. libzmq's draft; pyzmq has none of it."""

import errno
import os
import socket
import struct
import sys

import pytest

from purezmq.utils.monitor import recv_monitor_message
from tests.helpers.endpoints import free_port
from tests.helpers.waiting import TIMEOUT, eventually

MS = int(TIMEOUT * 1000)


def events(monitor, last):
    """The messages up to this event, by the events' names."""
    seen = {}
    while last not in seen:
        assert monitor.poll(MS), f"{last} did not come; what came was {list(seen)}"
        message = recv_monitor_message(monitor)
        seen[message["event"].name] = message
    return seen


def ends(message):
    return message["local"].decode(), message["remote"].decode()


@pytest.fixture(params=["tcp", "tcp over IPv6", "ipc", "ipc abstract"])
def address(request, tmp_path):
    """Where to bind, how each unbound end of a connection there begins, and whether it is IPv6."""
    if request.param == "ipc abstract" and sys.platform != "linux":
        pytest.skip("only Linux has abstract names")
    if request.param == "tcp over IPv6" and not socket.has_ipv6:
        pytest.skip("no IPv6")
    return {
        "tcp": ("tcp://127.0.0.1:*", "tcp://127.0.0.1:", False),
        "tcp over IPv6": ("tcp://[::1]:*", "tcp://[::1]:", True),
        "ipc": (f"ipc://{tmp_path}/socket", "ipc://", False),
        "ipc abstract": (f"ipc://@purezmq-{os.getpid()}-{request.node.name}"[:60], "ipc://", False),
    }[request.param]


@pytest.fixture
def watch(ours, context):
    """Makes a socket and its monitor of version 2."""

    def make(socket_type, wanted=None, *, ipv6=False):
        watched = context.socket(socket_type)
        watched.ipv6 = ipv6
        watched.linger = 0
        return watched, watched.get_monitor_socket(wanted, version=2)

    return make


# both ends


def test_each_side_tells_both_ends_of_a_connection(ours, watch, address):
    pull, at_pull = watch(ours.PULL, ipv6=address[2])
    push, at_push = watch(ours.PUSH, ipv6=address[2])
    pull.bind(address[0])
    push.connect(pull.last_endpoint)
    bound = pull.last_endpoint.decode()
    served, dialled = events(at_pull, "HANDSHAKE_SUCCEEDED"), events(at_push, "HANDSHAKE_SUCCEEDED")
    assert ends(served["LISTENING"]) == (bound, "")
    assert ends(dialled["CONNECT_DELAYED"]) == ("", bound)
    local, remote = ends(dialled["CONNECTED"])
    assert remote == bound
    assert local.startswith(address[1])
    assert local != bound
    assert ends(dialled["HANDSHAKE_SUCCEEDED"]) == (local, bound)
    assert ends(served["ACCEPTED"]) == ends(served["HANDSHAKE_SUCCEEDED"]) == (bound, local)
    assert served["ACCEPTED"]["endpoint"] == dialled["CONNECTED"]["endpoint"] == bound.encode()


def test_the_end_of_a_connection_tells_both_ends_too(ours, watch, address):
    pull, at_pull = watch(ours.PULL, ipv6=address[2])
    push, at_push = watch(ours.PUSH, ipv6=address[2])
    pull.bind(address[0])
    push.connect(pull.last_endpoint)
    both = ends(events(at_pull, "HANDSHAKE_SUCCEEDED")["ACCEPTED"])
    events(at_push, "HANDSHAKE_SUCCEEDED")
    push.close()
    assert ends(events(at_push, "MONITOR_STOPPED")["MONITOR_STOPPED"]) == ("", "")
    assert ends(events(at_pull, "DISCONNECTED")["DISCONNECTED"]) == both
    pull.close()
    last = events(at_pull, "MONITOR_STOPPED")
    assert list(last) == ["CLOSED", "MONITOR_STOPPED"]
    assert ends(last["CLOSED"]) == (both[0], "")


def test_a_connection_that_was_reset_has_told_its_ends_before(ours, watch):
    pull, monitor = watch(ours.PULL, ours.EVENT_DISCONNECTED)
    pull.bind("tcp://127.0.0.1:*")
    port = int(pull.last_endpoint.rpartition(b":")[2])
    peer = socket.create_connection(("127.0.0.1", port))
    here = f"tcp://127.0.0.1:{peer.getsockname()[1]}"
    assert peer.recv(1)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
    assert ends(events(monitor, "DISCONNECTED")["DISCONNECTED"]) == (f"tcp://127.0.0.1:{port}", here)


def test_an_attempt_that_fails_tells_where_to(ours, watch):
    push, monitor = watch(ours.PUSH)
    push.reconnect_ivl = 10
    where = f"tcp://127.0.0.1:{free_port()}"
    push.connect(where)
    failed = events(monitor, "CONNECT_RETRIED")
    assert ends(failed["CLOSED"]) == ends(failed["CONNECT_RETRIED"]) == ("", where)
    assert failed["CLOSED"]["value"] == errno.ECONNREFUSED
    assert failed["CONNECT_RETRIED"]["value"] >= 10


def test_a_bind_that_fails_tells_where(ours, watch):
    pull, monitor = watch(ours.PULL)
    pull.bind("tcp://127.0.0.1:*")
    with pytest.raises(ours.ZMQError):
        pull.bind(pull.last_endpoint)
    failed = events(monitor, "BIND_FAILED")["BIND_FAILED"]
    assert ends(failed) == (pull.last_endpoint.decode(), "")
    assert failed["value"] == errno.EADDRINUSE


def test_a_file_that_cannot_be_removed_is_told_in_both_versions(ours, context):
    for version in (1, 2):
        pull = context.socket(ours.PULL)
        monitor = pull.get_monitor_socket(version=version)
        pull.bind("ipc://*")
        directory = os.path.dirname(pull.last_endpoint.decode().removeprefix("ipc://"))  # noqa: PTH120 (a text)
        obstacle = f"{directory}/obstacle"
        os.mkdir(obstacle)  # noqa: PTH102 (a text)
        where = pull.last_endpoint
        pull.unbind(where)
        failed = events(monitor, "CLOSE_FAILED")["CLOSE_FAILED"]
        os.removedirs(obstacle)
        assert (failed["value"], failed["endpoint"]) == (errno.ENOTEMPTY, where)


def test_nothing_is_asked_of_connections_unless_a_monitor_of_version_2_listens(ours, context, watch, monkeypatch):
    asked = []
    transport = sys.modules["purezmq.transports"].STREAM_TRANSPORTS["tcp"]
    monkeypatch.setattr(transport, "endpoint_text", lambda address: asked.append(address) or "")
    for monitored in (True, False):
        pull, push = context.socket(ours.PULL), context.socket(ours.PUSH)
        monitor = push.get_monitor_socket() if monitored else None
        pull.bind("tcp://127.0.0.1:*")
        push.connect(pull.last_endpoint)
        push.send(b"a")
        assert pull.recv() == b"a"
        assert monitor is None or events(monitor, "HANDSHAKE_SUCCEEDED")
    assert not asked
    third, monitor = watch(ours.PUSH)
    third.connect(pull.last_endpoint)
    events(monitor, "HANDSHAKE_SUCCEEDED")
    assert len(asked) == 1


# the socket that reports


@pytest.mark.parametrize(("sender", "receiver"), [("PAIR", "PAIR"), ("PUSH", "PULL"), ("PUB", "SUB")])
def test_events_are_sent_by_the_type_that_is_asked_for(ours, context, sender, receiver):
    pull = context.socket(ours.PULL)
    pull.monitor("inproc://events", version=2, type=getattr(ours, sender))
    monitor = context.socket(getattr(ours, receiver))
    if receiver == "SUB":
        monitor.subscribe(b"")
    monitor.connect("inproc://events")
    pull.bind("tcp://127.0.0.1:*")
    assert ends(events(monitor, "LISTENING")["LISTENING"]) == (pull.last_endpoint.decode(), "")


def test_a_subscriber_chooses_by_the_event(ours, context):
    pull = context.socket(ours.PULL)
    pull.monitor("inproc://events", version=2, type=ours.PUB)
    monitor = context.socket(ours.SUB)
    monitor.subscribe(struct.pack("=Q", ours.EVENT_CLOSED))
    monitor.connect("inproc://events")
    pull.bind("tcp://127.0.0.1:*")
    pull.unbind(pull.last_endpoint)
    assert list(events(monitor, "CLOSED")) == ["CLOSED"]


def test_parts_are_as_libzmq_has_them(ours, watch):
    pull, monitor = watch(ours.PULL, ours.EVENT_LISTENING)
    pull.bind("tcp://127.0.0.1:*")
    assert monitor.poll(MS)
    event, count, descriptor, local, remote = monitor.recv_multipart()
    assert struct.unpack("=QQ", event + count) == (ours.EVENT_LISTENING, 1)
    assert struct.unpack("=Q", descriptor)[0] > 2
    assert (local, remote) == (pull.last_endpoint, b"")


@pytest.mark.parametrize(
    ("events", "keywords"),
    [
        (0x10000, {}),
        (0x10000, {"version": 1}),
        (1, {"version": 3}),
        (1, {"version": 0}),
        (1, {"type": "PUB"}),
        (1, {"version": 2, "type": "SUB"}),
        (1, {"version": 2, "type": "DEALER"}),
    ],
)
def test_what_there_is_not_is_refused_and_leaves_the_monitor_that_there_is(ours, context, events, keywords):
    pull = context.socket(ours.PULL)
    monitor = pull.get_monitor_socket(version=2)
    if "type" in keywords:
        keywords = {**keywords, "type": getattr(ours, keywords["type"])}
    with pytest.raises(ours.ZMQError) as raised:
        pull.monitor("inproc://x", events, **keywords)
    assert raised.value.errno == ours.EINVAL
    pull.bind("tcp://127.0.0.1:*")
    assert monitor.poll(MS)


# what is queued


def counted(socket, monitor):
    """The next two values, and the ends that they are told of."""
    socket.monitor_pipes_stats()
    message = events(monitor, "PIPES_STATS")["PIPES_STATS"]
    return message["values"], *ends(message)


def test_what_waits_for_a_peer_that_is_not_there_is_counted(ours, watch):
    push, monitor = watch(ours.PUSH, ours.EVENT_PIPES_STATS)
    where = f"tcp://127.0.0.1:{free_port()}"
    push.connect(where)
    for _ in range(3):
        push.send(b"a")
    assert counted(push, monitor) == ([3, 0], "", where)


def test_what_waits_to_be_received_is_counted_to_the_last_message(ours, context, watch, address):
    pull, monitor = watch(ours.PULL, ours.EVENT_PIPES_STATS, ipv6=address[2])
    pull.bind(address[0])
    push = context.socket(ours.PUSH)
    push.ipv6 = address[2]
    push.connect(pull.last_endpoint)
    for _ in range(10):
        push.send(b"a")
    for _ in range(3):
        assert pull.recv() == b"a"
    eventually(lambda: counted(pull, monitor)[0] == [0, 7], "all have come")
    _, local, remote = counted(pull, monitor)
    assert local == pull.last_endpoint.decode()
    assert remote.startswith(address[1])


def test_each_peer_is_counted_by_itself(ours, context, watch):
    pull, monitor = watch(ours.PULL, ours.EVENT_PIPES_STATS)
    pull.bind("inproc://here")
    pull.bind("tcp://127.0.0.1:*")
    near, far = context.socket(ours.PUSH), context.socket(ours.PUSH)
    near.connect("inproc://here")
    far.connect(pull.last_endpoint)
    for count, push in ((2, near), (5, far)):
        for _ in range(count):
            push.send(b"a")

    def queues():
        pull.monitor_pipes_stats()
        return sorted(recv_monitor_message(monitor)["values"] for _ in range(2)) if monitor.poll(MS) else []

    eventually(lambda: pull.poll(0) and len(pull._core.endpoints.pipes()) == 2, "both are there")
    eventually(lambda: queues() == [[0, 2], [0, 5]], "all have come")


def test_inproc_counts_what_the_other_side_has_not_received(ours, context, watch):
    push, monitor = watch(ours.PUSH, ours.EVENT_PIPES_STATS)
    pull = context.socket(ours.PULL)
    pull.bind("inproc://there")
    push.connect("inproc://there")
    push.send(b"a")
    push.send(b"b")
    assert counted(push, monitor) == ([2, 0], "", "inproc://there")


def test_counts_are_for_those_who_monitor_them(ours, watch):
    pull, _ = watch(ours.PULL, ours.EVENT_LISTENING)
    with pytest.raises(ours.ZMQError) as raised:
        pull.monitor_pipes_stats()
    assert raised.value.errno == ours.EINVAL
    pull.disable_monitor()
    with pytest.raises(ours.ZMQError) as raised:
        pull.monitor_pipes_stats()
    assert raised.value.errno == ours.EINVAL


def test_without_peers_there_is_nothing_to_count(ours, watch):
    pull, _ = watch(ours.PULL)
    pull.bind("tcp://127.0.0.1:*")
    with pytest.raises(ours.Again):
        pull.monitor_pipes_stats()


def test_a_closed_socket_counts_nothing(ours, watch):
    pull, _ = watch(ours.PULL)
    pull.close()
    with pytest.raises(ours.ZMQError) as raised:
        pull.monitor_pipes_stats()
    assert raised.value.errno == ours.ENOTSOCK
