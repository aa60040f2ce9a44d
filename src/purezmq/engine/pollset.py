"""What a socket waits on: the descriptors of its listeners and connections, and one that wakes its waiter.

Two kinds. `EpollPollSet` and `KernelPollSet` are poll sets of the kernel's, which are descriptors themselves (epoll,
kqueue): whoever waits on the socket waits on that, and then handles what is ready. Where the platform has none
(Windows), `ReactorPollSet` lets the reactor watch the descriptors and handle what is ready, and the waiter is woken.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from .._native import original
from .waker import Waker

if TYPE_CHECKING:
    from select import epoll
    from selectors import DefaultSelector

    from .reactor import Reactor

READ, WRITE = 1, 2  # as in `selectors`

TO_EPOLL = {READ: 1, WRITE: 4, READ | WRITE: 5}  # EPOLLIN, EPOLLOUT
KNOWN = 31  # EPOLLIN, EPOLLPRI, EPOLLOUT, EPOLLERR, EPOLLHUP
FROM_EPOLL = [(READ if events & ~4 else 0) | (WRITE if events & ~1 else 0) for events in range(KNOWN + 1)]

Handler = Callable[[int], None]
"""Called with the events that are ready, with the socket's lock held."""


class PollSet:
    """What both kinds have: a waker, and something that the waiter sleeps on.

    `pause` is what a waiter who is awake does between two looks at its mail; None when there are descriptors, too.
    """

    is_served = False
    """Whether another thread runs the handlers, and wakes the waiter."""

    def __init__(self) -> None:
        self.waker = Waker()
        self.pause: Callable[[], None] | None = None

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
        raise NotImplementedError

    def woken(self, events: int) -> None:  # noqa: ARG002 (a handler)
        """The handler of the waker."""
        self.waker.clear()

    def close(self) -> None:
        """Give back the descriptors of the set itself."""
        self.waker.close()

    def abandon(self) -> None:
        """In a forked child: close our copies, without changing what the parent watches."""
        self.waker.abandon()


class SelectorPollSet(PollSet):
    """The waiter sleeps on a selector of the standard library's."""

    def __init__(self) -> None:
        super().__init__()
        try:
            self._selector: DefaultSelector = original("selectors", "DefaultSelector")()
        except OSError:
            self.waker.close()
            raise
        self._selector.register(self.waker.fileno(), READ, self.woken)

    def wait(self, timeout: float | None) -> list[tuple[Handler, int]]:
        """See `PollSet.wait`."""
        return [(key.data, events) for key, events in self._selector.select(timeout)]

    def close(self) -> None:
        """Give back the descriptors."""
        self._selector.close()
        super().close()

    def abandon(self) -> None:
        """In a forked child."""
        self._selector.close()
        super().abandon()


class KernelPollSet(SelectorPollSet):
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


class EpollPollSet(PollSet):
    """The same on Linux, without the selector between: each wait is time that a small message waits for."""

    def __init__(self) -> None:
        super().__init__()
        try:
            self._epoll: epoll = original("select", "epoll")()
        except OSError:
            self.waker.close()
            raise
        self._watched: dict[int, tuple[Handler, int]] = {}
        self.register(self.waker.fileno(), READ, self.woken)

    def fileno(self) -> int:
        """The poll set is a descriptor itself."""
        return self._epoll.fileno()

    def register(self, fd: int, events: int, handler: Handler) -> None:
        """Watch a descriptor."""
        self._epoll.register(fd, TO_EPOLL[events])
        self._watched[fd] = handler, events
        self._choose_pause()

    def unregister(self, fd: int) -> None:
        """Watch it no longer."""
        if self._watched.pop(fd, None) is not None:
            self._epoll.unregister(fd)
            self._choose_pause()

    def modify(self, fd: int, events: int, handler: Handler) -> None:
        """See `PollSet.modify`."""
        if events and fd in self._watched:
            self._epoll.modify(fd, TO_EPOLL[events])
            self._watched[fd] = handler, events
        else:
            super().modify(fd, events, handler)

    def _choose_pause(self) -> None:
        self.pause = os.sched_yield if len(self._watched) == 1 else None

    def wait(self, timeout: float | None) -> list[tuple[Handler, int]]:
        """See `PollSet.wait`. An error or a hang-up shows as all that is watched for: a handler will meet it."""
        ready = []
        for fd, events in self._epoll.poll(timeout):
            watch = self._watched.get(fd)
            if watch is not None:
                ready.append((watch[0], FROM_EPOLL[events & KNOWN] & watch[1]))
        return ready

    def close(self) -> None:
        """Give back the descriptors."""
        self._epoll.close()
        super().close()

    def abandon(self) -> None:
        """In a forked child."""
        self._epoll.close()
        super().abandon()


class ReactorPollSet(SelectorPollSet):
    """The reactor watches, and runs the handlers by way of `run`; the waiter waits for the waker only."""

    is_served = True

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


def new_pollset(reactor: "Reactor", run: Callable[[Handler, int], None]) -> PollSet:
    """The kind that this platform has. `reactor` and `run` are for the second one.

    PUREZMQ_PUMP=reactor forces that, for tests of what Windows does.
    """
    kernel = original("select", "epoll") or original("select", "kqueue")
    if kernel and os.environ.get("PUREZMQ_PUMP") != "reactor":
        return plain_pollset()
    return ReactorPollSet(reactor, run)


def plain_pollset() -> PollSet:
    """One whose descriptors its waiter handles itself. On Windows it has no `fileno`: nothing else can wait for it."""
    return EpollPollSet() if original("select", "epoll") else KernelPollSet()
