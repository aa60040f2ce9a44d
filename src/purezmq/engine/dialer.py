"""The connecting side of an endpoint: dials, has a session, loses it, waits and dials again.

    IDLE --dial--> LOOKING_UP (names only) --> CONNECTING --> CONNECTED --lost--> WAITING --timer--> dial …
                          |                        |              |
                          +--------- failed -------+              +--the peer broke the protocol--> STOPPED

Unless IMMEDIATE is set the pipe is there from the beginning, and messages queue in it while there is no connection.
"""

import errno
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING

from .._native import start_thread
from ..transports.base import Address, StreamTransport
from ..zmtp.errors import PeerError
from .backoff import Backoff
from .monitor import Kind
from .place import Link, Place
from .pollset import WRITE
from .session import Session
from .stream_pipe import StreamPipe

if TYPE_CHECKING:
    import socket

    from .socket import SocketCore
    from .timers import Timer

LAST_CHANCE = 3.0
"""Seconds for a peer that is not there to come, when the interpreter exits. Nobody could end a longer wait any more."""

STOP_REFUSED, STOP_HANDSHAKE_FAILED, STOP_AFTER_DISCONNECT = 1, 2, 4  # RECONNECT_STOP


class State(Enum):
    """Where a dialer is."""

    IDLE = auto()
    LOOKING_UP = auto()
    CONNECTING = auto()
    CONNECTED = auto()
    WAITING = auto()
    STOPPED = auto()


