"""What a monitor tells of a socket's connections; the same as libzmq's."""

import socket
import struct

import pytest

from tests.helpers.waiting import TIMEOUT

MS = int(TIMEOUT * 1000)


def next_event(zmq, monitor):
    """The next event's name and value, and where."""
    assert monitor.poll(MS)
    head, endpoint = monitor.recv_multipart()
    number, value = struct.unpack("=Hi", head)
    return zmq.Event(number).name, value, endpoint.decode()


def names(zmq, monitor, last):
    """The names of the events up to this one."""
    seen = []
    while not seen or seen[-1] != last:
        seen.append(next_event(zmq, monitor)[0])
    return seen


@pytest.fixture
def watched(zmq, context):
    """A bound PULL and its monitor."""
    pull = context.socket(zmq.PULL)
    monitor = pull.get_monitor_socket()
    monitor.linger = 0
    pull.bind("tcp://127.0.0.1:*")
    return pull, monitor


def where(sock):
    endpoint = sock.last_endpoint
    return endpoint.decode() if isinstance(endpoint, bytes) else endpoint


def test_both_sides_of_a_connection_tell_how_it_was_made(zmq, context, watched):
    pull, monitor = watched
    push = context.socket(zmq.PUSH)
    push_monitor = push.get_monitor_socket()
    push.connect(where(pull))
    assert names(zmq, monitor, "HANDSHAKE_SUCCEEDED") == ["LISTENING", "ACCEPTED", "HANDSHAKE_SUCCEEDED"]
    assert names(zmq, push_monitor, "HANDSHAKE_SUCCEEDED") == ["CONNECT_DELAYED", "CONNECTED", "HANDSHAKE_SUCCEEDED"]


def test_events_name_the_endpoint(zmq, watched):
    pull, monitor = watched
    assert next_event(zmq, monitor)[2] == where(pull)


def test_the_end_of_a_peer_and_of_the_socket_are_told(zmq, context, watched):
    pull, monitor = watched
    push = context.socket(zmq.PUSH)
    push.connect(where(pull))
    names(zmq, monitor, "HANDSHAKE_SUCCEEDED")
    push.close(linger=0)
    assert names(zmq, monitor, "DISCONNECTED") == ["DISCONNECTED"]
    pull.close()
    assert names(zmq, monitor, "MONITOR_STOPPED") == ["CLOSED", "MONITOR_STOPPED"]


def test_a_peer_that_does_not_speak_zmtp_is_told(zmq, watched):
    pull, monitor = watched
    names(zmq, monitor, "LISTENING")
    with socket.create_connection(("127.0.0.1", int(where(pull).rpartition(":")[2]))):
        assert names(zmq, monitor, "ACCEPTED") == ["ACCEPTED"]
    assert names(zmq, monitor, "DISCONNECTED") == ["HANDSHAKE_FAILED_NO_DETAIL", "DISCONNECTED"]


def test_two_mechanisms_that_do_not_match_are_told_with_their_code(zmq, context):
    pull = context.socket(zmq.PULL)
    monitor = pull.get_monitor_socket(zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_DISCONNECTED)
    pull.bind("tcp://127.0.0.1:*")
    with socket.create_connection(("127.0.0.1", int(where(pull).rpartition(":")[2]))) as peer:
        peer.sendall(b"\xff" + bytes(8) + b"\x7f" + b"\x03\x01" + b"PLAIN".ljust(20, b"\0") + bytes(32))
        name, code, _ = next_event(zmq, monitor)
        assert (name, code) == ("HANDSHAKE_FAILED_PROTOCOL", zmq.PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH)
        assert next_event(zmq, monitor)[0] == "DISCONNECTED"


def test_only_the_events_that_are_wanted_come(zmq, context):
    pull = context.socket(zmq.PULL)
    monitor = pull.get_monitor_socket(zmq.EVENT_ACCEPTED)
    pull.bind("tcp://127.0.0.1:*")
    context.socket(zmq.PUSH).connect(where(pull))
    assert next_event(zmq, monitor)[0] == "ACCEPTED"


def test_get_monitor_socket_gives_the_same_one_until_it_is_closed(ours, context):
    pull = context.socket(ours.PULL)
    monitor = pull.get_monitor_socket()
    assert pull.get_monitor_socket() is monitor
    pull.disable_monitor()
    assert names(ours, monitor, "MONITOR_STOPPED")
    monitor.close()
    another = pull.get_monitor_socket()
    assert another is not monitor
    assert not another.closed


def test_a_second_monitor_takes_the_place_of_the_first(zmq, context, watched):
    pull, monitor = watched
    pull.monitor("inproc://second", zmq.EVENT_ALL)
    second = context.socket(zmq.PAIR)
    second.connect("inproc://second")
    assert names(zmq, monitor, "MONITOR_STOPPED")
    context.socket(zmq.PUSH).connect(where(pull))
    assert next_event(zmq, second)[0] == "ACCEPTED"


def test_a_monitor_that_nobody_reads_holds_nothing_up(ours, context):
    pull = context.socket(ours.PULL)
    pull.monitor("inproc://nobody", ours.EVENT_ALL)
    for _ in range(20):
        pull.bind("tcp://127.0.0.1:*")
    pull.monitor(None, 0)


@pytest.mark.parametrize(
    ("endpoint", "events", "errno"),
    [("tcp://127.0.0.1:5555", 0xFFFF, "EPROTONOSUPPORT"), ("inproc://x", 0x10000, "EINVAL")],
)
def test_what_cannot_be_monitored_is_refused(zmq, context, endpoint, events, errno):
    pull = context.socket(zmq.PULL)
    with pytest.raises(zmq.ZMQError) as raised:
        pull.monitor(endpoint, events)
    assert raised.value.errno == getattr(zmq, errno)


def test_an_endpoint_that_is_taken_is_refused(zmq, context):
    taken = context.socket(zmq.PAIR)
    taken.bind("inproc://taken")
    with pytest.raises(zmq.ZMQError) as raised:
        context.socket(zmq.PULL).monitor("inproc://taken", zmq.EVENT_ALL)
    assert raised.value.errno == zmq.EADDRINUSE


def test_a_closed_socket_cannot_be_monitored(zmq, context):
    pull = context.socket(zmq.PULL)
    pull.close()
    with pytest.raises(zmq.ZMQError) as raised:
        pull.monitor("inproc://x", zmq.EVENT_ALL)
    assert raised.value.errno == zmq.ENOTSOCK
