"""Endpoints that nobody else uses."""

import contextlib
import itertools
import random
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

_names = itertools.count()


def free_port() -> int:
    """A tcp port that stays free while nobody is bound to it.

    The kernel would give one of its ephemeral ports to any connection in between, also to one that is trying to
    reach that very port (TCP lets a socket connect to itself). So this one is taken from below their range.
    """
    while True:
        port = random.randrange(12_000, _first_ephemeral_port())
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _first_ephemeral_port() -> int:
    with contextlib.suppress(OSError):
        return max(int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0]), 16_000)
    return 32_768


@contextlib.contextmanager
def fresh_endpoint(transport: str) -> Iterator[str]:
    """An endpoint to bind to: the same text reaches it, before and after."""
    if transport == "tcp":
        yield f"tcp://127.0.0.1:{free_port()}"
    elif transport == "inproc":
        yield f"inproc://contract-{next(_names)}"
    else:
        # Not below pytest's own directories: a path has 107 octets at most.
        with tempfile.TemporaryDirectory(prefix="pz") as directory:
            yield f"ipc://{directory}/s"
