"""A socket: a pattern, the pipes that its endpoints bring, and the pump that moves them.

Everything that touches a pattern or a pipe happens under the socket's lock, and no call of a pattern ever waits; what
waits is `Pump._wait`, which lets the lock go meanwhile. So any thread may call any method at any time.
"""

from collections import deque
from functools import partial
from mmap import mmap
from typing import TYPE_CHECKING, cast

from ..patterns import PATTERNS
from ..patterns.message import Message, Part
from ..patterns.pipe import Pipe
from ..zmtp.local import Local
from .endpoints import Endpoints
from .errors import ContextTerminated, SocketClosed, WouldBlock
from .inproc import InprocPipe
from .monitor import Monitor
from .options import SocketOptions
from .pump import Pump
from .stream_pipe import StreamPipe

if TYPE_CHECKING:
    from .context import ContextCore

POLLIN, POLLOUT = 1, 2

BURST = 0.001
"""Seconds that the tail of a burst waits at most before the reactor writes it."""

_BUFFER = 262144


class SocketCore(Pump):
    """One socket of a context, of one of the types in PATTERNS."""

    def __init__(self, context: "ContextCore", socket_type: int, options: SocketOptions) -> None:
        super().__init__(context.reactor)
        self.type = socket_type
        self.context = context
        self.options = options
        self.pattern = PATTERNS[socket_type]()
        self.endpoints = Endpoints(self)
        self.monitor = Monitor()
        self.closed = False
        self._ended = False
        self._gathering: deque[StreamPipe] = deque()
        self._burst_watched = False
        self._condemned: list[tuple[Pipe, str]] = []
        self._buffer: memoryview | None = None

    def __repr__(self) -> str:
        state = "closed" if self.closed else "terminated" if self._gone else str(self.endpoints)
        return f"<{self.pattern.name.decode()} socket, {state}>"

    # send and receive

    def send(self, message: Message, timeout: float | None) -> None:
        """Route a message. Waits for room up to `timeout` seconds: 0 not at all, None for ever.

        Raises WouldBlock, SocketClosed, ContextTerminated, and the pattern's UsageErrors.
        """
        with self.lock:
            if self._mail or self._gone is not None:
                self._before()
            if not self.pattern.send(message):
                self._flush()
                self._wait(partial(self.pattern.send, message), timeout)

    def check_send(self, first: Part, timeout: float | None) -> None:
        """Wait until a message that begins with this part could be sent. Raises as `send` does."""
        with self.lock:
            if self._mail or self._gone is not None:
                self._before()
            if not self.pattern.check_send(first):
                self._flush()
                self._wait(partial(self.pattern.check_send, first), timeout)

    def recv(self, timeout: float | None) -> Message:
        """The next message. Waits for it up to `timeout` seconds: 0 not at all, None for ever.

        Raises WouldBlock, SocketClosed, ContextTerminated, and the pattern's UsageErrors.
        """
        with self.lock:
            return self._recv(timeout)

    def _recv(self, timeout: float | None) -> Message:
        if self._mail or self._gone is not None:
            self._before()
        if self._gathering:
            self._flush()
        message = self.pattern.recv()
        if message is None:
            try:
                message = cast("Message", self._wait(self.pattern.recv, timeout))
            except WouldBlock:
                self._show_level()
                raise
        if self._outlet is not None and self.pattern.can_recv():
            self._outlet.show()
        return message

    def recv_from(self, timeout: float | None) -> tuple[Message, dict[bytes, bytes]]:
        """As `recv`, and the properties of the peer that the message came from (Socket-Type, Peer-Address, …)."""
        with self.lock:
            message = self._recv(timeout)
            source = self.pattern.source
            return message, source.peer_properties if isinstance(source, StreamPipe | InprocPipe) else {}

    def events(self) -> int:
        """POLLIN and POLLOUT, as they are now. Never waits."""
        with self.lock:
            self._before()
            self._flush()
            self._pump_once()
            self._before()
            self._show_level()
            return self._events()

    def wait(self, mask: int, timeout: float | None) -> int:
        """Those of the events in `mask` that are there, after `timeout` seconds at most; 0 when none came."""
        with self.lock:
            self._before()
            self._flush()
            try:
                return self._wait(lambda: (self._events() & mask) or None, timeout)
            except WouldBlock:
                return 0

    def _events(self) -> int:
        return (POLLIN if self.pattern.can_recv() else 0) | (POLLOUT if self.pattern.can_send() else 0)

    def _show_level(self) -> None:
        if self._outlet is None:
            return
        if self.pattern.can_recv():
            self._outlet.show()
        else:
            self._outlet.hide()

    # what gathers in a burst

    def gathers(self, pipe: StreamPipe) -> None:
        """Messages begin to gather: the reactor writes them if nobody else does soon. Armed once a burst."""
        self._gathering.append(pipe)
        if not self._burst_watched:
            self._burst_watched = True
            self.reactor.call_later(BURST, self._burst_over)

    def _burst_over(self) -> None:
        with self.lock:
            self._burst_watched = bool(self._gathering) and not self._ended
            if self._burst_watched:
                self._flush()
                self.reactor.call_later(BURST, self._burst_over)

    def _flush(self) -> None:
        while self._gathering:
            self._gathering.popleft().flush()

    # peers

    @property
    def buffer(self) -> memoryview:
        """What sessions read into: anonymous memory, of which only the pages that are used exist."""
        if self._buffer is None:
            self._buffer = memoryview(mmap(-1, _BUFFER))
        return self._buffer

    def local_end(self, options: SocketOptions) -> Local:
        """What this socket tells a peer in the handshake, by the options that hold for that endpoint."""
        return Local(
            socket_type=self.pattern.name,
            peer_types=self.pattern.peer_types,
            routing_id=options.routing_id,
            announces_id=self.pattern.announces_id,
            properties=options.metadata,
            max_size=options.maxmsgsize,
        )

    def new_pipe(self) -> StreamPipe:
        """A pipe with this socket's limits."""
        return StreamPipe(self, *self._limits())

    def _limits(self) -> tuple[int, int]:
        """Of each peer's queues: none where CONFLATE keeps one message anyhow."""
        if self.conflates:
            return 0, 0
        return self.options.sndhwm, self.options.rcvhwm

    @property
    def conflates(self) -> bool:
        """Whether only the newest message is kept; some types take CONFLATE and do nothing."""
        return self.options.conflate and "conflate" in self.pattern.options

    def hwm_changed(self) -> None:
        """SNDHWM and RCVHWM are live: they hold for the peers that are there, too."""
        for pipe in self.endpoints.pipes():
            if isinstance(pipe, InprocPipe):
                pipe.limit()
                pipe.far.limit()
                pipe.far.post(pipe.far.may_write)
            else:
                pipe.send_limit, pipe.receive_limit = self._limits()
            if pipe.has_room():
                self.pattern.writable(pipe)
        self.changed()

    def condemn(self, pipe: Pipe, reason: str) -> None:
        """The pattern wants this peer gone; it goes once the pattern and the handlers are done."""
        self._condemned.append((pipe, reason))

    def _settle(self) -> None:
        while self._condemned:
            pipe, reason = self._condemned.pop()
            if isinstance(pipe, StreamPipe | InprocPipe):
                self.endpoints.end(pipe, reason)

    # endpoints

    def bind(self, endpoint: str) -> None:
        """See `Endpoints.bind`."""
        self.endpoints.bind(endpoint)
        with self.lock:
            self.changed()

    def connect(self, endpoint: str) -> None:
        """See `Endpoints.connect`."""
        self.endpoints.connect(endpoint)
        with self.lock:
            self.changed()

    def unbind(self, endpoint: str) -> None:
        """See `Endpoints.disconnect`."""
        with self.lock:
            self.check_open()
        self.endpoints.disconnect(endpoint)

    disconnect = unbind

    @property
    def last_endpoint(self) -> str:
        """The endpoint of the last `bind`, as it turned out, or of the last `connect`, as given."""
        return self.endpoints.last

    def check_open(self) -> None:
        """Raise what ended the socket, if something did. Called with the lock held."""
        self._before()

    # the end

    def close(self) -> None:
        """Close: listeners at once, connections when what is queued is delivered, LINGER seconds later at most."""
        with self.lock:
            if self.closed:
                return
            self._flush()
            self.closed = True
            self._gone = SocketClosed
            self.endpoints.close()
            self.changed()
            self.check_end()
            if not self._ended:
                self.reactor.watch(self)

    def terminate(self) -> None:
        """The context is shut down: whoever waits here, or calls, gets ContextTerminated."""
        with self.lock:
            if not self.closed:
                self._gone = ContextTerminated
                self.changed()

    def deliver(self) -> None:
        """At the interpreter's exit: as `close`, but nobody who waits or calls is told, for all ends anyhow.

        What is queued for peers that are not there, nor come within a few seconds, is given up.
        """
        with self.lock:
            if not self.closed:
                self._flush()
                self.closed = True
                self.endpoints.close()
            self.endpoints.hurry()
            self.check_end()
            if not self._ended:
                self.reactor.watch(self)

    def check_end(self) -> None:
        """End, if the socket is closed and everything is delivered or given up."""
        if self.closed and not self._ended and self.endpoints.finished:
            self._ended = True
            self.context.forget(self)
            self._release()

    def _release(self) -> None:
        if not self._ended or self._gone is None or self._leading or self._followers or self._polls or self._released:
            return
        self._released = True
        self.reactor.unwatch(self)
        self.pollset.close()
        if self._outlet is not None:
            self._outlet.close()

    def abandon(self) -> None:
        """In a forked child: the socket is the parent's. Here it is closed, without a word to the peers."""
        super().abandon()
        self.closed = self._ended = self._released = True
        self._gone = SocketClosed
        self.endpoints.abandon()
