"""The descriptor that a program's own event loop watches (ZMQ_FD): level-triggered.

It is readable while the socket's descriptors have something to be handled, and, by a level of its own, while a message
can be received or the socket's state has changed since somebody asked for it. So no event is missed, whoever handled
what brought it, and nothing keeps the reactor busy while a message waits to be read.
"""

from .pollset import READ, PollSet, plain_pollset


class Outlet:
    """A poll set around the socket's, whose waker is the level; inside the socket's it would wake its own waiters."""

    def __init__(self, pollset: PollSet) -> None:
        self._pollset = plain_pollset()
        if pollset.is_served:  # then it is told
            self._fd = self._pollset.waker.fileno()
        else:
            self._pollset.register(pollset.fileno(), READ, pollset.woken)
            self._fd = self._pollset.fileno()

    def fileno(self) -> int:
        """What the event loop watches for input."""
        return self._fd

    def show(self) -> None:
        """Make it readable."""
        self._pollset.waker.set()

    def hide(self) -> None:
        """Leave it to the socket's descriptors whether it is readable."""
        self._pollset.waker.clear()

    def close(self) -> None:
        """Give the descriptors back."""
        self._pollset.close()

    def abandon(self) -> None:
        """In a forked child: close our copies."""
        self._pollset.abandon()
