"""How soon the reactor gets to run while the program's threads compute in Python.

A thread that wants the interpreter's lock asks for it after the *switch interval*, 5 ms unless the program has changed
it. For the tail of a burst that is too long. So the interval is short from the beginning of a burst until its tail is
written, and then what it was; a program that sets an interval of its own meanwhile keeps that.
"""

import os
import sys

from .._native import RLock

SWITCH = 0.00025
"""Seconds, in the interpreter's whole microseconds: what the tail of a burst waits for a thread that computes."""

_lock = RLock()
_hurrying = 0
_usual = 0.0


def hurry() -> None:
    """A burst began somewhere in this process. To be followed by one `relax`."""
    global _hurrying, _usual  # noqa: PLW0603 (the interval is the process's, so is this)
    with _lock:
        _hurrying += 1
        interval = sys.getswitchinterval()
        if interval > SWITCH:
            _usual = interval
            sys.setswitchinterval(SWITCH)


def relax() -> None:
    """Its tail is written."""
    global _hurrying, _usual  # noqa: PLW0603
    with _lock:
        _hurrying -= 1
        if not _hurrying and _usual:
            if sys.getswitchinterval() == SWITCH:
                sys.setswitchinterval(_usual)
            _usual = 0.0


def _abandon() -> None:
    """In a forked child: the bursts are the parent's."""
    global _hurrying, _lock, _usual  # noqa: PLW0603
    _lock = RLock()
    _hurrying = 0
    if _usual and sys.getswitchinterval() == SWITCH:
        sys.setswitchinterval(_usual)
    _usual = 0.0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_abandon)
