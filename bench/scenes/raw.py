"""The floor: the same traffic over one blocking stream socket, in plain Python, without messages.

Small messages go in blocks, as a library would send them when it is in no hurry.
"""

import socket
from time import perf_counter
from typing import Any, Final

from ..stage import Stage
from . import round_trip
from .scene import Figures, FollowWork, LeadWork, Scene

BLOCK: Final = 65_536
BUFFER: Final = 1 << 20


def accept(stage: Stage) -> socket.socket:
    """The other side's connection."""
    if stage.transport == "tcp":
        listener = socket.create_server((stage.address, 0))
        stage.channel.tell(listener.getsockname())
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(stage.address)
        listener.listen()
        stage.channel.tell(stage.address)
    with listener:
        connection, _ = listener.accept()
    return immediate(connection)


def connect(stage: Stage) -> socket.socket:
    """A connection to the other side."""
    address = stage.channel.hear()
    if stage.transport == "tcp":
        return immediate(socket.create_connection(tuple(address)))
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    return connection


def immediate(connection: socket.socket) -> socket.socket:
    """The same connection; nothing is held back in the hope of more."""
    if connection.family == socket.AF_INET:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def block(settings: dict[str, Any]) -> int:
    """Octets in a block: one message, or as many as make a good one."""
    size: int = settings["size"]
    return max(BLOCK // size, 1) * size


def receiver(stage: Stage) -> LeadWork:
    """Read so many blocks into one buffer."""
    connection, buffer, size = accept(stage), bytearray(BUFFER), block(stage.settings)
    recv_into = connection.recv_into

    def work(count: int) -> list[float]:
        start = perf_counter()
        left = count * size
        while left:
            left -= recv_into(buffer, min(left, BUFFER))
        return [perf_counter() - start]

    return work


def sender(stage: Stage) -> FollowWork:
    """Write so many blocks."""
    connection, data = connect(stage), bytes(block(stage.settings))
    sendall = connection.sendall

    def work(count: int) -> None:
        for _ in range(count):
            sendall(data)

    return work


def ask(stage: Stage) -> LeadWork:
    """Write a few octets, read as many, and look at the clock."""
    connection, message = connect(stage), bytes(stage.settings["size"])
    sendall, recv, size = connection.sendall, connection.recv, len(message)

    def work(count: int) -> list[float]:
        times = []
        for _ in range(count):
            start = perf_counter()
            sendall(message)
            recv(size)
            times.append(perf_counter() - start)
        return times

    return work


def answer(stage: Stage) -> FollowWork:
    """Write what is read."""
    connection, size = accept(stage), stage.settings["size"]
    sendall, recv = connection.sendall, connection.recv

    def work(count: int) -> None:
        for _ in range(count):
            sendall(recv(size))

    return work


def figures(settings: dict[str, Any], count: int, readings: list[float]) -> Figures:
    """Octets a second, and how many messages they would have made."""
    bandwidth = count * block(settings) / sum(readings)
    return {"rate": bandwidth / settings["size"], "bandwidth": bandwidth}


STREAM = Scene(receiver, sender, figures)
ROUND_TRIP = Scene(ask, answer, round_trip.figures, step=16)
