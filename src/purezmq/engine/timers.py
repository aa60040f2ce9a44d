"""Deadlines in order. No clock here: whoever asks brings the time, so that it can be tested without a sleep."""

import heapq
from collections.abc import Callable
from itertools import count


class Timer:
    """One call to be made at a time to come. `cancel` is idempotent, and harmless after it ran."""

    __slots__ = ("_timers", "callback", "deadline")

    def __init__(self, timers: "Timers", deadline: float, callback: Callable[[], None]) -> None:
        self._timers: Timers | None = timers
        self.deadline = deadline
        self.callback = callback

    def cancel(self) -> None:
        """Never make the call, and let go of what it would have called."""
        timers, self._timers = self._timers, None
        self.callback = _nothing
        if timers is not None:
            timers.forget()

    @property
    def pending(self) -> bool:
        """Neither cancelled nor due yet."""
        return self._timers is not None

    def expire(self) -> Callable[[], None]:
        """Take it off: the call that is to be made, which does nothing if it was cancelled."""
        callback = self.callback
        self.cancel()
        return callback


class Timers:
    """A heap of timers, of which at most half are cancelled ones."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._serial = count()  # equal deadlines run in the order of their making
        self._pending = 0

    def __len__(self) -> int:
        return self._pending

    def add(self, deadline: float, callback: Callable[[], None]) -> Timer:
        """A timer for this time."""
        timer = Timer(self, deadline, callback)
        heapq.heappush(self._heap, (deadline, next(self._serial), timer))
        self._pending += 1
        return timer

    def forget(self) -> None:
        """One of the timers is no longer pending; when most are not, those are thrown out."""
        self._pending -= 1
        if self._pending * 2 < len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].pending]
            heapq.heapify(self._heap)

    def next_deadline(self) -> float | None:
        """When the earliest timer is due; None when there is none."""
        while self._heap and not self._heap[0][2].pending:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: float) -> list[Timer]:
        """The timers whose time has come, taken out, earliest first."""
        due = []
        while self._heap and self._heap[0][0] <= now:
            timer = heapq.heappop(self._heap)[2]
            if timer.pending:
                due.append(timer)
        return due


def _nothing() -> None:
    pass
