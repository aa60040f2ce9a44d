"""The helper of pyzmq that lets go of memory which was sent without a copy.

Here the last Frame that shares the memory does so itself: there is no helper, and no thread. What programs ask of it is
answered truly: it keeps nothing, and does not run.
"""

from functools import cached_property
from threading import Event, Thread
from typing import NamedTuple

from ..api.context import Context

__all__ = ["GarbageCollector", "GarbageCollectorThread", "gc", "gcref"]


class gcref(NamedTuple):  # noqa: N801 (pyzmq's name)
    """Something that is kept, and the event to set when it need not be any more."""

    obj: object
    event: Event | None


class GarbageCollectorThread(Thread):
    """The class of a thread that is never started."""


class GarbageCollector:
    """The helper, at rest for ever."""

    url = "inproc://pyzmq.gc.01"
    pid: int | None = None
    thread: GarbageCollectorThread | None = None

    def __init__(self, context: Context | None = None) -> None:
        self.refs: dict[int, gcref] = {}
        if context is not None:
            self.context = context

    @cached_property
    def context(self) -> Context:
        """A Context, which may be replaced. Nothing uses it."""
        return Context()

    def is_alive(self) -> bool:
        """Whether the thread runs: it does not."""
        return False

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    def store(self, obj: object, event: Event | None = None) -> int:  # noqa: ARG002 (pyzmq's signature)
        """Keep nothing, and return 0."""
        return 0


gc = GarbageCollector()
