"""Stopwatch: an old utility of pyzmq's. Imports nothing of ours."""

import time
import warnings

__all__ = ["Stopwatch"]


class Stopwatch:
    """Deprecated: use `time.perf_counter`."""

    def __init__(self) -> None:
        text = "zmq.Stopwatch is deprecated. Use stdlib time.monotonic and friends instead"
        warnings.warn(text, DeprecationWarning, stacklevel=2)
        self._start = 0.0

    def start(self) -> None:
        """Start the clock."""
        self._start = time.monotonic()

    def stop(self) -> int:
        """Return the time since `start`, in microseconds."""
        return int(1e6 * (time.monotonic() - self._start))
