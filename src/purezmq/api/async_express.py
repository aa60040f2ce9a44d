"""The fast path of an asyncio Socket: what is possible at once is done at once, within the call.

As `Express`, and like it the C base of the Sockets when compiled. What is not possible, or unusual, is for the slower
methods of `AsyncSocket`. Imports `done`, `express` and `translate`.
"""

from asyncio import _get_running_loop
from typing import TYPE_CHECKING, Any

from .done import Done, Home, Paused
from .express import Express, all_bytes, parts_as_bytes
from .translate import CORE_ERRORS, translated

if TYPE_CHECKING:
    from collections import deque

    from .pending import Pending
    from .returned import Returned

AT_ONCE = 256
"""Operations that are done at once, one after another; then the loop's other tasks get their turn."""

READ = 15
"""For how many more of them one counts that had to be looked for; it may even have been waited for."""

NOWHERE = object()
"""Instead of the loop of a Socket that is not in any; nor does it run."""


class Turn:
    """How many operations were done at once, how many may be in this turn of the loop, and which loop it is.

    When they were too many, whoever comes later in the turn is not to overtake a task that is paused.
    """

    __slots__ = ("_over", "done", "limit", "loop")

    def __init__(self) -> None:
        self.done = 0
        self.limit = AT_ONCE
        self.loop: Any = NOWHERE  # else an AbstractEventLoop
        self._over = False

    def begin(self) -> None:
        """The other tasks had theirs."""
        self.limit = self.done + AT_ONCE
        self._over = False

    def done_with(self, outcome: Any, home: Home | None = None) -> Any:
        """One more operation was done at once: its future."""
        self.done += 1
        if self.done <= self.limit:
            return Done(self.loop, outcome, home, self.done)
        if not self._over:
            self._over = True
            self.loop.call_soon(self.begin)
        return Paused(self.loop, outcome, home, self.done)


class AsyncExpress(Express):
    """The state that each operation looks at, and what it does with it."""

    __slots__ = ("_recv_futures", "_returned", "_send_futures", "_turn")

    _turn: Turn
    _recv_futures: "deque[Pending]"
    """Those who wait for messages, in turn."""
    _send_futures: "deque[Pending]"
    """Those who wait for room, in turn."""
    _returned: "Returned"
    """What receivers were given who were cancelled before they got it."""

    def send(  # type: ignore[override]  # as pyzmq has it
        self, data: Any, flags: int = 0, copy: bool = True, track: bool = False, **kwargs: Any
    ) -> Any:
        """Send a message, or a part of one: a future of what `Socket.send` returns, or raises."""
        turn = self._turn
        if (
            type(data) is bytes
            and flags == 0
            and copy
            and not kwargs
            and not self._unsent
            and not self._unread
            and not self._send_futures
            and turn.loop is _get_running_loop()
            and self._sent(data)
        ):
            return turn.done_with(None)
        return self._send_later(data, flags, copy, track, kwargs)

    def send_multipart(
        self, msg_parts: Any, flags: int = 0, copy: bool = True, track: bool = False, **kwargs: Any
    ) -> Any:
        """Send a message of several parts: a future of what `Socket.send_multipart` returns, or raises."""
        parts = list(msg_parts)
        turn = self._turn
        if (
            flags == 0
            and copy
            and not kwargs
            and not self._unsent
            and not self._unread
            and not self._send_futures
            and len(parts) > 1
            and all_bytes(parts)
            and turn.loop is _get_running_loop()
            and self._sent(parts)
        ):
            return turn.done_with(None)
        return self._send_parts_later(parts, flags, copy, track, kwargs)

    def recv(self, flags: int = 0, copy: bool = True, track: bool = False) -> Any:
        """Receive a message, or the next part of one: a future of what `Socket.recv` returns, or raises."""
        turn = self._turn
        if (
            flags == 0
            and copy
            and turn.done < turn.limit
            and not self._unread
            and not self._recv_futures
            and not self._returned
            and turn.loop is _get_running_loop()
        ):
            try:
                message = self._arrived()
            except CORE_ERRORS as error:
                return self._failed(translated(error))
            if message is None:
                return self._recv_in_turn()
            return turn.done_with(message, self) if type(message) is bytes else self._first_done(message)
        return self._recv_later(flags, copy, track)

    def recv_multipart(self, flags: int = 0, copy: bool = True, track: bool = False) -> Any:
        """Receive all parts of a message: a future of what `Socket.recv_multipart` returns, or raises."""
        turn = self._turn
        if (
            flags == 0
            and copy
            and turn.done < turn.limit
            and not self._unread
            and not self._recv_futures
            and not self._returned
            and turn.loop is _get_running_loop()
        ):
            try:
                message = self._arrived()
            except CORE_ERRORS as error:
                return self._failed(translated(error))
            if message is None:
                return self._recv_parts_in_turn()
            return turn.done_with(parts_as_bytes(message), self)
        return self._recv_parts_later(flags, copy, track)

    def _sent(self, message: Any) -> bool:
        """Whether it could be sent at once."""
        lanes = self._lanes
        try:
            if lanes.batch:
                outgoing = lanes.outgoing
                outgoing.append(message)
                if len(outgoing) >= lanes.batch:
                    self._core.gathered()
            else:
                self._core.send(message, 0.0)
        except CORE_ERRORS:  # the slower methods find out what it is
            return False
        return True

    def _arrived(self) -> Any:
        """A message that is there, or None."""
        ready = self._lanes.ready
        if ready:
            try:
                return ready.pop()
            except IndexError:  # another thread has taken it
                pass
        self._turn.done += READ
        return self._core.try_next()

    # for `AsyncSocket` to fill in

    def take_back(self, message: Any, number: int) -> None:
        """Have the next receiver get a message whose receiver was cancelled before it got it."""
        raise NotImplementedError

    def _first_done(self, message: Any) -> Any:
        raise NotImplementedError

    def _send_later(self, data: Any, flags: int, copy: bool, track: bool, others: dict[str, Any]) -> Any:
        raise NotImplementedError

    def _send_parts_later(self, parts: list[Any], flags: int, copy: bool, track: bool, others: dict[str, Any]) -> Any:
        raise NotImplementedError

    def _recv_later(self, flags: int, copy: bool, track: bool) -> Any:
        raise NotImplementedError

    def _recv_parts_later(self, flags: int, copy: bool, track: bool) -> Any:
        raise NotImplementedError

    def _recv_in_turn(self) -> Any:
        raise NotImplementedError

    def _recv_parts_in_turn(self) -> Any:
        raise NotImplementedError

    def _failed(self, error: Exception) -> Any:
        raise NotImplementedError
