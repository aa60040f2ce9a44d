"""Where a socket is bound and connected: its listeners, its dialers, its inproc names and pipes."""

import errno
from functools import partial
from typing import TYPE_CHECKING

from ..transports import STREAM_TRANSPORTS
from ..transports.base import split
from ..transports.inproc import check_name
from .acceptor import Acceptor
from .dialer import Dialer, release
from .errors import EngineError, NoSuchEndpoint, NotAvailable
from .inproc import InprocPipe
from .monitor import Kind
from .place import Place
from .session import Session
from .stream_pipe import StreamPipe

if TYPE_CHECKING:
    from .socket import SocketCore
    from .timers import Timer

_EMTHREAD = 156384712 + 54
_ONE_CONNECTION_AN_ENDPOINT = frozenset({b"DEALER", b"SUB", b"PUB", b"REQ"})  # connecting twice is connecting once


class Endpoints:
    """The endpoints of one socket."""

    def __init__(self, core: "SocketCore") -> None:
        self._core = core
        self._acceptors: list[Acceptor] = []
        self._dialers: list[Dialer] = []
        self._leaving: dict[Session | Dialer, Timer | None] = {}  # endpoints no more, but still delivering; LINGER
        self._names: set[str] = set()
        self._closed = False
        self.inproc: set[InprocPipe] = set()
        self.last = ""

    def __str__(self) -> str:
        bound = [a.endpoint for a in self._acceptors] + [f"inproc://{name}" for name in sorted(self._names)]
        connected = sorted({d.text for d in self._dialers} | {f"inproc://{p.name}" for p in self._connected_inproc()})
        texts = [f"bound to {', '.join(bound)}"] if bound else []
        if connected:
            texts.append(f"connected to {', '.join(connected)}")
        return "; ".join(texts) or "no endpoints"

    # come

    def bind(self, endpoint: str) -> None:
        """Accept peers at the endpoint. Raises OSError, AddressError or EngineError with libzmq's errno."""
        core = self._core
        scheme, rest = split(endpoint)
        if scheme == "inproc":
            self._bind_inproc(check_name(rest))
            self.last = endpoint
            return
        self._check_stream()
        with core.lock:
            core.check_open()
            try:
                acceptor = Acceptor(core, endpoint, STREAM_TRANSPORTS[scheme], rest)
            except OSError as error:
                core.monitor.report(Kind.BIND_FAILED, Place(endpoint, bound=True), error.errno or 0, str(error))
                raise
            self._acceptors.append(acceptor)
            self.last = acceptor.endpoint
            core.reactor.watch(core)

    def connect(self, endpoint: str) -> None:
        """Connect to the endpoint, now or as soon as it is there. Raises as `bind` does."""
        core = self._core
        scheme, rest = split(endpoint)
        fixed_id = self._take_fixed_id()
        if scheme == "inproc":
            core.context.names.connect(core, check_name(rest), fixed_id)
            self.last = endpoint
            return
        self._check_stream()
        with core.lock:
            core.check_open()
            twice = core.pattern.name in _ONE_CONNECTION_AN_ENDPOINT and any(d.text == endpoint for d in self._dialers)
            if twice:
                return
            dialer = Dialer(core, endpoint, STREAM_TRANSPORTS[scheme], rest)
            self._start(dialer, fixed_id)
            self.last = endpoint
            core.reactor.watch(core)

    def _start(self, dialer: Dialer, fixed_id: bytes) -> None:
        """Dial, and greet at once a peer that is as near as that."""
        self._dialers.append(dialer)
        self._core.attend()
        try:
            dialer.start(fixed_id)
            self._core.pump_once()
        except BaseException:
            self._dialers.remove(dialer)
            dialer.stop()
            raise
        finally:
            self._core.leave()

    def _bind_inproc(self, name: str) -> None:
        core = self._core
        with core.lock:
            core.check_open()
        core.context.names.bind(core, name)  # without our lock: this tells those who have connected before
        with core.lock:
            self._names.add(name)
            if self._closed:  # by another thread, just now
                core.context.names.unbind(core, name)
                core.check_open()

    def _take_fixed_id(self) -> bytes:
        """CONNECT_ROUTING_ID, which is for one connect only."""
        options = self._core.options
        fixed_id, options.connect_routing_id = options.connect_routing_id, b""
        if fixed_id and self._core.pattern.holds(fixed_id):
            text = f"CONNECT_ROUTING_ID wants an id that no peer of this socket has; got {fixed_id!r}"
            raise EngineError(text, errno.EINVAL)
        return fixed_id

    def _check_stream(self) -> None:
        if not self._core.context.options.io_threads:
            raise EngineError("IO_THREADS is 0, so that only inproc works", _EMTHREAD)
        if self._core.options.mechanism != b"NULL":
            raise NotAvailable("security mechanisms other than NULL are not available yet")
        if self._core.options.zap_domain:
            raise NotAvailable("ZAP is not available yet: with ZAP_DOMAIN set, nobody would ask the handler")
        if self._core.options.socks_proxy:
            raise NotAvailable("SOCKS_PROXY is not available yet")

    # go

    def disconnect(self, endpoint: str) -> None:
        """Undo `bind` or `connect` (libzmq has one function for both). Raises NoSuchEndpoint."""
        core = self._core
        scheme, rest = split(endpoint)
        if scheme == "inproc":
            self._disconnect_inproc(rest)
            return
        with core.lock:
            acceptors = [a for a in self._acceptors if endpoint in _names_of(a)]
            dialers = [d for d in self._dialers if d.text == endpoint]
            if not acceptors and not dialers:
                raise NoSuchEndpoint(f"{endpoint} is not an endpoint of this socket, which is {self}")
            for acceptor in acceptors:
                self._unbind(acceptor)
            for dialer in dialers:
                self._dialers.remove(dialer)
                self._let_go(dialer)

    def _unbind(self, acceptor: Acceptor) -> None:
        acceptor.stop_listening()
        self._acceptors.remove(acceptor)
        for session in acceptor.sessions:
            self._let_go(session)

    def _let_go(self, leaving: Session | Dialer) -> None:
        """No more messages to it; what is queued for it is delivered within LINGER."""
        core = self._core
        if leaving.pipe is not None:
            release(core, leaving.pipe)
        linger = core.options.linger
        if linger == 0:
            leaving.stop()
            return
        leaving.retire()
        if not leaving.finished:
            timer = None if linger is None else core.call_later(linger, partial(self._linger_over, leaving))
            self._leaving[leaving] = timer

    def _linger_over(self, leaving: Session | Dialer) -> None:
        leaving.stop()
        self._core.check_end()

    def _disconnect_inproc(self, name: str) -> None:
        core = self._core
        if name in self._names:
            core.context.names.unbind(core, name)
            self._names.discard(name)
            return
        with core.lock:
            pipes = [pipe for pipe in self._connected_inproc() if pipe.name == name]
            for pipe in pipes:
                self._leave_inproc(pipe)
        if not pipes:
            raise NoSuchEndpoint(f"inproc://{name} is not an endpoint of this socket, which is {self}")

    def _connected_inproc(self) -> list[InprocPipe]:
        return [pipe for pipe in self.inproc if pipe.dialled]

    def _leave_inproc(self, pipe: InprocPipe) -> None:
        self.inproc.discard(pipe)
        if not pipe.retired:
            pipe.retire()
        pipe.far.post(pipe.far.left)
        if pipe.far.core is None and not pipe.outbox:
            self._core.context.names.withdraw(pipe.far)

    def end(self, pipe: StreamPipe | InprocPipe, reason: str) -> None:
        """The pattern has no place for this peer."""
        if isinstance(pipe, InprocPipe):
            if pipe in self.inproc:
                self._leave_inproc(pipe)
            return
        for dialer in self._dialers:
            if dialer.pipe is pipe:
                dialer.stop()
                return
        if pipe.session is not None:
            pipe.session.close(reason)

    # what the socket asks

    def forget(self, dialer: Dialer) -> None:
        """It does not reconnect (RECONNECT_IVL): its endpoint is ours no more."""
        if dialer in self._dialers:
            self._dialers.remove(dialer)

    def pipes(self) -> list[StreamPipe | InprocPipe]:
        """All pipes that the pattern knows."""
        return [pipe for pipe, _ in self.places()]

    def places(self) -> list[tuple[StreamPipe | InprocPipe, Place]]:
        """All pipes that the pattern knows, and where each leads to."""
        ends: list[Session | Dialer] = [s for acceptor in self._acceptors for s in acceptor.sessions]
        ends += self._dialers
        streams = [(end.pipe, end.where) for end in ends if end.pipe is not None]
        return [*streams, *((pipe, Place(f"inproc://{pipe.name}", bound=not pipe.dialled)) for pipe in self.inproc)]

    def close(self) -> None:
        """Listen and accept no more, and finish what is queued."""
        core = self._core
        for name in self._names:
            core.context.names.unbind(core, name)
        self._names.clear()
        for pipe in list(self.inproc):
            self._leave_inproc(pipe)
        for acceptor in list(self._acceptors):
            self._unbind(acceptor)
        for dialer in list(self._dialers):
            self._let_go(dialer)
        self._dialers.clear()
        self._closed = True

    def hurry(self) -> None:
        """After `close`: do not wait long for those that are not connected."""
        for leaving in list(self._leaving):
            if isinstance(leaving, Dialer):
                leaving.hurry()

    @property
    def finished(self) -> bool:
        """Closed, and everything is delivered or given up."""
        for leaving in [leaving for leaving in self._leaving if leaving.finished]:
            self._core.cancel(self._leaving.pop(leaving))
        return self._closed and not self._leaving

    @property
    def undelivered(self) -> str:
        """What is still to be delivered after `close`, in words."""
        return ", ".join(map(repr, self._leaving))

    def abandon(self) -> None:
        """In a forked child: close our copies of the descriptors."""
        for end in (*self._acceptors, *self._dialers, *self._leaving):
            end.abandon()


def _names_of(acceptor: Acceptor) -> set[str]:
    """The texts that mean this listener: not a wildcard's, for each bind to one is another endpoint."""
    text = acceptor.text
    return {acceptor.endpoint} if "*" in text or text.endswith(":0") else {acceptor.endpoint, text}
