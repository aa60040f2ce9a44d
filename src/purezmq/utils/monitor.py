"""What a socket's monitor tells, decoded (see `Socket.get_monitor_socket`)."""

import struct
from collections.abc import Awaitable
from typing import Any, TypedDict, overload

from ..api.socket import Socket
from ..constants import Event

__all__ = ["parse_monitor_message", "recv_monitor_message"]

HEAD = struct.Struct("=Hi")
"""The first part of a message: the event, and its value."""


class MonitorMessage(TypedDict):
    """One event."""

    event: Event
    """What happened."""
    value: Event
    """An errno, a file descriptor, or a code of its own, as the event has it: use it as a number."""
    endpoint: bytes
    """Where."""


def parse_monitor_message(msg: list[bytes]) -> MonitorMessage:
    """Decode a message of a monitor. Raises RuntimeError when it is none."""
    match msg:
        case [head, endpoint] if len(head) == HEAD.size:
            event, value = HEAD.unpack(head)
            return {"event": Event(event), "value": Event(value), "endpoint": endpoint}
    raise RuntimeError(f"Invalid event message format: {msg} (expected two parts, the first of {HEAD.size} octets)")


@overload
def recv_monitor_message(socket: Socket[Awaitable[Any]], flags: int = 0) -> Awaitable[MonitorMessage]: ...
@overload
def recv_monitor_message(socket: Socket[bytes], flags: int = 0) -> MonitorMessage: ...
def recv_monitor_message(socket: Socket[Any], flags: int = 0) -> MonitorMessage | Awaitable[MonitorMessage]:
    """Receive a message of a monitor, and decode it.

    Parameters
    ----------
    socket : Socket
        What `get_monitor_socket` returned, or a PAIR that is connected to where the monitor is. If its `recv` returns
        something to be awaited, so does this.
    flags : int
        As for `Socket.recv`.

    Raises as `Socket.recv_multipart` and `parse_monitor_message` do.
    """
    received: Any = socket.recv_multipart(flags)
    return _parsed_later(received) if isinstance(received, Awaitable) else parse_monitor_message(received)


async def _parsed_later(received: Awaitable[list[bytes]]) -> MonitorMessage:
    return parse_monitor_message(await received)
