"""A descriptor that one thread makes readable to wake another: an eventfd on Linux, a socket pair elsewhere."""

import os
from typing import TYPE_CHECKING, Protocol

from .._native import RLock

if TYPE_CHECKING:
    import socket


class Wakeable(Protocol):
    """Whoever waits for something to change."""

    def set(self) -> None:
        """Have it look again. From any thread."""


class Waker:
    """Readable from `set` until `clear`. Any thread may call either."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._is_set = False
        self._ends: tuple[socket.socket, ...] = ()
        if hasattr(os, "eventfd"):
            self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        else:
            from socket import socketpair  # noqa: PLC0415 (takes long, and Linux needs none)

            self._ends = socketpair()
            for end in self._ends:
                end.settimeout(0)
            self._fd = self._ends[0].fileno()

    def fileno(self) -> int:
        """The descriptor to wait on."""
        return self._fd

    def set(self) -> None:
        """Make it readable. Nothing happens when it is already, or is closed."""
        with self._lock:
            if self._is_set or self._fd < 0:
                return
            self._is_set = True
            if self._ends:
                self._ends[1].send(b"\0")
            else:
                os.eventfd_write(self._fd, 1)

    def clear(self) -> None:
        """Make it unreadable again."""
        with self._lock:
            if not self._is_set or self._fd < 0:
                return
            self._is_set = False
            if self._ends:
                self._ends[0].recv(16)
            else:
                os.eventfd_read(self._fd)

    def close(self) -> None:
        """Give the descriptor back."""
        with self._lock:
            if self._fd < 0:
                return
            if self._ends:
                for end in self._ends:
                    end.close()
            else:
                os.close(self._fd)
            self._fd = -1

    def abandon(self) -> None:
        """In a forked child: give the descriptor back, whatever another thread was doing with it."""
        self._lock = RLock()
        self.close()
