"""Sending and receiving: the half of a socket that messages pass through.

Everything that touches the pattern or a pipe happens under the socket's lock, and no call of a pattern ever waits; what
waits is `Pump._wait`, which lets the lock go meanwhile. Beside the lock run the two `Lanes`.

A message that comes alone is routed and written before `send` returns. In a burst (see `bursts`) the lane is open, and
messages gather there: one system call for each batch instead of each message is what makes the rate.
"""

from contextlib import suppress
from functools import partial
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, cast

from ..patterns import PATTERNS
from ..patterns.base import Pattern
from ..patterns.message import Message, Part
from .encoding import Encoding
from .errors import WouldBlock
from .inproc import InprocPipe
from .lanes import Lanes
from .pump import Pump
from .reactor import Reactor
from .stream_pipe import StreamPipe
from .vigil import VIGIL

if TYPE_CHECKING:
    from ..patterns.pipe import Pipe
    from .bursts import Bursts

POLLIN, POLLOUT = 1, 2

SLOW = 0.0001
"""Seconds: what took so long to publish went to very many, and what follows had better go to them in numbers."""


class Traffic(Pump):
    """One pattern's messages, in and out. `_gone` and the pipes are the other half's to look after."""

    def __init__(self, reactor: Reactor, socket_type: int) -> None:
        super().__init__(reactor)
        self.type = socket_type
        self.pattern = PATTERNS[socket_type]()
        self.lanes = Lanes()
        self.encoding = Encoding()
        self.pace = self._bursts  # says when messages had better gather, and sees to it that they go out
        self._gathers = type(self.pattern).room is not Pattern.room
        self._publishes = self.pattern.name in {b"PUB", b"XPUB"}  # to many, who may subscribe at any moment
        self._slow = SLOW if self._publishes else inf
        self._bursting = False
        self._routed = False  # since the reactor's last visit
        self._ready = self.lanes.ready  # what was taken from the pattern; see `recv_from`
        self._sources: list[Pipe] = []  # where that came from, in turn, as `Pattern.sources`
        self._taken = 0  # how many messages it was
        self._unanswered = 0  # messages sent by themselves since one was received by `try_…`
        self._asked_at = 0.0

    # send

    def send(self, message: Message, timeout: float | None) -> None:
        """Route a message. Waits for room up to `timeout` seconds: 0 not at all, None for ever.

        Raises WouldBlock, SocketClosed, ContextTerminated, and the pattern's UsageErrors.
        """
        with self.lock:
            if self._publishes and not self._bursting:
                self.pump_once()
            if self._mail or self._gone is not None:
                self._before()
            self._spoke = True
            self._unanswered += 1
            started = monotonic() if self._gathers else 0.0
            if not self._send(message):
                self._wait(partial(self._send, message), timeout)
            if self._gathers and (self.pace.written(started, self._slow) or self._bursting):
                self._open_lane()

    def _send(self, message: Message) -> bool:
        """Route a message behind what has gathered."""
        return (not self.lanes.outgoing or self.route()) and self.pattern.send(message)

    def check_send(self, first: Part, timeout: float | None) -> None:
        """Wait until a message that begins with this part could be sent. Raises as `send` does."""
        with self.lock:
            if self._mail or self._gone is not None:
                self._before()
            if not self._check_send(first):
                self._wait(partial(self._check_send, first), timeout)

    def _check_send(self, first: Part) -> bool:
        return (not self.lanes.outgoing or self.route()) and self.pattern.check_send(first)

    # bursts

    def follow(self, pace: "Bursts") -> None:
        """From now on these say when messages had better gather, and see to it that they go out."""
        with self.lock:
            before, self.pace = self.pace, pace
            before.hand_over(self, pace)

    def _open_lane(self) -> None:
        self.lanes.batch = min(self.encoding.batch, self.pattern.room())
        if self.lanes.batch and not self._bursting:
            self._bursting = True
            self.pace.begin(self)

    def _close_lane(self) -> None:
        """What is sent from here on comes to us: none of it slips in behind the last that was routed."""
        self._bursting = False
        self.pace.end(self)
        self.lanes.batch = 0

    def gathered(self) -> None:
        """A sender has found the batch full, or the lane closed. Raises what ended the socket, if something did."""
        with self.lock:
            if self._gone is not None:
                self.lanes.outgoing.clear()
            self._before()
            self.route()

    def flush(self) -> None:
        """As `route`, for other threads, without the lock."""
        if self.lanes.outgoing:
            with self.lock:
                if self._gone is None:
                    self.route()

    def route(self) -> bool:
        """Have the pattern send what has gathered: whether there was room for it. Called with the lock held.

        What other threads send meanwhile stays for the next time.
        """
        outgoing = self.lanes.outgoing
        if not outgoing:
            return True
        messages = outgoing.copy()
        self.encoding.share()
        try:
            count = self.pattern.send_all(messages)
        finally:
            self.encoding.unshare()
        del outgoing[:count]
        self._routed = self._spoke = True
        if self._bursting:
            self._open_lane()
        return count == len(messages)

    def visited(self) -> None:
        """The reactor's visit: the burst is over if nothing has come since the last one, or there is no room."""
        with self.lock:
            if self._gone is None and (self.lanes.outgoing or self._routed):
                self.route()
                self._routed = False
                if self.lanes.batch:
                    return
            self._close_lane()
            if self._gone is None:
                self.route()  # what came until then; what is left has no room, and whoever makes some routes it

    # receive

    def recv(self, timeout: float | None) -> Message:
        """The next message. Waits for it up to `timeout` seconds: 0 not at all, None for ever.

        Raises WouldBlock, SocketClosed, ContextTerminated, and the pattern's UsageErrors.
        """
        with self.lock:
            return self._recv(timeout)

    def try_recv(self) -> Message | None:
        """The next message if there is one now, else None; without an exception to say so. Raises as `recv` does."""
        with self.lock:
            if not self._ready:
                self.pump_once()
            message = self._next_here()
            if message is not None:
                if self._unanswered == 1:
                    self._vigil.slept(monotonic() - self._asked_at)
                self._unanswered = 0
            return message

    def try_next(self) -> Message | None:
        """As `try_recv`, for a loop that will tell what there is to read: reads only while messages come in numbers.

        Or, right after one was sent, when answers have been quick of late: then the loop stays awake for a moment.
        """
        with self.lock:
            if not self._ready and self._taken > 1:
                self.pump_once()
            message = self._next_here()
            if message is None and self._unanswered == 1 and not self.pollset.is_served:
                message = self._quick_answer()
            if message is not None:
                self._unanswered = 0
            return message

    def _quick_answer(self) -> Message | None:
        self._asked_at = monotonic()
        if not self._vigil.due or self._leading or self._released:
            return None
        ready = self._stay_awake(self._asked_at + VIGIL)
        if not ready and not self._mail:
            self._vigil.disappointed()
            return None
        self._vigil.rewarded()
        self._handle(ready)
        return self._next_here()

    def _next_here(self) -> Message | None:
        if self._mail or self._gone is not None:
            self._before()
        if self.lanes.outgoing:
            self.route()
        message = self._next()
        if self._outlet is not None:
            self._show_level()
        return message

    def _recv(self, timeout: float | None) -> Message:
        if self._mail or self._gone is not None:
            self._before()
        message = self._next()
        if message is None:
            if self.lanes.outgoing:
                self.route()
            try:
                message = cast("Message", self._wait(self._next, timeout))
            except WouldBlock:
                self._show_level()
                raise
        if self._outlet is not None and self._can_recv():
            self._outlet.show()
        return message

    def _next(self) -> Message | None:
        ready = self._ready
        while ready or self._take():
            try:
                return ready.pop()
            except IndexError:  # another thread took it, without the lock
                continue
        return None

    def _take(self) -> bool:
        """Take what the pattern has. Whether there was anything."""
        self._pumped = True  # or will be: the owner comes back when these are received
        messages = self.pattern.take()
        messages.reverse()
        self._sources = list(self.pattern.sources)
        self._taken = len(messages)
        self._ready += messages
        return bool(messages)

    def recv_from(self, timeout: float | None) -> tuple[Message, dict[bytes, bytes]]:
        """As `recv`, and the properties of the peer that the message came from (Socket-Type, Peer-Address, …)."""
        with self.lock:
            if self._ready is self.lanes.ready:
                self._leave_the_lane()
            message = self._recv(timeout)
            at = self._taken - len(self._ready) - 1
            source = self._sources[at % len(self._sources)] if self._sources else None
            return message, source.peer_properties if isinstance(source, StreamPipe | InprocPipe) else {}

    def _leave_the_lane(self) -> None:
        """From now on nobody receives without the lock: else nobody knew which source belongs to which message."""
        count = len(self.lanes.ready)
        self._ready = _emptied(self.lanes.ready)
        if len(self._ready) != count:
            self._sources = []  # another thread received meanwhile

    def reconsider(self) -> None:
        """An option has changed that the lanes may depend on. Called with the lock held."""
        if self._bursting:
            self._open_lane()
        unwanted = [message for message in self._ready.copy() if not self.pattern.wants(message)]
        if not unwanted:
            return
        if self._ready is not self.lanes.ready:
            self._sift()
            return
        self._sources = []  # of which nobody has asked so far
        for message in unwanted:
            with suppress(ValueError):  # another thread took it, without the lock
                self._ready.remove(message)

    def _sift(self) -> None:
        """Take out what the pattern would not give any more, and its sources."""
        messages = self._ready[::-1]
        first = self._taken - len(messages)
        kept = [at for at, message in enumerate(messages) if self.pattern.wants(message)]
        self._sources = [self._sources[(first + at) % len(self._sources)] for at in kept] if self._sources else []
        self._taken = len(kept)
        self._ready[:] = [messages[at] for at in reversed(kept)]

    # readiness

    def events(self) -> int:
        """POLLIN and POLLOUT, as they are now. Never waits."""
        with self.lock:
            self._before()
            if self.lanes.outgoing:
                self.route()
            self.pump_once()
            self._before()
            self._show_level()
            return self._events()

    def wait(self, mask: int, timeout: float | None) -> int:
        """Those of the events in `mask` that are there, after `timeout` seconds at most; 0 when none came."""
        with self.lock:
            self._before()
            if self.lanes.outgoing:
                self.route()
            events = self._events() & mask
            try:
                return events or self._wait(lambda: (self._events() & mask) or None, timeout)
            except WouldBlock:
                return 0

    def _events(self) -> int:
        can_send = (not self.lanes.outgoing or self.route()) and self.pattern.can_send()
        return (POLLIN if self._can_recv() else 0) | (POLLOUT if can_send else 0)

    def _can_recv(self) -> bool:
        return bool(self._ready) or self.pattern.can_recv()

    def _show_level(self) -> None:
        if self._outlet is None:
            return
        if self._can_recv():
            self._outlet.show()
        else:
            self._outlet.hide()


def _emptied(ready: list[Message]) -> list[Message]:
    """What is in a lane, which is empty then; other threads may take from it meanwhile."""
    messages = []
    while ready:
        with suppress(IndexError):
            messages.append(ready.pop())
    messages.reverse()
    return messages
