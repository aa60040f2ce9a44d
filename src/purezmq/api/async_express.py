"""The fast path of an asyncio Socket: what is possible at once is done at once, within the call.

As `Express`, and like it the C base of the Sockets when compiled. What is not possible, or unusual, is for the slower
methods of `AsyncSocket`. Imports `done`, `express` and `translate`.
"""

from typing import TYPE_CHECKING, Any

from .done import Done, Home, Paused, Received, filled
from .express import Express, all_bytes, parts_as_bytes
from .translate import CORE_ERRORS, translated

if TYPE_CHECKING:
    from collections import deque

    from .pending import Pending
    from .returned import Returned

AT_ONCE = 512
"""Operations that are done at once, one after another; then the loop's other tasks get their turn."""

SENDERS = 4
"""How many senders, one after another, have so many."""

READ = 31
"""For how many more of them one counts that had to be looked for; it may even have been waited for."""

NOWHERE = object()
"""Instead of the loop of a Socket that is not in any; nor does it run."""


class Turn:
    """How many operations were done at once, how many may be in this turn of the loop, and which loop it is.

    Receivers may go on while it is less than `limit`, senders while it is less than `room`.

    To find out which loop runs takes asyncio longer than all the rest of an operation (it asks the system for the
    process's number). So that is asked only when the limit is reached, or when something is to be waited for.
    """

    __slots__ = ("_end", "done", "is_over", "limit", "loop", "room")

    def __init__(self) -> None:
        self.done = 0
        self.limit = 0
        self.room = 0
        self.is_over = False  # the next one is to begin: until then all are paused, that none overtakes another
        self.loop: Any = NOWHERE  # else an AbstractEventLoop
        self._end = 0

    def begin(self) -> None:
        """The other tasks had theirs."""
        if self.loop is not NOWHERE:
            self.limit = self.room = self.done + AT_ONCE
            self._end = self.done + SENDERS * AT_ONCE
        self.is_over = False

    def enter(self, loop: Any) -> None:
        """The turns are this loop's from now on."""
        self.loop = loop
        self.begin()

    def leave(self) -> None:
        """They are no loop's."""
        self.loop = NOWHERE
        self.limit = self.room = 0

    def received(self, outcome: Any, home: Home | None) -> Any:
        """One more was received at once: its future."""
        self.done += 1
        if self.done <= self.limit:
            return filled(Received(), outcome, home, self.done)
        self._finish()
        return filled(Paused(), outcome, home, self.done)

    def sent(self, outcome: Any) -> Any:
        """One more was sent at once: its future. There is none to overtake: the message is on its way."""
        self.done += 1
        if self.done <= self.room:
            return filled(Received(), outcome, None, self.done)
        if self.done < self._end:
            self.room = self.done + AT_ONCE
        else:
            self._finish()
        return filled(Paused(), outcome, None, self.done)

    def _finish(self) -> None:
        loop = self.loop
        if not self.is_over and loop is not NOWHERE and not loop.is_closed():
            self.is_over = True
            loop.call_soon(self.begin)


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
            and turn.done < turn.room
            and not kwargs
            and not self._unsent
            and not self._unread
            and not self._send_futures
        ):
            lanes = self._lanes
            if lanes.batch:
                outgoing = lanes.outgoing
                outgoing.append(data)
                sent = len(outgoing) < lanes.batch or self._routed()
            else:
                sent = self._sent_now(data)
            if sent:
                turn.done += 1
                return Done()
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
            and turn.done < turn.room
            and not kwargs
            and not self._unsent
            and not self._unread
            and not self._send_futures
            and len(parts) > 1
            and all_bytes(parts)
        ):
            lanes = self._lanes
            if lanes.batch:
                outgoing = lanes.outgoing
                outgoing.append(parts)
                sent = len(outgoing) < lanes.batch or self._routed()
            else:
                sent = self._sent_now(parts)
            if sent:
                turn.done += 1
                return Done()
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
        ):
            ready = self._lanes.ready
            try:
                message = ready.pop() if ready else None
            except IndexError:  # another thread has taken it
                message = None
            if message is None:
                try:
                    message = self._looked_for()
                except CORE_ERRORS as error:
                    return self._failed(translated(error))
                if message is None:
                    return self._recv_in_turn()
            if type(message) is not bytes:
                return self._first_done(message)
            future = Received()
            future.outcome = message
            future.home = self
            future.number = turn.done = turn.done + 1
            return future
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
        ):
            try:
                message = self._arrived()
            except CORE_ERRORS as error:
                return self._failed(translated(error))
            if message is None:
                return self._recv_parts_in_turn()
            turn.done += 1
            return filled(Received(), parts_as_bytes(message), self, turn.done)
        return self._recv_parts_later(flags, copy, track)

    def _routed(self) -> bool:
        """Whether the batch that is full could be sent; if not, the slower methods find out why."""
        try:
            self._core.gathered()
        except CORE_ERRORS:
            return False
        return True

    def _sent_now(self, message: Any) -> bool:
        """Whether it could be sent at once; if not, likewise."""
        if self._returned:  # what takes turns has to receive that before
            return False
        try:
            self._core.send(message, 0.0)
        except CORE_ERRORS:
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
        return self._looked_for()

    def _looked_for(self) -> Any:
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
