"""A local port whose connections go on through an ssh connection, as with `ssh -L`.

The ssh connection is a paramiko Transport, or anything else that opens channels.
"""

import logging
import socketserver
import threading
from contextlib import suppress
from socket import SHUT_WR
from typing import Final, Protocol

__all__ = ["ForwardServer", "Handler", "forward_tunnel"]

logger = logging.getLogger("ssh")

CHUNK: Final = 65536
"""Octets that are read at once."""


class Stream(Protocol):
    """A socket, or a channel of an ssh connection."""

    def recv(self, size: int, /) -> bytes:
        """Wait for octets; none at the end."""

    def sendall(self, data: bytes, /) -> object:
        """Write all of this."""

    def shutdown(self, how: int, /) -> object:
        """End one direction."""

    def close(self) -> object:
        """End both."""


class Transport(Protocol):
    """What is needed of an ssh connection."""

    def open_channel(self, kind: str, dest_addr: tuple[str, int], src_addr: tuple[str, int], /) -> Stream:
        """Open a channel to an address that the server can reach."""


class ForwardServer(socketserver.ThreadingTCPServer):
    """Accepts the connections, and gives each one a thread."""

    daemon_threads = True
    allow_reuse_address = True


class Handler(socketserver.BaseRequestHandler):
    """Forwards one connection. Subclasses say where to."""

    ssh_transport: Transport
    """The ssh connection."""
    chain_host: str
    """The host to go on to, as the ssh server sees it."""
    chain_port: int
    """Its port."""

    def handle(self) -> None:
        """Copy what comes, both ways, until both sides have ended. A connection that is refused is closed."""
        there, origin = (self.chain_host, self.chain_port), self.client_address
        try:
            channel = self.ssh_transport.open_channel("direct-tcpip", there, origin)
        except Exception as error:  # noqa: BLE001 (whatever stands in the way, the caller's connection is closed)
            logger.debug("the connection of %s to %s was refused: %r", origin, there, error)
            return
        logger.debug("%s is connected to %s", origin, there)
        back = threading.Thread(target=copy, args=(channel, self.request), daemon=True)
        back.start()
        copy(self.request, channel)
        back.join()
        channel.close()
        logger.debug("%s is no longer connected to %s", origin, there)


def copy(source: Stream, target: Stream) -> None:
    """Write to the target what comes from the source, and its end. A target that is gone is an end, too."""
    with suppress(OSError, EOFError):
        while data := source.recv(CHUNK):
            target.sendall(data)
    with suppress(OSError, EOFError):
        target.shutdown(SHUT_WR)


def forward_tunnel(local_port: int, remote_host: str, remote_port: int, transport: Transport) -> None:
    """Forward connections, for ever.

    Parameters
    ----------
    local_port : int
        Connections to this port of 127.0.0.1 are forwarded.
    remote_host : str
    remote_port : int
        Where to, as the ssh server sees it.
    transport : paramiko.Transport
        The ssh connection.

    Raises
    ------
    OSError
        when the local port is in use
    """
    attributes = {"chain_host": remote_host, "chain_port": remote_port, "ssh_transport": transport}
    with ForwardServer(("127.0.0.1", local_port), type("HandlerThere", (Handler,), attributes)) as server:
        server.serve_forever()
