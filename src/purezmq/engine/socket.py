"""A socket: the traffic of its pattern, and the endpoints that bring it peers, from the first to the last.

Any thread may call any method at any time.
"""

from collections import Counter
from typing import TYPE_CHECKING

from ..patterns.pipe import Pipe
from ..zmtp.local import Local
from .endpoints import Endpoints
from .errors import ContextTerminated, SocketClosed
from .inproc import InprocPipe
from .memory import new_buffer
from .monitor import Monitor
from .options import SocketOptions
from .place import Place
from .stream_pipe import StreamPipe
from .traffic import Traffic

if TYPE_CHECKING:
    from .context import ContextCore


class SocketCore(Traffic):
    """One socket of a context, of one of the types in PATTERNS."""

    def __init__(self, context: "ContextCore", socket_type: int, options: SocketOptions) -> None:
        super().__init__(context.reactor, socket_type)
        self.context = context
        self.options = options
        self.endpoints = Endpoints(self)
        self.monitor = Monitor()
        self.closed = False
        self._ended = False
        self._condemned: list[tuple[Pipe, str]] = []
        self._buffer: memoryview | None = None

    def __repr__(self) -> str:
        state = "closed" if self.closed else "terminated" if self._gone else str(self.endpoints)
        return f"<{self.pattern.name.decode()} socket, {state}>"

    # peers

    @property
    def buffer(self) -> memoryview:
        """What sessions read into."""
        if self._buffer is None:
            self._buffer = new_buffer()
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
        self.encoding.limit(self._limits()[0])
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

    def queues(self) -> list[tuple[Place, int, int]]:
        """Each pipe: where it leads to, how many messages wait to go there, and how many from there to be received."""
        with self.lock:
            self.check_open()
            self.route()
            self.pump_once()
            unread = self._unread()
            return [
                (place, len(pipe.outbox) + (pipe.far.lent if isinstance(pipe, InprocPipe) else 0), unread[pipe])
                for pipe, place in self.endpoints.places()
            ]

    def _unread(self) -> Counter[Pipe]:
        """Of each pipe's messages, those that wait in its inbox or have been taken from there already."""
        sources, first = self._sources, self._taken - len(self._ready)
        taken = (sources[at % len(sources)] for at in range(first, self._taken)) if sources else ()
        return Counter(taken) + Counter({pipe: len(pipe.inbox) for pipe in self.endpoints.pipes()})

    def condemn(self, pipe: Pipe, reason: str) -> None:
        """The pattern wants this peer gone; it goes once the pattern and the handlers are done."""
        self._condemned.append((pipe, reason))

    def _settle(self) -> None:
        if self.lanes.outgoing and not self._bursting:
            self.route()  # what no peer had room for
        while self._condemned:
            pipe, reason = self._condemned.pop()
            if isinstance(pipe, StreamPipe | InprocPipe):
                self.endpoints.end(pipe, reason)

    # endpoints

    def bind(self, endpoint: str) -> None:
        """See `Endpoints.bind`."""
        self._prepare()
        self.endpoints.bind(endpoint)
        with self.lock:
            self.changed()

    def connect(self, endpoint: str) -> None:
        """See `Endpoints.connect`."""
        self._prepare()
        self.endpoints.connect(endpoint)
        with self.lock:
            self.changed()

    def unbind(self, endpoint: str) -> None:
        """See `Endpoints.disconnect`."""
        self._prepare()
        self.endpoints.disconnect(endpoint)

    disconnect = unbind

    def _prepare(self) -> None:
        """What was sent so far is for the peers that are there now."""
        with self.lock:
            self.check_open()
            self.route()

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
            self._hand_over()
            self.closed = True
            self._gone = SocketClosed
            self._clear_lanes()
            self.endpoints.close()
            self.monitor.tell(None)
            self.changed()
            self.check_end()
            if not self._ended:
                self.reactor.watch(self)

    def terminate(self) -> None:
        """The context is shut down: whoever waits here, or calls, gets ContextTerminated."""
        with self.lock:
            if not self.closed:
                self._close_lane()
                self.route()
                self._gone = ContextTerminated
                self._clear_lanes()
                self.changed()

    def _hand_over(self) -> None:
        """Give all that was sent to the peers' queues, at last also what is beyond their limits."""
        self._close_lane()
        self.route()
        if self.lanes.outgoing:
            for pipe in self.endpoints.pipes():
                pipe.send_limit = 0
                self.pattern.writable(pipe)
            self.route()

    def _clear_lanes(self) -> None:
        """What has not been received is not received any more."""
        self._close_lane()
        self._ready.clear()

    def deliver(self) -> None:
        """At the interpreter's exit: as `close`, but nobody who waits or calls is told, for all ends anyhow.

        What is queued for peers that are not there, nor come within a few seconds, is given up.
        """
        with self.lock:
            if not self.closed:
                self._hand_over()
                self.closed = True
                self.endpoints.close()
            self.endpoints.hurry()
            self.check_end()
            if not self._ended:
                self.reactor.watch(self)

    def remains(self) -> str:
        """Why the context cannot end yet, in words."""
        with self.lock:
            if not self.closed:
                return f"{self!r}: it is not closed"
            return f"{self!r}: LINGER {self.options.linger} s, still to be delivered: {self.endpoints.undelivered}"

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
        self._clear_lanes()
        self.lanes.outgoing.clear()
        self.endpoints.abandon()
