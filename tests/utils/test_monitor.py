import asyncio
import errno
import struct

import pytest


def event(number, value):
    return struct.pack("=Hi", number, value)


@pytest.mark.parametrize("value", [0, 111, -1, 2**31 - 1])
def test_a_message_is_an_event_a_value_and_an_endpoint(zmq, util, value):
    parsed = util("monitor").parse_monitor_message([event(zmq.EVENT_CONNECTED, value), b"tcp://127.0.0.1:5555"])
    assert parsed == {
        "event": zmq.Event.CONNECTED,
        "value": zmq.Event(value),
        "endpoint": b"tcp://127.0.0.1:5555",
    }
    assert isinstance(parsed["event"], zmq.Event)
    assert isinstance(parsed["value"], zmq.Event)


@pytest.mark.parametrize("message", [[], [event(1, 2)], [event(1, 2)[:5], b""], [event(1, 2), b"", b""]])
def test_other_messages_are_refused(util, message):
    with pytest.raises(RuntimeError, match="Invalid event message format"):
        util("monitor").parse_monitor_message(message)


def test_a_message_is_received_and_parsed(zmq, util, pair):
    sender, monitor = pair(zmq.PAIR, zmq.PAIR)
    sender.send_multipart([event(zmq.EVENT_LISTENING, 7), b"there"])
    assert util("monitor").recv_monitor_message(monitor) == {"event": 8, "value": 7, "endpoint": b"there"}
    with pytest.raises(zmq.Again):
        util("monitor").recv_monitor_message(monitor, zmq.DONTWAIT)


def test_what_is_to_be_awaited_stays_so(util):
    class Later:
        def recv_multipart(self, flags):
            async def received():
                return [event(1, flags), b"there"]

            return received()

    assert asyncio.run(util("monitor").recv_monitor_message(Later(), 3))["value"] == 3


# version 2


def numbers(*values):
    return [struct.pack("=Q", value) for value in values]


def test_a_message_of_version_2_has_any_number_of_values_and_both_ends(ours, our_util):
    message = [*numbers(ours.EVENT_PIPES_STATS, 2, 3, 4), b"tcp://127.0.0.1:1", b"tcp://127.0.0.1:2"]
    assert our_util("monitor").parse_monitor_message(message) == {
        "event": ours.Event.PIPES_STATS,
        "value": 3,
        "endpoint": b"tcp://127.0.0.1:2",
        "values": [3, 4],
        "local": b"tcp://127.0.0.1:1",
        "remote": b"tcp://127.0.0.1:2",
    }


@pytest.mark.parametrize(
    ("event", "ends", "endpoint"),
    [
        ("LISTENING", (b"tcp://a", b""), b"tcp://a"),
        ("CLOSED", (b"tcp://a", b""), b"tcp://a"),
        ("CLOSED", (b"", b"tcp://b"), b"tcp://b"),
        ("ACCEPTED", (b"tcp://a", b"tcp://b"), b"tcp://a"),
        ("CONNECTED", (b"tcp://a", b"tcp://b"), b"tcp://b"),
        ("DISCONNECTED", (b"ipc:///a", b"ipc://"), b"ipc:///a"),
        ("DISCONNECTED", (b"ipc://", b"ipc:///b"), b"ipc:///b"),
        ("MONITOR_STOPPED", (b"", b""), b""),
    ],
)
def test_the_endpoint_is_the_one_that_version_1_tells(ours, our_util, event, ends, endpoint):
    message = [*numbers(ours.Event[event], 1, 0), *ends]
    assert our_util("monitor").parse_monitor_message(message)["endpoint"] == endpoint


@pytest.mark.parametrize(
    "message",
    [
        [*numbers(1, 2, 0), b"", b""],
        [*numbers(1, 0), b"", b""],
        [*numbers(1), b"1", b"", b""],
        [*numbers(1, 1, 0), b""],
        numbers(1, 1),
    ],
)
def test_what_is_of_neither_version_is_refused(our_util, message):
    with pytest.raises(RuntimeError, match="Invalid event message format"):
        our_util("monitor").parse_monitor_message(message)


# why


@pytest.fixture
def why(ours, our_util):
    """The words for an event and its value, in either version."""
    util = our_util("monitor")

    def words(name, value, version, ends=(b"tcp://a", b"tcp://b")):
        number = int(ours.Event[name])
        message = [event(number, value), b"tcp://a"] if version == 1 else [*numbers(number, 1, value), *ends]
        return util.reason(util.parse_monitor_message(message))

    return words


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("BIND_FAILED", errno.EADDRINUSE, "Address already in use"),
        ("ACCEPT_FAILED", errno.EMFILE, "Too many open files"),
        ("CLOSE_FAILED", errno.ENOTEMPTY, "Directory not empty"),
        ("HANDSHAKE_FAILED_NO_DETAIL", errno.EPIPE, "Broken pipe"),
        ("HANDSHAKE_FAILED_NO_DETAIL", 0, "the peer refused"),
        ("HANDSHAKE_FAILED_PROTOCOL", 0x11000002, "ZMTP: the two ends use different security mechanisms"),
        ("HANDSHAKE_FAILED_PROTOCOL", 0x20000001, "ZAP: a malformed reply of the handler"),
        ("HANDSHAKE_FAILED_PROTOCOL", 0x12345678, "protocol error 0x12345678"),
        ("HANDSHAKE_FAILED_AUTH", 400, "refused: not authenticated (400)"),
        ("HANDSHAKE_FAILED_AUTH", 499, "refused: status 499"),
        ("CONNECT_RETRIED", 100, ""),
        ("DISCONNECTED", 7, ""),
        ("LISTENING", 7, ""),
        ("MONITOR_STOPPED", 0, ""),
    ],
)
def test_why_something_failed_is_told_in_words(why, version, name, value, text):
    assert why(name, value, version) == text


def test_why_an_attempt_to_connect_failed_is_told_by_closed(why):
    assert why("CLOSED", errno.ECONNREFUSED, 2, (b"", b"tcp://b")) == "Connection refused"
    assert not why("CLOSED", 7, 2, (b"tcp://a", b""))
    assert why("CLOSED", errno.ECONNREFUSED, 1) == "Connection refused (unless a listener was closed)"


def test_every_protocol_error_has_words_of_its_own(ours, why):
    errors = {name: code for name, code in vars(ours).items() if name.startswith("PROTOCOL_ERROR_")}
    words = {why("HANDSHAKE_FAILED_PROTOCOL", code, 1) for code in errors.values()}
    assert len(errors) == len(words) == 21
    assert all(text.partition(":")[0] in {"ZMTP", "ZAP", "WebSocket"} for text in words)