class Dialer:
    """Connects from `connect` to `disconnect`. Its socket's lock is held in every method but the look-up's thread."""

    def __init__(self, core: "SocketCore", text: str, transport: StreamTransport, rest: str) -> None:
        self.text = text
        self._where = Place(text, bound=False)
        self.state = State.IDLE
        self._core = core
        self._options = core.options.snapshot()
        self._transport = transport
        self._target = transport.target(rest, self._options)
        self._backoff = Backoff(self._options.reconnect_ivl, self._options.reconnect_ivl_max)
        self._stream: socket.socket | None = None
        self._timer: Timer | None = None
        self._retiring = False
        self._hurrying = False
        self.session: Session | None = None
        self._kept: StreamPipe | None = None  # the pipe that outlives sessions; none with IMMEDIATE

    def start(self, fixed_id: bytes) -> None:
        """Make the pipe and the first attempt. Raises OSError when not even the attempt can be made (EMFILE)."""
        if not self._options.immediate or fixed_id:
            pipe = self._core.new_pipe()
            if fixed_id:
                pipe.routing_id = fixed_id
                pipe.fixed_id = True
            self._core.pattern.attached(pipe)
            self._kept = pipe
        self._dial()

    def __repr__(self) -> str:
        queued = len(self.pipe.outbox) if self.pipe is not None else 0
        return f"<Dialer {self.text} {self.state.name}, {queued} queued>"

    @property
    def pipe(self) -> StreamPipe | None:
        """The pipe that messages to this endpoint go to now."""
        return self._kept if self.session is None else self.session.pipe

    @property
    def where(self) -> Place:
        """The connection, if there is one."""
        return self._where if self.session is None else self.session.where

    @property
    def idle(self) -> bool:
        """Nothing is left to be delivered."""
        if self.session is not None:
            return self.session.idle
        return self.pipe is None or not self.pipe.outbox

    # one attempt

    def _dial(self) -> None:
        if self._target.needs_lookup:
            self.state = State.LOOKING_UP
            self._start_look_up()
        else:
            self._connect()

    def _start_look_up(self) -> None:
        try:
            start_thread(self._look_up, "purezmq-lookup")
        except RuntimeError as error:  # the system has no thread for it
            self._failed(str(error), errno.EAGAIN)

    def _look_up(self) -> None:
        try:
            address = self._target.lookup()
        except OSError as error:
            self._core.run(partial(self._looked_up, None, str(error), error.errno))
        except UnicodeError as error:  # a name that no name service can have
            self._core.run(partial(self._looked_up, None, str(error), errno.EINVAL))
        else:
            self._core.run(partial(self._looked_up, address))

    def _looked_up(self, address: Address | None, reason: str = "", code: int | None = None) -> None:
        if self.state is not State.LOOKING_UP:
            return
        if address is None:
            self._failed(reason, code)
        else:
            self._connect_again(address)

    def _connect(self, address: Address | None = None) -> None:
        self.state = State.CONNECTING
        try:
            self._stream = self._target.dial(address or self._target.lookup(), self._options)
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                raise
            self._failed(str(error), error.errno)
            return
        self._core.unsettle()
        self._core.monitor.report(Kind.CONNECT_DELAYED, self._where, errno.EINPROGRESS)
        self._core.pollset.register(self._stream.fileno(), WRITE, self._on_ready)
        if self._options.connect_timeout:
            self._timer = self._core.call_later(self._options.connect_timeout, self._too_late)

    def _connect_again(self, address: Address | None = None) -> None:
        try:
            self._connect(address)
        except OSError as error:  # out of descriptors: there may be some later
            self._failed(str(error), error.errno)

    def _on_ready(self, _events: int) -> None:
        stream = self._stream
        if stream is None or self.state is not State.CONNECTING:
            return
        try:
            self._transport.finish(stream)
            address = self._transport.peer_address(stream)
        except OSError as error:
            self._failed(str(error), error.errno)
            return
        self._core.cancel(self._timer)
        self._core.pollset.unregister(stream.fileno())
        self._core.settle()
        self._stream = None
        self._backoff.reset()
        self.state = State.CONNECTED
        where = Link(self._where, self._transport, stream)
        self._core.monitor.report(Kind.CONNECTED, where, stream.fileno())
        self.session = Session(self._core, self._options, stream, where, address, self._kept, self._session_over)
        if self._retiring:
            self.session.retire()

    def _too_late(self) -> None:
        if self.state is State.CONNECTING:
            self._failed(f"not connected within {self._options.connect_timeout} s", errno.ETIMEDOUT)

    def _failed(self, reason: str, code: int | None) -> None:
        self._hang_up()
        self._core.monitor.report(Kind.CLOSED, self._where, code or 0, reason)
        if code == errno.ECONNREFUSED and self._options.reconnect_stop & STOP_REFUSED:
            self._give_up()
        else:
            self._retry()

    def _hang_up(self) -> None:
        self._core.cancel(self._timer)
        stream, self._stream = self._stream, None
        if stream is not None:
            self._core.settle()
            self._core.pollset.unregister(stream.fileno())
            stream.close()

    # after an attempt, or a connection

    def _session_over(self, session: Session, fault: PeerError | None) -> None:
        self.session = None
        if self.state is State.STOPPED:
            self._core.check_end()
        elif (fault is not None and fault.fatal) or (
            not session.ready and self._options.reconnect_stop & STOP_HANDSHAKE_FAILED
        ):
            self._give_up()
        else:
            self._retry()

    def _retry(self) -> None:
        if self._options.reconnect_ivl <= 0:
            self._core.endpoints.forget(self)
            self._give_up()
            return
        if self._hurrying or (self._retiring and self.idle):
            self._give_up()
            return
        self.state = State.WAITING
        delay = self._backoff.next_delay()
        self._core.monitor.report(Kind.CONNECT_RETRIED, self._where, round(delay * 1000))
        self._timer = self._core.call_later(delay, self._try_again)

    def _try_again(self) -> None:
        if self.state is not State.WAITING:
            return
        if self._target.needs_lookup:
            self._dial()
        else:
            self._connect_again()

    # the end

    def _give_up(self) -> None:
        self.stop()
        self._core.check_end()

    def retire(self) -> None:
        """Stop as soon as nothing is left to be delivered; until then go on connecting."""
        self._retiring = True
        if self.session is not None:
            self.session.retire()
        if self.idle and self.state is not State.STOPPED:
            self._give_up()

    def hurry(self) -> None:
        """The interpreter exits: there is not much time left for a peer to come."""
        self._core.call_later(LAST_CHANCE, self._chance_over)

    def _chance_over(self) -> None:
        self._hurrying = True
        if self.session is None or not self.session.ready:
            self._give_up()

    @property
    def finished(self) -> bool:
        """It is over."""
        return self.state is State.STOPPED

    def stop(self) -> None:
        """Stop now, whatever is left."""
        if self.state is State.STOPPED:
            return
        self.state = State.STOPPED
        self._hang_up()
        if self.session is not None:
            self.session.stop()
        if self._kept is not None:
            release(self._core, self._kept)

    def abandon(self) -> None:
        """In a forked child: close our copies of the descriptors."""
        self.state = State.STOPPED
        if self._stream is not None:
            self._stream.close()
        if self.session is not None:
            self.session.abandon()


def release(core: "SocketCore", pipe: StreamPipe) -> None:
    """Have the pattern let go of a pipe, if it has not yet."""
    if not pipe.retired:
        pipe.retired = True
        if pipe.session is not None:
            core.pattern.disconnected(pipe)
        core.pattern.detached(pipe)
