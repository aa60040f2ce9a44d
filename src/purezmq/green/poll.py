"""A Poller for gevent.

Imports `waiting`.
"""

from typing import Any

import purezmq as zmq

from ..api.waiting import Watch
from .waiting import Deadline, looking_out

__all__ = ["_Poller"]


class _Poller(zmq.Poller):
    """A Poller whose `poll` lets other greenlets run while it waits.

    Sockets of either kind may be registered, green or not, and anything with a `fileno()`, gevent's sockets among them.
    Of plain descriptors gevent's loops know no POLLPRI: it is seen when something else wakes the greenlet.
    """

    def poll(self, timeout: float | None = -1) -> list[tuple[Any, int]]:
        """Wait until something is ready, as `zmq.Poller.poll`. `timeout` is in milliseconds; negative for ever."""
        deadline = Deadline(None if timeout is None or timeout < 0 else int(timeout) / 1000)
        if (ready := super().poll(0)) or not self._events or deadline.remaining == 0:
            return ready
        with looking_out([Watch.of(thing, events) for thing, events in self._events.items()]) as lookout:
            while True:
                lookout.clear()
                if (ready := super().poll(0)) or deadline.remaining == 0:
                    return ready
                lookout.wait(deadline.remaining)
