"""Monitored queues as devices: proxies that tell what comes from where."""

from ..api.proxy import monitored_queue
from ..constants import PUB
from .proxydevice import ProcessProxy, Proxy, ProxyBase, ThreadProxy

__all__ = ["MonitoredQueue", "ProcessMonitoredQueue", "ThreadMonitoredQueue"]


class MonitoredQueueBase(ProxyBase):
    """What the monitored queues share.

    Parameters
    ----------
    in_type, out_type, mon_type : int
        See `ProxyBase`.
    in_prefix, out_prefix : bytes
        The first part of what the `mon` socket sends of messages from the `in` socket, and from the `out` socket.
    """

    def __init__(
        self, in_type: int, out_type: int, mon_type: int = PUB, in_prefix: bytes = b"in", out_prefix: bytes = b"out"
    ) -> None:
        super().__init__(in_type=in_type, out_type=out_type, mon_type=mon_type)
        self._in_prefix = in_prefix
        self._out_prefix = out_prefix

    def run_device(self) -> None:
        """Make the sockets and do the work: what `run` runs."""
        in_socket, out_socket, mon_socket = self._setup_sockets()
        monitored_queue(in_socket, out_socket, mon_socket, self._in_prefix, self._out_prefix)


class MonitoredQueue(MonitoredQueueBase, Proxy):
    """`monitored_queue` with sockets of its own, which `start` runs here. See `MonitoredQueueBase`."""


class ThreadMonitoredQueue(MonitoredQueueBase, ThreadProxy):
    """A `MonitoredQueue` in a thread of its own."""


class ProcessMonitoredQueue(MonitoredQueueBase, ProcessProxy):
    """A `MonitoredQueue` in a process of its own."""
