"""The descriptor that a program's own event loop watches (ZMQ_FD): level-triggered.

It is readable while the socket's descriptors have something to be handled, and, by a level of its own, while a message
can be received or the socket's state has changed since somebody asked for it. So no event is missed, whoever handled
what brought it, and nothing keeps the reactor busy while a message waits to be read.
"""

import selectors

from .pollset import READ, PollSet, ReactorPollSet
from .waker import Waker


class Outlet:
    """A descriptor outside of the poll set; inside it, it would wake the socket's own waiters."""

    def __init__(self, pollset: PollSet) -> None:
        self._level = Waker()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._level.fileno(), READ)
        if not isinstance(pollset, ReactorPollSet):
            self._selector.register(pollset.fileno(), READ)
            self._fd = self._selector.fileno()
        else:  # the reactor handles what comes, and tells
            self._fd = self._level.fileno()

    def fileno(self) -> int:
        """What the event loop watches for input."""
        return self._fd

    def show(self) -> None:
        """Make it readable."""
        self._level.set()

    def hide(self) -> None:
        """Leave it to the socket's descriptors whether it is readable."""
        self._level.clear()

    def close(self) -> None:
        """Give the descriptors back."""
        self._selector.close()
        self._level.close()

    def abandon(self) -> None:
        """In a forked child: close our copies."""
        self._selector.close()
        self._level.abandon()
