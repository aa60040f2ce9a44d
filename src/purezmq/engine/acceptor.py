"""The binding side of an endpoint: a listener of a transport's, and the sessions that came through it."""

from typing import TYPE_CHECKING

from ..transports.base import Listener, PeerRefused, StreamTransport
from ..zmtp.errors import PeerError
from .monitor import Kind
from .place import Link, Place
from .pollset import READ
from .session import Session

if TYPE_CHECKING:
    from .socket import SocketCore

ACCEPTS_AT_ONCE = 64
"""Connections accepted before the others get their turn."""

PAUSE = 0.1
"""Seconds without accepting, after the process or the system ran out of descriptors or memory."""


class Acceptor:
    """Accepts from `bind` to `unbind`. Its socket's lock is held in every method."""

    def __init__(self, core: "SocketCore", text: str, transport: StreamTransport, rest: str) -> None:
        self.text = text
        self._core = core
        self._transport = transport
        self._options = core.options.snapshot()
        self._listener: Listener = transport.listen(rest, self._options)
        self.endpoint = self._listener.endpoint
        self._where = Place(self.endpoint, bound=True)
        self._sessions: set[Session] = set()
        self._closed = False
        core.pollset.register(self._listener.sock.fileno(), READ, self._on_ready)
        core.monitor.report(Kind.LISTENING, self._where, self._listener.sock.fileno())

    @property
    def sessions(self) -> list[Session]:
        """The connections that are alive."""
        return list(self._sessions)

    def _on_ready(self, _events: int) -> None:
        for _ in range(ACCEPTS_AT_ONCE):
            if self._closed or not self._accept():
                return

    def _accept(self) -> bool:
        """Whether there may be more to accept."""
        try:
            stream = self._listener.accept()
        except PeerRefused as refusal:
            self._core.monitor.report(Kind.ACCEPT_FAILED, self._where, refusal.errno, str(refusal))
            return True
        except OSError as error:
            self._core.monitor.report(Kind.ACCEPT_FAILED, self._where, error.errno or 0, str(error))
            self._pause()
            return False
        if stream is None:
            return False
        where = Link(self._where, self._transport, stream)
        self._core.monitor.report(Kind.ACCEPTED, where, stream.fileno())
        address = self._transport.peer_address(stream)
        session = Session(self._core, self._options, stream, where, address, None, self._session_over)
        self._sessions.add(session)
        return True

    def _pause(self) -> None:
        self._core.pollset.unregister(self._listener.sock.fileno())
        self._core.call_later(PAUSE, self._resume)

    def _resume(self) -> None:
        if not self._closed:
            self._core.pollset.register(self._listener.sock.fileno(), READ, self._on_ready)

    def _session_over(self, session: Session, _fault: PeerError | None) -> None:
        self._sessions.discard(session)
        self._core.check_end()

    def stop_listening(self) -> None:
        """Close the listener: the address is free when this returns. Sessions go on."""
        if self._closed:
            return
        self._closed = True
        self._core.pollset.unregister(self._listener.sock.fileno())
        descriptor = self._listener.sock.fileno()
        try:
            self._listener.close()
        except OSError as error:
            self._core.monitor.report(Kind.CLOSE_FAILED, self._where, error.errno or 0, str(error))
        else:
            self._core.monitor.report(Kind.CLOSED, self._where, descriptor)

    def abandon(self) -> None:
        """In a forked child: close our copies of the descriptors."""
        self._closed = True
        self._listener.sock.close()
        for session in self._sessions:
            session.abandon()
