"""The futures of what asyncio Sockets have done at once.

Most operations are possible at once, and a future that never has anything to wait for needs next to nothing of what
asyncio's futures are made of. Imports nothing of ours.
"""

from asyncio import AbstractEventLoop, CancelledError, Future, InvalidStateError, get_event_loop, get_running_loop
from collections.abc import Callable, Generator, Iterator
from contextvars import Context
from typing import Any, Protocol, Self, TypeVar

__all__ = ["Done", "Home", "Paused", "Received", "filled"]

NOTHING_TO_WAIT_FOR: Iterator[Any] = iter(())
"""It has come to its end, and anybody may ask it again: cheaper than a generator for each."""

GIVEN_BACK = object()
"""The outcome of a receive that was cancelled before anybody had got the message."""


class Home(Protocol):
    """Where a message goes back to."""

    def take_back(self, message: Any, number: int) -> None:
        """Have somebody else receive what the receiver of that number was given."""


class Done:
    """An asyncio future that was done when it was made, with nothing for a result."""

    __slots__ = ()

    _asyncio_future_blocking = False
    """What asyncio knows futures by."""

    @property  # type: ignore[misc]  # of `object` it could be set
    def __class__(self) -> type:
        """For `isinstance`: a future."""
        return Future

    def __await__(self) -> Iterator[Any]:
        return NOTHING_TO_WAIT_FOR

    __iter__ = __await__

    def result(self) -> Any:
        """What came of it."""
        return None

    def exception(self) -> None:
        """None at all."""

    def done(self) -> bool:
        """Yes."""
        return True

    def cancel(self, msg: Any = None) -> bool:
        """It is too late for that."""
        return False

    def cancelled(self) -> bool:
        """No."""
        return False

    def _make_cancelled_error(self) -> CancelledError:
        return CancelledError()

    def get_loop(self) -> AbstractEventLoop:
        """The loop that runs, or is to be run in this thread."""
        try:
            return get_running_loop()
        except RuntimeError:
            return get_event_loop()

    def add_done_callback(self, fn: Callable[[Any], object], *, context: Context | None = None) -> None:
        """Have the loop call it in its next turn."""
        self.get_loop().call_soon(fn, self, context=context)

    def remove_done_callback(self, fn: Callable[[Any], object]) -> int:
        """None is kept, so none is removed."""
        return 0

    def set_result(self, result: Any) -> None:
        """It has one."""
        raise InvalidStateError(f"{self!r} has a result")

    def set_exception(self, exception: Any) -> None:
        """It has a result."""
        raise InvalidStateError(f"{self!r} has a result")

    def __repr__(self) -> str:
        return "<Future finished result=None>"


class Received(Done):
    """One with a result.

    A message, which has a home, belongs to whoever asks for the result. If the future is cancelled before that, the
    message goes home.
    """

    __slots__ = ("home", "number", "outcome")

    outcome: Any
    home: Home | None
    number: int

    def __await__(self) -> Generator[Any, None, Any]:
        self.home = None
        if self.outcome is GIVEN_BACK:
            raise CancelledError
        return self.outcome
        yield  # type: ignore[unreachable]  # makes this a generator

    __iter__ = __await__

    def result(self) -> Any:
        """What came of it. Whoever has asked has got it."""
        self.home = None
        if self.outcome is GIVEN_BACK:
            raise CancelledError
        return self.outcome

    def exception(self) -> None:
        """None at all."""
        if self.outcome is GIVEN_BACK:
            raise CancelledError

    def cancel(self, msg: Any = None) -> bool:
        """Have somebody else receive a message that nobody has got yet. Whether there was one."""
        home, self.home = self.home, None
        if home is None:
            return False
        home.take_back(self.outcome, self.number)
        self.outcome = GIVEN_BACK
        return True

    def cancelled(self) -> bool:
        """Whether the message was given back."""
        return self.outcome is GIVEN_BACK

    def loaded(self, load: Callable[[Any], Any]) -> Self:
        """The same, with what `load` makes of the message for its result; raises what `load` does."""
        home, self.home = self.home, None
        home = None if home is None else Unloaded(self.outcome, home)
        return filled(type(self)(), load(self.outcome), home, self.number)

    def __repr__(self) -> str:
        return "<Future cancelled>" if self.outcome is GIVEN_BACK else f"<Future finished result={self.outcome!r}>"


class Paused(Received):
    """One with which its task gives the others their turn, when it asks for the result."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, None, Any]:
        try:
            yield  # what asyncio takes for: go on in the loop's next turn
        except BaseException:
            self.cancel()
            raise
        return self.result()

    __iter__ = __await__


F = TypeVar("F", bound=Received)


def filled(future: F, outcome: Any, home: Home | None, number: int) -> F:
    """Give it all that it needs; `__init__` would take twice the time, as would a call of this for each message."""
    future.outcome = outcome
    future.home = home
    future.number = number
    return future


class Unloaded:
    """The home of what was loaded from a message: there goes the message itself."""

    __slots__ = ("_home", "_message")

    def __init__(self, message: Any, home: Home) -> None:
        self._message = message
        self._home = home

    def take_back(self, _loaded: Any, number: int) -> None:
        """Have somebody else receive the message."""
        self._home.take_back(self._message, number)
