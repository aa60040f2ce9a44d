"""The futures that an asyncio Socket returns: they know how to try again, and lose nothing when they are cancelled.

A message that was given to a future belongs to the task that waits for it only once that task has got it. A task that
is cancelled in between never will, so the future gives the message back to the socket. Imports nothing of ours.
"""

from asyncio import AbstractEventLoop, Future, TimerHandle
from collections.abc import Callable, Generator
from typing import Any, Protocol

__all__ = ["Arrived", "Pending"]


class Home(Protocol):
    """Where a message goes back to."""

    def take_back(self, message: Any) -> None:
        """Have somebody else receive it."""


class Pending(Future[Any]):
    """What is not possible yet. `attempt` makes it happen, or raises Again.

    `forget` is called when the future is cancelled or its time is over; `load` makes the result of what was received.
    """

    def __init__(self, loop: AbstractEventLoop, attempt: Callable[[], Any], home: Home | None) -> None:
        super().__init__(loop=loop)
        self.attempt = attempt
        self.home = home  # for a message only
        self.timer: TimerHandle | None = None
        self.forget: Callable[[Pending], None] | None = None
        self.load: Callable[[Any], Any] | None = None
        self._message: Any = None

    def finish(self, outcome: Any) -> None:
        """It has happened; if what was received cannot be loaded, that is an exception of whoever waits."""
        if self.timer is not None:
            self.timer.cancel()
        try:
            result = outcome if self.load is None else self.load(outcome)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is not ours)
            self.set_exception(error)
            return
        self._message = outcome
        self.set_result(result)

    def fail(self, error: BaseException) -> None:
        """It will not happen."""
        if self.timer is not None:
            self.timer.cancel()
        self.set_exception(error)

    def result(self) -> Any:
        """What came of it. Whoever has asked has got it."""
        self.home = None
        return super().result()

    def cancel(self, msg: Any = None) -> bool:
        """Give up; a message that nobody has got yet goes back."""
        if super().cancel(msg):
            if self.timer is not None:
                self.timer.cancel()
            if self.forget is not None:
                self.forget(self)
            return True
        home, self.home = self.home, None
        if home is not None and not self.cancelled() and self.exception() is None:
            home.take_back(self._message)
        return False


class Arrived(Pending):
    """A message that was there when it was asked for."""

    def __init__(
        self, loop: AbstractEventLoop, message: Any, home: Home | None, load: Callable[[Any], Any] | None = None
    ) -> None:
        Future.__init__(self, loop=loop)
        self.home = home
        self.timer = self.forget = None
        self.load = load
        self.finish(message)

    def loaded(self, load: Callable[[Any], Any]) -> "Arrived":
        """The same message, loaded."""
        home, self.home = self.home, None
        return Arrived(self.get_loop(), self._message, home, load)

    def __await__(self) -> Generator[Any, None, Any]:
        yield from ()
        return self.result()

    __iter__ = __await__
