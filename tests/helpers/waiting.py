"""Waiting for a condition, with a deadline, instead of sleeping and hoping."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

TIMEOUT: Final = 10.0
"""Seconds after which a test gives up on anything."""

INTERVAL: Final = 0.005


def eventually(condition: Callable[[], T], what: str | Callable[[], str], timeout: float = TIMEOUT) -> T:
    """Ask until the condition is true: what it said then. An AssertionError that names `what` when it never is."""
    deadline = time.monotonic() + timeout
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {what() if callable(what) else what}")
        time.sleep(INTERVAL)
    return answer
