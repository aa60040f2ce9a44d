"""Whether to stay awake for an answer. To be woken takes longer than many an answer; to wait in vain costs the time.

Whoever has sent something and then waits may look again and again for a few microseconds before going to sleep, if the
last answers came that quickly. A vigil in vain (the peer needs longer, or the machine has no processor to spare for it)
puts the next one off, twice as long each time.
"""

import os

VIGIL = 50e-6
"""Seconds that one lasts at most."""

QUICK = 100e-6
"""Seconds: an answer that comes so soon to a sleeper might have come to a vigil. It includes two wake-ups, or so."""

LONGEST = 1023
"""Quick answers, at most, that are slept through after vigils in vain."""

_PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Vigil:
    """The memory of one socket."""

    __slots__ = ("_penalty", "_to_go", "due")

    def __init__(self) -> None:
        self.due = False  # the next wait had better begin with one
        self._to_go = 1  # quick answers until then
        self._penalty = 0

    def rewarded(self) -> None:
        """The answer came."""
        self._penalty >>= 1

    def disappointed(self) -> None:
        """It did not."""
        self._to_go = self._penalty = min(2 * self._penalty + 1, LONGEST)
        self.due = False

    def slept(self, seconds: float) -> None:
        """The answer came to a sleeper, after so long."""
        if seconds > QUICK:
            self._to_go = max(self._to_go, 1)
        elif self._to_go:
            self._to_go -= 1
        self.due = not self._to_go and _PROCESSORS > 1
