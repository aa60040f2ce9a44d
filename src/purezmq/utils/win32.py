"""Ctrl-C on Windows, where a thread that waits for a socket does not notice it."""

import ctypes
import sys
from collections.abc import Callable
from typing import Any

__all__ = ["allow_interrupt"]

CTRL_C = 0


class allow_interrupt:  # noqa: N801 (pyzmq's name)
    """Call a function when Ctrl-C is pressed, at once and in a thread of the system's. Elsewhere: do nothing.

    ::

        with allow_interrupt(stop.set):  # for instance something that the program waits for, too
            ...

    After the function the interpreter handles Ctrl-C as always.

    Parameters
    ----------
    action : callable
        Takes nothing, returns nothing, and must not raise. None (the default): nothing is called.
    """

    def __init__(self, action: Callable[[], Any] | None = None) -> None:
        self.action = action
        if sys.platform == "win32":
            self.handle = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_ulong)(
                self._handle
            )  # the system keeps no reference

    def __enter__(self) -> None:
        """Begin. Raises OSError when the system refuses."""
        self._set_handler(add=True)

    def __exit__(self, *error: object) -> None:
        """End."""
        self._set_handler(add=False)

    def _set_handler(self, *, add: bool) -> None:
        if sys.platform == "win32":
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            if not kernel.SetConsoleCtrlHandler(self.handle, add):
                raise ctypes.WinError(ctypes.get_last_error())

    def _handle(self, event: int) -> int:
        """Return 0: not handled; the handler before ours is the interpreter's."""
        if event == CTRL_C and self.action is not None:
            self.action()
        return 0
