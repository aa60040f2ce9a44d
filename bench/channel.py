"""A line between the two sides of a workload, beside the sockets that are measured."""

import json
import select
import socket
from typing import Any


class Channel:
    """JSON values over a connected stream socket, one a line."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lines = connection.makefile("rb")

    def tell(self, value: Any) -> None:
        """Send a value to the other side."""
        self._connection.sendall(json.dumps(value).encode() + b"\n")

    def hear(self) -> Any:
        """Wait for the next value of the other side; EOFError once it is gone."""
        line = self._lines.readline()
        if not line:
            raise EOFError("the other side is gone")
        return json.loads(line)

    def has_news(self, seconds: float) -> bool:
        """Whether the other side says something within so many seconds; not to be asked amid a conversation."""
        return bool(select.select([self._connection], [], [], seconds)[0])
