"""The engine's sockets in an asyncio loop: while the loop runs, the loop is the pump.

Imports the engine's bursts and sockets.
"""

import asyncio
from collections.abc import Callable
from threading import get_ident
from typing import TYPE_CHECKING, ClassVar
from weakref import WeakKeyDictionary

from ..engine.bursts import Bursts
from ..engine.pollset import ReactorPollSet

if TYPE_CHECKING:
    from ..engine.socket import SocketCore

__all__ = ["LoopWatch"]


class LoopClock:
    """What a loop's bursts ask to be called again: what was sent in a turn of the loop goes out at the turn's end."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def call_later(self, _delay: float, callback: Callable[[], None]) -> object:
        """Call it in the loop's next turn."""
        return self._loop.call_soon(callback)


class LoopWatch:
    """One socket in one loop. Whoever waits for it there is told, by `listeners`, when its state may have changed."""

    _all: ClassVar["WeakKeyDictionary[asyncio.AbstractEventLoop, dict[SocketCore, LoopWatch]]"] = WeakKeyDictionary()
    _bursts: ClassVar["WeakKeyDictionary[asyncio.AbstractEventLoop, Bursts]"] = WeakKeyDictionary()

    def __init__(self, core: "SocketCore", loop: asyncio.AbstractEventLoop) -> None:
        self.listeners: list[Callable[[], None]] = []
        self._core = core
        self._loop = loop
        self._thread = get_ident()
        self._is_set = False
        self._telling = False
        core.polled(self)
        self._fd = -1
        if not isinstance(core.pollset, ReactorPollSet):  # there the reactor handles what comes, and tells
            self._fd = core.fileno()
            loop.add_reader(self._fd, self._tell)
        core.pace = self._bursts.setdefault(loop, Bursts(LoopClock(loop)))

    @classmethod
    def of(cls, core: "SocketCore", loop: asyncio.AbstractEventLoop) -> "LoopWatch":
        """The one that watches this socket in this loop."""
        watches = cls._all.setdefault(loop, {})
        watch = watches.get(core)
        if watch is None:
            watch = watches[core] = LoopWatch(core, loop)
        return watch

    def leave(self, listener: Callable[[], None]) -> None:
        """One less is to be told; without any, the loop lets go of the socket."""
        self.listeners.remove(listener)
        if self.listeners:
            return
        self._all.get(self._loop, {}).pop(self._core, None)
        if self._fd >= 0 and not self._loop.is_closed():
            self._loop.remove_reader(self._fd)
        self._core.pace = self._core.reactor.bursts
        self._core.unpolled(self)

    def set(self) -> None:
        """Something has changed. From any thread; within the loop's own, what was noticed on the way is told later."""
        here = get_ident() == self._thread
        if self._is_set or (here and self._telling):
            return
        self._is_set = True
        try:
            (self._loop.call_soon if here else self._loop.call_soon_threadsafe)(self._woken)
        except RuntimeError:  # the loop is closed
            self._core.unpolled(self)

    def _woken(self) -> None:
        self._is_set = False
        self._tell()

    def _tell(self) -> None:
        self._telling = True
        try:
            for listener in self.listeners.copy():
                listener()
        finally:
            self._telling = False
