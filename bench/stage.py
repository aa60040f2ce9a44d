"""What a side of a workload has at hand: the contender's module, its sockets, the line to the other side."""

import importlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from .channel import Channel


class Library:
    """A module with pyzmq's API, imported when it is first wanted, and its context."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def zmq(self) -> Any:
        """The module."""
        return importlib.import_module(self.name)

    @cached_property
    def context(self) -> Any:
        """The context of all sockets in this process."""
        return self.zmq.Context()

    def open(self) -> None:
        """Make the context now, before two threads want it."""
        self.context  # noqa: B018 - looking makes it


class AwaitingLibrary(Library):
    """The same module, but the operations of its sockets are awaited."""

    @cached_property
    def context(self) -> Any:
        """The context of all sockets in this process that are awaited."""
        return importlib.import_module(f"{self.name}.asyncio").Context()


@dataclass(frozen=True)
class Stage:
    """Where one side plays. `address` is a port-less host, a path or a name, as the transport wants it."""

    library: Library
    channel: Channel
    transport: str
    address: str
    settings: dict[str, Any]

    def awaiting(self) -> "Stage":
        """The same, with sockets for asyncio."""
        return replace(self, library=AwaitingLibrary(self.library.name))

    def socket(self, kind: str) -> Any:
        """A new socket, e.g. of kind "PUSH"; the setting `hwm` holds for both directions."""
        zmq = self.library.zmq
        socket = self.library.context.socket(getattr(zmq, kind))
        if "hwm" in self.settings:
            socket.setsockopt(zmq.SNDHWM, self.settings["hwm"])
            socket.setsockopt(zmq.RCVHWM, self.settings["hwm"])
        return socket

    def bind(self, kind: str) -> Any:
        """A new socket that is bound, of which the other side is told."""
        socket = self.socket(kind)
        endpoint = f"{self.transport}://{self.address}"
        if self.transport == "tcp":
            endpoint += f":{socket.bind_to_random_port(endpoint)}"
        else:
            socket.bind(endpoint)
        self.channel.tell(endpoint)
        return socket

    def connect(self, kind: str, number: int = 1) -> list[Any]:
        """New sockets, connected to where the other side has bound."""
        endpoint = self.channel.hear()
        sockets = [self.socket(kind) for _ in range(number)]
        for socket in sockets:
            socket.connect(endpoint)
        return sockets
