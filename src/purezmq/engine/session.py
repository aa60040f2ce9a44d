"""One connection of a socket over a stream: its handshake, its traffic, its end.

A session reads what its descriptor has, lets `zmtp` make events of it, and brings these to the pipe and the pattern;
and it writes what the pipe's outbox holds, in batches. Its socket's lock is held in every method.

    stream -> zmtp.Connection.receive -> pipe.inbox -> pattern
    pattern -> pipe.outbox -> zmtp.Connection.encode -> stream
"""

import errno
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from ..patterns.message import Message
from ..zmtp.connection import Connection
from ..zmtp.errors import Code, PeerError, PeerRefusedError
from ..zmtp.events import Cancel, Event, Failed, HandshakeDone, Ping, Subscribe
from . import log
from .heartbeat import Heartbeat, Verdict
from .monitor import Kind
from .options import SocketOptions
from .place import Place
from .pollset import READ, WRITE
from .stream_pipe import StreamPipe
from .writer import Writer

if TYPE_CHECKING:
    import socket

    from .socket import SocketCore
    from .timers import Timer

READS_AT_ONCE = 16
"""Reads of large messages before the others get their turn."""

HEADER_READ = 4096
"""Octets read after a large message."""


class Session:
    """One stream, from the moment that it is connected.

    `pipe` is there from the start on the connecting side, or made when the handshake is done. `on_end` is called once
    when the session is over, with the PeerError if the peer broke the protocol.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (where two sides meet)
        self,
        core: "SocketCore",
        options: SocketOptions,
        stream: "socket.socket",
        where: Place,
        address: str,
        pipe: StreamPipe | None,
        on_end: Callable[["Session", PeerError | None], None],
    ) -> None:
        self.core = core
        self.where = where
        self.pipe = pipe
        self.ready = False  # the handshake is done
        self.closed = False
        self._options = options  # as they were at `bind` or `connect`
        self._stream = stream
        self._address = address
        self._on_end = on_end
        self._zmtp = Connection(core.local_end(options))
        self._writer = Writer(stream, self._zmtp, core.encoding)
        self._pipe_is_kept = pipe is not None  # by a dialer, over many sessions
        self._retiring = False
        self._interest = READ
        self._beat: Heartbeat | None = None
        self._timer: Timer | None = None
        core.unsettle()
        core.pollset.register(stream.fileno(), READ, self.on_ready)
        if options.handshake_ivl:
            self._timer = core.call_later(options.handshake_ivl, self._handshake_late)
        self.flush()

    def __repr__(self) -> str:
        state = "closed" if self.closed else "traffic" if self.ready else "handshake"
        return f"<Session {self.where.endpoint} {state}>"

    @property
    def idle(self) -> bool:
        """No message is left to be written, or it is known that none can be."""
        if self._writer.broken:
            return True
        if self.pipe is not None and self.pipe.outbox:
            return False
        return not (self.ready and self._writer.pending)

    # readiness

    def on_ready(self, events: int) -> None:
        """The descriptor can be read or written."""
        if not self.closed and events & WRITE:
            self._writer.blocked = False
            self.flush()
        if not self.closed and events & READ:
            self._read()

    @property
    def _stalled(self) -> bool:
        return self.pipe is not None and self.pipe.stalled

    def _show_interest(self) -> None:
        stalled = self._stalled or self._writer.overloaded()
        interest = (0 if stalled else READ) | (WRITE if self._writer.blocked and not self._writer.broken else 0)
        if interest != self._interest:
            if (interest ^ self._interest) & WRITE:
                self.core.block() if interest & WRITE else self.core.unblock()
            self._interest = interest
            self.core.pollset.modify(self._stream.fileno(), interest, self.on_ready)

    # in

    def _read(self) -> None:
        try:
            self._receive()
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as error:
            self._lost(error.strerror or str(error), error.errno or errno.EPIPE)
        except BaseException:  # Ctrl-C between reading and decoding: what follows could not be understood
            self._lost("interrupted")
            raise

    def _receive(self) -> None:
        buffer = self.core.buffer
        had_large = False
        for _ in range(READS_AT_ONCE):
            large = self._zmtp.large
            if large is not None:
                count = self._stream.recv_into(large)
                had_large = True
            elif had_large:  # another one may follow: its header is enough, its body goes to its own memory
                count = self._stream.recv_into(buffer, HEADER_READ)
            else:
                count = self._stream.recv_into(buffer)
            if not count:
                self._lost(f"the peer left {self._zmtp.eof()}")
                return
            if self._beat is not None:
                self._beat.heard()
            events = self._zmtp.receive(bytes(buffer[:count])) if large is None else self._zmtp.filled(count)
            if len(events) == 1 and type(events[0]) is list:
                self._deliver(events[0])
            else:
                self._handle(events)
            if self.closed or not had_large or self._stalled:
                return

    def _handle(self, events: list[Event]) -> None:
        for event in events:
            if type(event) is list:
                self._deliver(event)
            elif isinstance(event, HandshakeDone):
                self._established(event)
            elif isinstance(event, Failed):
                self.flush()  # an ERROR command may explain it to the peer
                self.close(str(event.error), event.error)
            elif self.pipe is not None and not self.pipe.retired:
                self._obey(event, self.pipe)
            if self.closed:
                return
        self.flush()

    def _deliver(self, batch: list[Message]) -> None:
        pipe = self.pipe
        pattern = self.core.pattern
        if pipe is None or pipe.retired:
            return
        if pattern.check_incoming is not None and not all(map(pattern.check_incoming, batch)):
            reason = f"a message that no peer of a {pattern.name.decode()} socket may send"
            self.close(reason, PeerError(reason))
            return
        pipe.inbox.extend(batch)
        pattern.delivered(pipe)
        if pipe.receive_limit and len(pipe.inbox) + pipe.lent >= pipe.receive_limit:
            pipe.stalled = True
            self._show_interest()

    def resume_reading(self) -> None:
        """The pipe's inbox has room again."""
        if not self.closed:
            self._show_interest()

    def _obey(self, event: Event, pipe: StreamPipe) -> None:
        if isinstance(event, Subscribe):
            self.core.pattern.subscribed(pipe, event.topic)
        elif isinstance(event, Cancel):
            self.core.pattern.cancelled(pipe, event.topic)
        elif isinstance(event, Ping) and self._beat is not None:
            self._beat.pinged(event.ttl, monotonic())
            self._set_timer()

    def _established(self, done: HandshakeDone) -> None:
        core = self.core
        core.cancel(self._timer)
        core.settle()
        self.ready = True
        pipe = self.pipe
        if pipe is None:
            pipe = self.pipe = core.new_pipe()
        if not pipe.fixed_id:
            pipe.routing_id = done.routing_id
        pipe.peer_properties = {**done.properties, b"Peer-Address": self._address.encode()}
        pipe.session = self
        if not self._pipe_is_kept:
            core.pattern.attached(pipe)
        if not pipe.retired:
            core.pattern.connected(pipe)
        core.monitor.report(Kind.HANDSHAKE_SUCCEEDED, self.where)
        options = self._options
        timeout = options.heartbeat_ivl if options.heartbeat_timeout is None else options.heartbeat_timeout
        self._beat = Heartbeat(options.heartbeat_ivl if done.version >= (3, 0) else 0.0, timeout, monotonic())
        self._set_timer()

    # out

    def write(self, messages: list[Message]) -> bool:
        """Write messages now. False if that is not possible: they are to be queued."""
        if self.closed or self._writer.blocked or self._zmtp.output:
            return False
        if not self._writer.write_batch(messages):
            self._show_interest()
        return True

    def flush(self) -> None:
        """Write what there is to be written, as much as the kernel takes."""
        if self.closed:
            return
        if self._writer.blocked:
            self._show_interest()
            return
        all_written = self._writer.write(self.pipe if self.ready else None, self._has_room)
        if not all_written or self._interest & WRITE:
            self._show_interest()
        if self._retiring and self.idle:
            self.stop()

    def _has_room(self, pipe: StreamPipe) -> None:
        if not pipe.retired:
            self.core.pattern.writable(pipe)
            self.core.tell()

    def send_subscribe(self, topic: bytes) -> None:
        """SUBSCRIBE, in the form that the peer's version knows."""
        self._writer.add(self._zmtp.subscribe(topic))
        self.flush()

    def send_cancel(self, topic: bytes) -> None:
        """CANCEL, likewise."""
        self._writer.add(self._zmtp.cancel(topic))
        self.flush()

    # time

    def _handshake_late(self) -> None:
        if not self.closed and not self.ready:
            reason = f"no handshake within {self._options.handshake_ivl} s: the peer is {self._zmtp.eof()}"
            self._lost(reason, errno.ETIMEDOUT)

    def _set_timer(self) -> None:
        if self._beat is None:
            return
        deadline = self._beat.deadline()
        if deadline is None or (self._timer is not None and self._timer.pending and self._timer.deadline <= deadline):
            return
        self.core.cancel(self._timer)
        self._timer = self.core.call_later(deadline - monotonic(), self._tick)

    def _tick(self) -> None:
        if self.closed or self._beat is None:
            return
        if self._stalled:
            self._beat.heard()  # it may have spoken: it is we who do not listen
        elif self._interest & READ:
            self._read()  # this process may have been busy, and the answer be there
        self._judge(self._beat)

    def _judge(self, beat: Heartbeat) -> None:
        if self.closed:
            return
        verdict = beat.tick(monotonic())
        if verdict is Verdict.DEAD:
            self._lost("silent for longer than the heartbeat's timeout")
            return
        if verdict is Verdict.PING:
            ping = self._zmtp.ping(round(self._options.heartbeat_ttl * 10))
            if ping is not None:
                self._writer.add(ping)
                self.flush()
        self._set_timer()

    # the end

    def _lost(self, reason: str, code: int = errno.EPIPE) -> None:
        """The peer or the network ended it. Before the end of the handshake RECONNECT_STOP may count it as a fault."""
        if not self.ready:
            self._report(Kind.HANDSHAKE_FAILED_NO_DETAIL, code, reason)
        self._report(Kind.DISCONNECTED, self._stream.fileno(), reason)
        self._end(None)

    def close(self, reason: str, fault: PeerError | None = None) -> None:
        """End it from our side: because of the peer's fault, or because the socket wants so."""
        if self.closed:
            return
        if fault is None:
            log.debug("%r: %s", self, reason)
        else:
            if not self.ready:
                self._report_failure(fault, reason)
            self._report(Kind.DISCONNECTED, self._stream.fileno(), reason)
        self._end(fault)

    def _report_failure(self, fault: PeerError, reason: str) -> None:
        if isinstance(fault, PeerRefusedError):
            kind = Kind.HANDSHAKE_FAILED_AUTH if fault.status else Kind.HANDSHAKE_FAILED_NO_DETAIL
            self._report(kind, fault.status, reason)
        else:
            self._report(Kind.HANDSHAKE_FAILED_PROTOCOL, fault.code or Code.UNSPECIFIED, reason)

    def _report(self, kind: Kind, value: int, reason: str) -> None:
        self.core.monitor.report(kind, self.where, value, reason)

    def _end(self, fault: PeerError | None) -> None:
        if self.closed:
            return
        self.closed = True
        if not self.ready:
            self.core.settle()
        if self._interest & WRITE:
            self.core.unblock()
        self.core.cancel(self._timer)
        self.core.pollset.unregister(self._stream.fileno())
        _close_gently(self._stream)
        self._zmtp.close()
        if self.pipe is not None:
            self._leave(self.pipe)
        self._on_end(self, fault)

    def _leave(self, pipe: StreamPipe) -> None:
        was_connected = pipe.session is self
        pipe.session = None
        pipe.stalled = False
        if self._pipe_is_kept:
            pipe.outbox.extendleft(reversed(self._writer.unwritten()))
        else:
            pipe.outbox.clear()
        if was_connected and not pipe.retired:
            self.core.pattern.disconnected(pipe)
            if not self._pipe_is_kept:
                self.core.pattern.detached(pipe)
                pipe.retired = True

    def retire(self) -> None:
        """Close as soon as nothing is left to be written. What comes in is thrown away."""
        self._retiring = True
        self.flush()
        if not self.closed and self.pipe is not None and self.pipe.stalled:
            self.pipe.resume()
        if not self.closed and self.idle:
            self.stop()

    def stop(self) -> None:
        """Close now, whatever is left."""
        self.close("closed by us")

    @property
    def finished(self) -> bool:
        """It is over."""
        return self.closed

    def abandon(self) -> None:
        """In a forked child: close our copy of the descriptor; the connection is the parent's."""
        self.closed = True
        self._stream.close()


def _close_gently(stream: "socket.socket") -> None:
    """Close so that what we wrote still arrives: a close with unread input would be a reset."""
    from socket import SHUT_WR  # noqa: PLC0415 (imported by whoever made the stream)

    try:
        stream.shutdown(SHUT_WR)
        for _ in range(READS_AT_ONCE):
            if not stream.recv(65536):
                break
    except OSError:  # gone already, or nothing more to read: closing is all that is left
        pass
    stream.close()
