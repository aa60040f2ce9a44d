"""Servers to reach through tunnels; no test needs an ssh server of the machine's."""

import socketserver
import threading
from collections.abc import Iterator

import pytest


class Echo(socketserver.BaseRequestHandler):
    """Sends back what comes, and says bye at the end."""

    def handle(self) -> None:
        while data := self.request.recv(65536):
            self.request.sendall(data)
        self.request.sendall(b"bye")


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that echoes."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()
