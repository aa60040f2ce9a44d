"""A context: the sockets that share a reactor and the inproc names; how all of them end."""

import atexit
import errno
import os
import weakref
from time import monotonic

from .._native import Condition, start_thread
from ..patterns import PATTERNS
from . import log
from .errors import ContextTerminated, EngineError
from .inproc import Names
from .options import ContextOptions, SocketOptions
from .reactor import Reactor
from .socket import SocketCore

_alive: "weakref.WeakSet[ContextCore]" = weakref.WeakSet()


PATIENCE = 3.0
"""Seconds that `term` waits before the log says what for; and again, each time."""


class ContextCore:
    """The home of sockets. Any method may be called from any thread."""

    def __init__(self) -> None:
        self.options = ContextOptions()
        self.reactor = Reactor()
        self.names = Names()
        self.terminated = False  # shut down: sockets can only be closed
        self.ended = False
        self._changed = Condition()
        self._sockets: set[SocketCore] = set()
        _alive.add(self)

    def socket(self, socket_type: int) -> SocketCore:
        """A new socket. Raises EngineError: EINVAL for an unknown type, EMFILE for too many, ETERM after `shutdown`."""
        if socket_type not in PATTERNS:
            raise EngineError(f"socket type wants one of {sorted(PATTERNS)}; got {socket_type}", errno.EINVAL)
        with self._changed:
            if self.terminated:
                raise ContextTerminated("no new sockets")
            if len(self._sockets) >= self.options.max_sockets:
                raise EngineError(f"the context has {len(self._sockets)} sockets, which is MAX_SOCKETS", errno.EMFILE)
            socket = SocketCore(self, socket_type, self._socket_options(socket_type))
            self._sockets.add(socket)
            return socket

    def _socket_options(self, socket_type: int) -> SocketOptions:
        options = SocketOptions()
        options.ipv6 = self.options.ipv6
        if not self.options.blocky or PATTERNS[socket_type].name in (b"SUB", b"XSUB"):
            options.linger = 0.0
        return options

    def forget(self, socket: SocketCore) -> None:
        """It is closed, and everything is delivered."""
        with self._changed:
            self._sockets.discard(socket)
            self._changed.notify_all()

    @property
    def sockets(self) -> list[SocketCore]:
        """Those that are open, or still deliver."""
        with self._changed:
            return list(self._sockets)

    def shutdown(self) -> None:
        """Make every call that waits, and every later one, fail with ContextTerminated; closing stays possible."""
        with self._changed:
            self.terminated = True
        for socket in self.sockets:
            socket.terminate()

    def term(self) -> None:
        """Shut down, wait until every socket is closed and has delivered, and end the reactor."""
        if self.reactor.is_current():  # a finalizer, which may run in any thread: this one must not wait for itself
            start_thread(self.term, "purezmq-term")
            return
        self.shutdown()
        told = monotonic()
        while waiting := self._wait_for_sockets():
            if monotonic() - told >= PATIENCE:
                told = monotonic()
                for socket in waiting:
                    log.debug("term() waits for %s", socket.remains())
        with self._changed:
            if self.ended:
                return
            self.ended = True
        self.reactor.stop()

    def _wait_for_sockets(self) -> list[SocketCore]:
        """Wait for a while, if there are any: those that there are then."""
        with self._changed:
            if self._sockets:
                self._changed.wait(PATIENCE)
            return list(self._sockets)

    def deliver(self) -> None:
        """At the interpreter's exit: wait until every socket has delivered what it can, or its LINGER is over."""
        sockets = self.sockets
        for socket in sockets:
            socket.deliver()
        with self._changed:
            while self._sockets.intersection(sockets):
                self._changed.wait()

    def abandon(self) -> None:
        """In a forked child: all this is the parent's."""
        self._changed = Condition()
        self.terminated = self.ended = True
        self.reactor.abandon()
        for socket in self._sockets:
            socket.abandon()
        self._sockets.clear()


def _deliver_all() -> None:
    for context in list(_alive):
        context.deliver()


def _abandon_all() -> None:
    for context in list(_alive):
        context.abandon()
    _alive.clear()


atexit.register(_deliver_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_abandon_all)
