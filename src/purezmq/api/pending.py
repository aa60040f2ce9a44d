"""The futures that wait in an asyncio Socket: they know how to try again, and lose nothing when they are cancelled.

A message that was given to a future belongs to the task that waits for it only once that task has got it. A task that
is cancelled in between never will, so the future gives the message back to the socket. Imports `done`.
"""

from asyncio import AbstractEventLoop, CancelledError, Future, TimerHandle
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .done import Home

if TYPE_CHECKING:
    from collections import deque

__all__ = ["Pending"]


class Pending(Future[Any]):
    """What is not possible yet. `attempt` makes it happen, or raises Again.

    It stands in the `queue` until it is served, cancelled or too late. `load` makes the result of what was received.
    """

    timer: TimerHandle | None = None
    load: Callable[[Any], Any] | None = None
    _home: Home | None = None
    _message: Any = None
    _number = 0
    _given_back = False

    def __init__(
        self,
        loop: AbstractEventLoop,
        attempt: Callable[[], Any],
        queue: "deque[Pending] | None" = None,
    ) -> None:
        super().__init__(loop=loop)
        self.attempt = attempt
        self.queue = queue
        if queue is not None:
            queue.append(self)

    def finish(self, number: int, outcome: Any, home: Home | None = None) -> None:
        """It has happened; if what was received cannot be loaded, that is an exception of whoever waits.

        `number` counts the operations. A message has a home, where it may go back to.
        """
        if self.timer is not None:
            self.timer.cancel()
        try:
            result = outcome if self.load is None else self.load(outcome)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is not ours)
            self.set_exception(error)
            return
        if home is not None:
            self._message, self._home, self._number = outcome, home, number
        self.set_result(result)

    def fail(self, error: BaseException) -> None:
        """It will not happen."""
        if self.timer is not None:
            self.timer.cancel()
        self.set_exception(error)

    def step_out(self) -> bool:
        """Leave the queue, if it is not over already."""
        if self.done():
            return False
        queue, self.queue = self.queue, None
        if queue is not None:
            with suppress(ValueError):  # the socket is just leaving the loop, by another thread's hand
                queue.remove(self)
        return True

    def __await__(self) -> Generator[Any, None, Any]:
        if self._given_back:
            raise CancelledError
        return super().__await__()

    __iter__ = __await__

    def result(self) -> Any:
        """What came of it. Whoever has asked has got it."""
        self._home = None
        if self._given_back:
            raise CancelledError
        return super().result()

    def exception(self) -> BaseException | None:
        """What went wrong."""
        if self._given_back:
            raise CancelledError
        return super().exception()

    def cancel(self, msg: Any = None) -> bool:
        """Give up; a message that nobody has got yet goes back."""
        if self.step_out():
            if self.timer is not None:
                self.timer.cancel()
            return super().cancel(msg)
        home, self._home = self._home, None
        if home is None:
            return False
        home.take_back(self._message, self._number)
        self._given_back = True
        return True

    def cancelled(self) -> bool:
        """Whether it was given up, or given back."""
        return self._given_back or super().cancelled()

    def __repr__(self) -> str:
        return "<Pending cancelled>" if self._given_back else super().__repr__()
