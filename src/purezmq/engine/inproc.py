"""inproc: a peer in the same context is a pipe whose far end is another socket's pipe.

The outbox of one is the inbox of the other: no bytes, no copy, no handshake. The names that sockets have bound are
kept here, and the pipes that connected before anybody bound. No thread ever holds two sockets' locks: what concerns
the far socket is left there as mail.
"""

import errno
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from .._native import RLock
from ..patterns.message import Message
from ..patterns.pipe import PLENTY, Pipe
from .errors import EngineError, NoSuchEndpoint

if TYPE_CHECKING:
    from .socket import SocketCore


class InprocPipe(Pipe):
    """One end. `core` is the socket that it belongs to: None while nobody has bound the name."""

    __slots__ = ("announced", "core", "dialled", "far", "name", "peer_properties", "retired")

    far: "InprocPipe"

    def __init__(self, core: "SocketCore | None", name: str) -> None:
        super().__init__()
        self.core = core
        self.name = name
        self.dialled = core is not None  # the end that connected, not the one that was bound
        self.announced = core is None  # the owner has mail about this pipe already, or cannot have any yet
        self.retired = False  # its pattern has let go of it
        self.peer_properties: dict[bytes, bytes] = {}

    # our side

    def has_room(self) -> bool:
        """As every pipe; when there is none, the far side is asked to tell when there is."""
        far = self.far
        if not self.send_limit or len(self.outbox) + far.lent < self.send_limit:
            return True
        far.stalled = True
        return len(self.outbox) + far.lent < self.send_limit  # it may have read meanwhile, before it was asked

    def push(self, message: Message) -> None:
        """Hand the message over."""
        self.push_all([message])

    def space(self) -> int:
        """As every pipe; when there is none, as `has_room`."""
        if not self.has_room():
            return 0
        return max(0, self.send_limit - len(self.outbox) - self.far.lent) if self.send_limit else PLENTY

    def push_all(self, messages: list[Message]) -> None:
        """Hand the messages over."""
        self.outbox.extend(messages)
        far = self.far
        if not far.announced:
            far.announced = True
            far.post(far.arrived)

    def resume(self) -> None:
        """Tell the far side that it may go on."""
        self.stalled = False
        self.far.post(self.far.may_write)

    def subscribe(self, topic: bytes) -> None:
        """Tell the far pattern."""
        self.far.post(partial(self.far.subscribed, topic))

    def cancel(self, topic: bytes) -> None:
        """Tell the far pattern."""
        self.far.post(partial(self.far.cancelled, topic))

    def drop(self, reason: str) -> None:
        """Have the socket end it, once the pattern is done."""
        if self.core is not None:
            self.core.condemn(self, reason)

    def post(self, call: "partial[None] | object") -> None:
        """Leave mail with the owner; without one there is nobody whom it concerns."""
        if self.core is not None:
            self.core.post(call)  # type: ignore[arg-type]  # bound methods and partials of them

    # what the far side left as mail: called with our socket's lock held

    def joined(self) -> None:
        """The other end is there, and its limit adds to ours."""
        if self.core is not None and not self.retired:
            self.core.pattern.connected(self)
            self.core.pattern.writable(self)

    def arrived(self) -> None:
        """Messages are in the inbox."""
        self.announced = False
        if self.core is not None and self.inbox and not self.retired:
            self.core.pattern.delivered(self)

    def may_write(self) -> None:
        """The far side has read half of what it had."""
        if self.core is not None and not self.retired:
            self.core.pattern.writable(self)

    def subscribed(self, topic: bytes) -> None:
        """The far side subscribes."""
        if self.core is not None and not self.retired:
            self.core.pattern.subscribed(self, topic)

    def cancelled(self, topic: bytes) -> None:
        """The far side cancels."""
        if self.core is not None and not self.retired:
            self.core.pattern.cancelled(self, topic)

    def left(self) -> None:
        """The far side has gone; what it sent stays readable."""
        if self.core is not None and not self.retired:
            self.retire()
            self.core.endpoints.inproc.discard(self)

    def retire(self) -> None:
        """Have our pattern let go of this pipe."""
        self.retired = True
        if self.core is not None:
            self.core.pattern.disconnected(self)
            self.core.pattern.detached(self)

    def limit(self) -> None:
        """Set the limit from both sockets' options: the two high-water marks together, none if either has none."""
        near, far = self.core, self.far.core
        if (near is not None and near.conflates) or (far is not None and far.conflates):
            self.send_limit = self.far.receive_limit = 0
            return
        mark = near.options.sndhwm if near is not None else 0
        if far is not None:
            mark = mark + far.options.rcvhwm if mark and far.options.rcvhwm else 0
        self.send_limit = self.far.receive_limit = mark


class Names:
    """The inproc names of one context."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._bound: dict[str, SocketCore] = {}
        self._waiting: defaultdict[str, list[InprocPipe]] = defaultdict(list)

    def bind(self, core: "SocketCore", name: str) -> None:
        """Take the name, and adopt those who connected before. Raises EngineError(EADDRINUSE)."""
        with self._lock:
            if name in self._bound:
                raise EngineError(f"inproc://{name} is bound in this context already", errno.EADDRINUSE)
            self._bound[name] = core
            waiting = self._waiting.pop(name, [])
        for pipe in waiting:
            _adopt(core, pipe)

    def unbind(self, core: "SocketCore", name: str) -> None:
        """Give the name up; its pipes stay. Raises NoSuchEndpoint when it is not this socket's."""
        with self._lock:
            if self._bound.get(name) is not core:
                raise NoSuchEndpoint(f"inproc://{name} is not bound by this socket")
            del self._bound[name]

    def connect(self, core: "SocketCore", name: str, fixed_id: bytes) -> None:
        """Make a pipe to whoever has bound the name, or will."""
        near, far = InprocPipe(core, name), InprocPipe(None, name)
        near.far, far.far = far, near
        near.outbox, far.outbox = far.inbox, near.inbox
        near.routing_id, near.fixed_id = fixed_id, bool(fixed_id)
        far.routing_id = core.options.routing_id
        near.limit()
        with core.lock:
            core.check_open()
            core.endpoints.inproc.add(near)
            core.pattern.attached(near)
        with self._lock:
            binder = self._bound.get(name)
            if binder is None:
                self._waiting[name].append(far)
        if binder is not None:
            _adopt(binder, far)

    def withdraw(self, pipe: InprocPipe) -> None:
        """The far end of a pipe that nobody adopted is not wanted any more."""
        with self._lock:
            if pipe in self._waiting.get(pipe.name, ()):
                self._waiting[pipe.name].remove(pipe)


def _adopt(core: "SocketCore", pipe: InprocPipe) -> None:
    """Give the far end of a connecter's pipe to the socket that has bound the name."""
    near = pipe.far
    with core.lock:
        if core.closed:
            near.post(near.left)
            return  # whoever uses the near socket next reads that
        pipe.core = core
        core.endpoints.inproc.add(pipe)
        pipe.limit()
        near.limit()
        if not near.fixed_id:
            near.routing_id = core.options.routing_id
        near.post(near.joined)  # before anything that the pattern says to the newcomer
        core.pattern.attached(pipe)
        core.pattern.connected(pipe)
        pipe.announced = False
        if pipe.inbox:
            core.pattern.delivered(pipe)
        if near.retired:
            pipe.left()
        core.changed()
    if near.core is not None:
        near.core.run(near.core.read_mail)
