"""What a socket's monitor tells, decoded (see `Socket.get_monitor_socket`), and why a connection failed, in words."""

import struct
from collections.abc import Awaitable
from typing import Any, NotRequired, TypedDict, overload

from ..api.socket import Socket
from ..constants import Event
from ..error import strerror

__all__ = ["parse_monitor_message", "reason", "recv_monitor_message"]

HEAD = struct.Struct("=Hi")
"""The first part of a message of version 1: the event, and its value."""

NUMBER = struct.Struct("=Q")
"""The first part of a message of version 2 is the event, the second the number of values; then come the values."""

AT_THE_LOCAL_END = Event.LISTENING | Event.BIND_FAILED | Event.ACCEPTED | Event.ACCEPT_FAILED | Event.CLOSE_FAILED

NAMELESS = b"ipc://"
"""The end of an ipc connection that did not bind."""

WITH_ERRNO = Event.BIND_FAILED | Event.ACCEPT_FAILED | Event.CLOSE_FAILED | Event.HANDSHAKE_FAILED_NO_DETAIL

PROTOCOL_ERRORS = {
    Event.PROTOCOL_ERROR_ZMTP_UNSPECIFIED: "ZMTP: the peer broke the protocol",
    Event.PROTOCOL_ERROR_ZMTP_UNEXPECTED_COMMAND: "ZMTP: a command that was not expected now",
    Event.PROTOCOL_ERROR_ZMTP_INVALID_SEQUENCE: "ZMTP: a nonce out of sequence",
    Event.PROTOCOL_ERROR_ZMTP_KEY_EXCHANGE: "ZMTP: the exchange of keys failed",
    Event.PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED: "ZMTP: a malformed command",
    Event.PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_MESSAGE: "ZMTP: a malformed MESSAGE command",
    Event.PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_HELLO: "ZMTP: a malformed HELLO command",
    Event.PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_INITIATE: "ZMTP: a malformed INITIATE command",
    Event.PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_ERROR: "ZMTP: a malformed ERROR command",
    Event.PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_READY: "ZMTP: a malformed READY command",
    Event.PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_WELCOME: "ZMTP: a malformed WELCOME command",
    Event.PROTOCOL_ERROR_ZMTP_INVALID_METADATA: "ZMTP: invalid metadata, or socket types that do not fit",
    Event.PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC: "ZMTP: a cryptographic check failed",
    Event.PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH: "ZMTP: the two ends use different security mechanisms",
    Event.PROTOCOL_ERROR_ZAP_UNSPECIFIED: "ZAP: the handler broke the protocol",
    Event.PROTOCOL_ERROR_ZAP_MALFORMED_REPLY: "ZAP: a malformed reply of the handler",
    Event.PROTOCOL_ERROR_ZAP_BAD_REQUEST_ID: "ZAP: the handler replied to another request",
    Event.PROTOCOL_ERROR_ZAP_BAD_VERSION: "ZAP: the handler speaks another version",
    Event.PROTOCOL_ERROR_ZAP_INVALID_STATUS_CODE: "ZAP: the handler gave a status code that there is not",
    Event.PROTOCOL_ERROR_ZAP_INVALID_METADATA: "ZAP: the handler gave metadata that is not valid",
    Event.PROTOCOL_ERROR_WS_UNSPECIFIED: "WebSocket: the peer broke the protocol",
}

STATUS_CODES = {
    300: "refused for now: a temporary error (300)",
    400: "refused: not authenticated (400)",
    500: "refused: an internal error of the authenticator (500)",
}
"""RFC 27, "Status Codes"."""


