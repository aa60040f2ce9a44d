"""Sockets for tests: no operation waits for ever, and all are closed at the end."""

import contextlib
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import purezmq as zmq

from .waiting import TIMEOUT
from .wire import RawListener, RawPeer

MILLISECONDS = 1000


class Sockets:
    """A context that hands out sockets with time-outs; options are keywords: `sockets(zmq.PUSH, sndhwm=5)`."""

    def __init__(self) -> None:
        self.context = zmq.Context()
        self._opened: list[Any] = []  # a context does not keep its sockets alive

    def __call__(self, kind: int, **options: Any) -> Any:
        """A new socket of this type."""
        sock = self.context.socket(kind)
        self._opened.append(sock)
        defaults = {"rcvtimeo": int(TIMEOUT * MILLISECONDS), "sndtimeo": int(TIMEOUT * MILLISECONDS), "linger": 0}
        for name, value in (defaults | options).items():
            sock.setsockopt(getattr(zmq, name.upper()), value)
        return sock

    def bound(self, kind: int, endpoint: str = "tcp://127.0.0.1:*", **options: Any) -> Any:
        """A new socket that is bound."""
        sock = self(kind, **options)
        sock.bind(endpoint)
        return sock

    def connected(self, kind: int, endpoint: str, **options: Any) -> Any:
        """A new socket that connects to the endpoint."""
        sock = self(kind, **options)
        sock.connect(endpoint)
        return sock

    def pair(self, binder: int, connector: int, endpoint: str = "tcp://127.0.0.1:*") -> tuple[Any, Any]:
        """Two sockets, the second connected to the first."""
        one = self.bound(binder, endpoint)
        return one, self.connected(connector, endpoint_of(one))

    def close_sockets(self) -> None:
        """Close all sockets; nothing lingers."""
        for sock in self._opened:
            sock.close(linger=0)

    def close(self) -> None:
        """Close everything."""
        self.close_sockets()
        self.context.term()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def endpoint_of(sock: Any) -> str:
    """Where a bound socket is to be reached."""
    return str(sock.getsockopt(zmq.LAST_ENDPOINT).rstrip(b"\0").decode())


def receive_all(sock: Any, count: int) -> list[bytes]:
    """The next `count` messages of one part."""
    return [sock.recv() for _ in range(count)]


def join(publisher: Any, *subscribers: Any, probe: bytes = b"") -> None:
    """Publish the probe until each subscriber has got it, and leave them with nothing but what comes next.

    A publisher does not tell when a subscription has reached it, so asking is the only way to know.
    """
    missing = set(range(len(subscribers)))
    number = 0
    while missing:
        number += 1
        assert number < TIMEOUT * MILLISECONDS, f"subscriptions did not arrive: {missing}"
        publisher.send(b"%b#%d" % (probe, number))
        missing -= {i for i in missing if subscribers[i].poll(5)}
    number += 1
    publisher.send(b"%b#%d" % (probe, number))
    for subscriber in subscribers:
        while subscriber.recv() != b"%b#%d" % (probe, number):
            pass


@contextlib.contextmanager
def scripted(sockets: Sockets, kind: int, role: str, **options: Any) -> Iterator[tuple[Any, RawPeer]]:
    """A socket that "binds" or "connects", and the scripted peer at the other end, before its first octet."""
    if role == "binds":
        sock = sockets.bound(kind, **options)
        with RawPeer.connect(endpoint_of(sock)) as peer:
            yield sock, peer
    else:
        with RawListener() as listener:
            sock = sockets.connected(kind, listener.endpoint, **options)
            with listener.accept() as peer:
                yield sock, peer
