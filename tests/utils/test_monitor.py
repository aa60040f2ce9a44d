import asyncio
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
