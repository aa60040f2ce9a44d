"""What sockets share within one `trio.run`: when that goes to sleep, what was sent by then goes out.

Imports the engine's bursts.
"""

from collections.abc import Callable
from contextlib import suppress
from math import inf
from threading import get_ident
from time import monotonic
from typing import TYPE_CHECKING
from weakref import WeakSet

import trio

from ..engine.bursts import EAGER, Bursts

if TYPE_CHECKING:
    from ..engine.socket import SocketCore
    from .trio_watch import TrioWatch

__all__ = ["TrioRun"]


class RunBursts(Bursts):
    """A run's bursts: messages follow one another closely when the run does not sleep between them.

    How many microseconds are between, as `Bursts` counts them, depends on how many tasks have had their turn.
    """

    def __init__(self, run: "TrioRun") -> None:
        super().__init__(run)
        self.in_a_row = 0

    def written(self, started: float, slow: float = inf) -> bool:
        """A message was written. Whether the next one had better gather."""
        self.in_a_row += 1
        return self.in_a_row > EAGER or monotonic() - started > slow


class TrioRun(trio.abc.Instrument):
    """One `trio.run`; as an instrument of trio's it is called before the run sleeps, and at its end."""

    def __init__(self) -> None:
        self.watches: dict[SocketCore, TrioWatch] = {}
        """Of the sockets that tasks wait for in this run."""
        self._bursts = RunBursts(self)
        self._cores: WeakSet[SocketCore] = WeakSet()
        self._token = trio.lowlevel.current_trio_token()
        self._thread = get_ident()
        self._visit: Callable[[], None] | None = None
        self._visit_at = 0.0

    @classmethod
    def current(cls) -> "TrioRun":
        """The run of the task that asks."""
        try:
            return RUN.get()
        except LookupError:
            run = cls()
            RUN.set(run)
            trio.lowlevel.add_instrument(run)
            return run

    @classmethod
    def adopt(cls, core: "SocketCore") -> None:
        """Look after what is sent through this socket from now on, unless some run does so already."""
        if type(core.pace) is not RunBursts:
            run = cls.current()
            run._cores.add(core)
            core.follow(run._bursts)

    # for the bursts

    def call_later(self, delay: float, callback: Callable[[], None]) -> None:
        """Call it in `delay` seconds, or sooner if the run is about to sleep."""
        self._visit_at = monotonic() + delay
        self._visit = callback
        if get_ident() != self._thread:
            self.call_soon(_nothing)

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Call it in a turn of the run's, and wake that. From any thread. Nothing happens when the run is over."""
        with suppress(trio.RunFinishedError):
            self._token.run_sync_soon(callback, idempotent=True)

    # trio calls

    def before_io_wait(self, timeout: float) -> None:
        """The run's tasks have had their turn; if `timeout` is not 0, nobody has anything to do."""
        if timeout:
            self._bursts.in_a_row = 0
        if self._visit is None:
            return
        if timeout:
            self._come_by()
            self._come_by()  # nothing has come since: no lane stays open
            if self._visit is not None:  # unless another thread goes on sending
                self.call_soon(_nothing)
        elif monotonic() >= self._visit_at:
            self._come_by()

    def _come_by(self) -> None:
        visit, self._visit = self._visit, None
        if visit is not None:
            visit()

    def after_run(self) -> None:
        """The end: the tails of bursts are left to the reactors."""
        for core in self._cores:
            if core.pace is self._bursts:
                core.follow(core.reactor.bursts)
        self._bursts.stop()


RUN: "trio.lowlevel.RunVar[TrioRun]" = trio.lowlevel.RunVar("purezmq")


def _nothing() -> None:
    """To be awake is enough."""
