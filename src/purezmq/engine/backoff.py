"""How long to wait before the next attempt to connect (RECONNECT_IVL, RECONNECT_IVL_MAX)."""


class Backoff:
    """The delays between attempts, in seconds.

    Without a maximum each delay is the interval plus up to as much again at random, so that the clients of a server
    that went away do not all come back at once. With a maximum the delay doubles each time until it is reached.
    """

    def __init__(self, interval: float, maximum: float) -> None:
        self._interval = interval
        self._maximum = maximum
        self._current = interval

    def reset(self) -> None:
        """A connection was made: begin again with the shortest delay."""
        self._current = self._interval

    def next_delay(self) -> float:
        """The delay before the next attempt."""
        if not self._maximum:
            from random import random  # noqa: PLC0415 (not every program connects in vain)

            return self._interval * (1 + random())  # noqa: S311 (jitter, not a secret)
        delay = min(self._current, self._maximum)
        self._current = min(self._current * 2, self._maximum)
        return delay
