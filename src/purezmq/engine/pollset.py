"""What a socket waits on: the descriptors of its listeners and connections, and one that wakes its waiter.

Two kinds. `KernelPollSet` is a poll set of the kernel's that is itself a descriptor (epoll, kqueue): whoever waits on
the socket waits on that, and then handles what is ready. Where the platform has none (Windows), `ReactorPollSet` lets
the reactor watch the descriptors and handle what is ready, and the waiter waits to be woken.
"""

import os
import selectors
from collections.abc import Callable
from typing import TYPE_CHECKING

from .waker import Waker

if TYPE_CHECKING:
    from .reactor import Reactor

READ = selectors.EVENT_READ
WRITE = selectors.EVENT_WRITE

Handler = Callable[[int], None]
"""Called with the events that are ready, with the socket's lock held."""


class PollSet:
    """What both kinds have: a waker, and a selector that the waiter sleeps on."""

    def __init__(self) -> None:
        self.waker = Waker()
        try:
            self._selector = selectors.DefaultSelector()
        except OSError:
            self.waker.close()
            raise
        self._selector.register(self.waker.fileno(), READ, self.woken)

    def fileno(self) -> int:
        """A descriptor that is readable when `wait` would not wait."""
        raise NotImplementedError

    def register(self, fd: int, events: int, handler: Handler) -> None:
        """Watch a descriptor."""
        raise NotImplementedError

    def unregister(self, fd: int) -> None:
        """Watch it no longer, if it is watched; to be called before it is closed."""
        raise NotImplementedError

    def modify(self, fd: int, events: int, handler: Handler) -> None:
        """Watch it for other events; none at all is allowed."""
        self.unregister(fd)
        if events:
            self.register(fd, events, handler)

    def wait(self, timeout: float | None) -> list[tuple[Handler, int]]:
        """What is ready, after `timeout` seconds at most (None: for ever). The caller runs the handlers."""
        return [(key.data, events) for key, events in self._selector.select(timeout)]

    def woken(self, events: int) -> None:  # noqa: ARG002 (a handler)
        """The handler of the waker."""
        self.waker.clear()

    def close(self) -> None:
        """Give back the descriptors of the set itself."""
        self._selector.close()
        self.waker.close()

    def abandon(self) -> None:
        """In a forked child: close our copies, without changing what the parent watches."""
        self._selector.close()
        self.waker.abandon()


class KernelPollSet(PollSet):
    """The waiter watches, by a poll set of the kernel's."""

    def fileno(self) -> int:
        """The poll set is a descriptor itself."""
        return self._selector.fileno()

    def register(self, fd: int, events: int, handler: Handler) -> None:
        """Watch a descriptor."""
        self._selector.register(fd, events, handler)

    def unregister(self, fd: int) -> None:
        """Watch it no longer."""
        if fd in self._selector.get_map():
            self._selector.unregister(fd)


class ReactorPollSet(PollSet):
    """The reactor watches, and runs the handlers by way of `run`; the waiter waits for the waker only."""

    def __init__(self, reactor: "Reactor", run: Callable[[Handler, int], None]) -> None:
        super().__init__()
        self._reactor = reactor
        self._run = run
        self._fds: set[int] = set()

    def fileno(self) -> int:
        """Whoever watches from outside is woken like any waiter."""
        return self.waker.fileno()

    def register(self, fd: int, events: int, handler: Handler) -> None:
        """Have the reactor watch a descriptor."""
        self._reactor.register(fd, events, lambda ready: self._run(handler, ready))
        self._fds.add(fd)

    def unregister(self, fd: int) -> None:
        """Have the reactor watch it no longer."""
        if fd in self._fds:
            self._fds.remove(fd)
            self._reactor.unregister(fd)


def pollable() -> bool:
    """Whether sockets get poll sets of the kernel's.

    PUREZMQ_PUMP=reactor forces the other kind, for tests of what Windows does.
    """
    return hasattr(selectors.DefaultSelector, "fileno") and os.environ.get("PUREZMQ_PUMP") != "reactor"
