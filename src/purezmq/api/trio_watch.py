"""Tasks of trio's that wait for an engine's socket: whoever waits, pumps.

The first task that waits is the *leader*: it sleeps on the socket's descriptor, handles what comes, and serves all
who wait, in order. The others are parked; when the leader has got what it wanted, or is cancelled, the next one leads.
While nobody waits the reactor looks after the socket, as it does for programs without a loop.

Who was served is not cancelled any more: trio lets a task that is on its way receive what it is given. So nothing is
lost between.

Imports `translate`, `trio_run`.
"""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final

import trio
from trio.lowlevel import Abort

from .translate import CORE_ERRORS, translated
from .trio_run import TrioRun

if TYPE_CHECKING:
    from ..engine.socket import SocketCore

__all__ = ["NOT_YET", "TrioWatch"]

NOT_YET: Final = object()
"""What an attempt returns that has to be made again."""


class Waiter:
    """A task, and what it wants."""

    __slots__ = ("attempt", "error", "result", "served", "task")

    def __init__(self, attempt: Callable[[], Any]) -> None:
        self.task = trio.lowlevel.current_task()
        self.attempt = attempt
        self.served = False
        self.result: Any = None
        self.error: Exception | None = None

    def try_it(self) -> bool:
        """Whether it has got it, or an error instead."""
        try:
            self.result = self.attempt()
        except Exception as error:  # noqa: BLE001 (it is told whoever waits)
            self.error = error
        self.served = self.result is not NOT_YET or self.error is not None
        return self.served

    def outcome(self) -> Any:
        """What came of it: returned, or raised."""
        if self.error is None:
            return self.result
        try:
            raise self.error
        finally:
            self.error = None  # whose traceback leads here


Queue = OrderedDict[Waiter, None]


class TrioWatch:
    """One socket in one run, while tasks wait for it there. Those who send and those who receive wait in turn."""

    def __init__(self, core: "SocketCore", run: TrioRun) -> None:
        self.receivers: Queue = OrderedDict()
        self.senders: Queue = OrderedDict()
        self.lookers: Queue = OrderedDict()
        self._core = core
        self._run = run
        self._thread = get_ident()
        self._leader: Waiter | None = None
        self._asleep = False
        self._changed = False
        try:
            core.polled(self)
        except CORE_ERRORS as error:
            raise translated(error) from None
        self._fd = core.fileno()

    @classmethod
    def of(cls, core: "SocketCore") -> "TrioWatch":
        """The one of this socket in the current run; to be waited with at once. Raises ZMQError if the socket ended."""
        run = TrioRun.current()
        watch = run.watches.get(core)
        if watch is None:
            watch = run.watches[core] = cls(core, run)
        return watch

    @trio.lowlevel.enable_ki_protection
    async def wait(self, queue: Queue, attempt: Callable[[], Any]) -> Any:
        """What the attempt gives, as soon as it does not give NOT_YET, and in this queue's order."""
        waiter = Waiter(attempt)
        queue[waiter] = None
        if self._leader is not None:

            def give_up(_: object) -> Abort:
                del queue[waiter]
                return Abort.SUCCEEDED

            await trio.lowlevel.wait_task_rescheduled(give_up)
            if waiter.served:
                return waiter.outcome()
        self._leader = waiter
        try:
            await self._lead(waiter)
        finally:
            queue.pop(waiter, None)
            self._hand_over()
        return waiter.outcome()

    async def _lead(self, leader: Waiter) -> None:
        """Serve those who wait, until this one is served."""
        while True:
            self._serve()
            if leader.served:
                return
            self._asleep = True
            try:
                with suppress(trio.ClosedResourceError):  # it is not: so `_wake` wakes us
                    await trio.lowlevel.wait_readable(self._fd)
            finally:
                self._asleep = False

    def _hand_over(self) -> None:
        """Whoever waits longest leads from now on; when nobody does, the reactor takes over."""
        for queue in (self.receivers, self.senders, self.lookers):
            for waiter in queue:
                self._leader = waiter
                trio.lowlevel.reschedule(waiter.task)
                return
        del self._run.watches[self._core]
        self._core.unpolled(self)

    def _serve(self) -> None:
        """Whoever waits gets what there is now; once more, if that has changed something."""
        self._changed = True
        while self._changed:
            self._changed = False
            for queue in (self.receivers, self.senders):
                while queue and self._try(queue, next(iter(queue))):
                    pass
            for waiter in list(self.lookers):
                self._try(self.lookers, waiter)

    def _try(self, queue: Queue, waiter: Waiter) -> bool:
        if not waiter.try_it():
            return False
        del queue[waiter]
        if waiter is not self._leader:
            trio.lowlevel.reschedule(waiter.task)
        return True

    def set(self) -> None:
        """Something has changed. From any thread."""
        if get_ident() == self._thread and trio.lowlevel.in_trio_task():
            self._wake()
        else:
            self._run.call_soon(self._wake)

    def _wake(self) -> None:
        self._changed = True
        if self._asleep:
            self._asleep = False
            trio.lowlevel.notify_closing(self._fd)