class MonitorMessage(TypedDict):
    """One event."""

    event: Event
    """What happened."""
    value: Event
    """An errno, a file descriptor, or a code of its own, as the event has it: use it as a number."""
    endpoint: bytes
    """Which endpoint of the monitored socket. Version 2 does not tell it from the other end for HANDSHAKE_…,
    DISCONNECTED and PIPES_STATS of a tcp connection: there it is the remote end."""
    values: NotRequired[list[int]]
    """In version 2: all values, which are two for PIPES_STATS, messages to be sent and messages to be received."""
    local: NotRequired[bytes]
    """In version 2: our end, empty where there is no connection and nothing is bound."""
    remote: NotRequired[bytes]
    """In version 2: the peer's end, empty where there is no peer."""


def parse_monitor_message(msg: list[bytes]) -> MonitorMessage:
    """Decode a message of a monitor, of version 1 or 2. Raises RuntimeError when it is none."""
    match msg:
        case [head, endpoint] if len(head) == HEAD.size:
            event, value = HEAD.unpack(head)
            return {"event": Event(event), "value": Event(value), "endpoint": endpoint}
        case [*head, local, remote] if len(head) > 2 and all(len(part) == NUMBER.size for part in head):  # noqa: PLR2004
            event, count, *values = (NUMBER.unpack(part)[0] for part in head)
            if count == len(values):
                return _version_2(Event(event), values, local, remote)
    text = "expected two parts, the first of 6 octets, or event, count and values of 8 octets and two endpoints"
    raise RuntimeError(f"Invalid event message format: {msg} ({text})")


def _version_2(event: Event, values: list[int], local: bytes, remote: bytes) -> MonitorMessage:
    is_local = event & AT_THE_LOCAL_END or remote in {b"", NAMELESS}
    return {
        "event": event,
        "value": Event(values[0]),
        "endpoint": local if is_local else remote,
        "values": values,
        "local": local,
        "remote": remote,
    }


@overload
def recv_monitor_message(socket: Socket[Awaitable[Any]], flags: int = 0) -> Awaitable[MonitorMessage]: ...
@overload
def recv_monitor_message(socket: Socket[bytes], flags: int = 0) -> MonitorMessage: ...
def recv_monitor_message(socket: Socket[Any], flags: int = 0) -> MonitorMessage | Awaitable[MonitorMessage]:
    """Receive a message of a monitor, and decode it.

    Parameters
    ----------
    socket : Socket
        What `get_monitor_socket` returned, or a socket that is connected to where the monitor is. If its `recv` returns
        something to be awaited, so does this.
    flags : int
        As for `Socket.recv`.

    Raises as `Socket.recv_multipart` and `parse_monitor_message` do.
    """
    received: Any = socket.recv_multipart(flags)
    return _parsed_later(received) if isinstance(received, Awaitable) else parse_monitor_message(received)


async def _parsed_later(received: Awaitable[list[bytes]]) -> MonitorMessage:
    return parse_monitor_message(await received)


def reason(message: MonitorMessage) -> str:
    """Say in words why something failed, as far as the event and its value tell.

    Parameters
    ----------
    message : dict
        What `parse_monitor_message` or `recv_monitor_message` returned.

    Returns
    -------
    str
        "" for what is no failure, and for DISCONNECTED, which tells no reason. For CLOSED: why an attempt to connect
        failed. In version 1 the end of a listener looks the same, and its descriptor is taken for an errno: the text
        says so.
    """
    event, value = message["event"], int(message["value"])
    if event & WITH_ERRNO:
        return strerror(value) if value else "the peer refused"
    if event == Event.HANDSHAKE_FAILED_PROTOCOL:
        return PROTOCOL_ERRORS.get(Event(value), f"protocol error {value:#x}")
    if event == Event.HANDSHAKE_FAILED_AUTH:
        return STATUS_CODES.get(value, f"refused: status {value}")
    if event == Event.CLOSED:
        return _why_closed(value, message)
    return ""


def _why_closed(value: int, message: MonitorMessage) -> str:
    if message.get("local") or not value:
        return ""
    return strerror(value) if "local" in message else f"{strerror(value)} (unless a listener was closed)"
