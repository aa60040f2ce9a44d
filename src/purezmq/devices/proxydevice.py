"""Proxies as devices: with a third socket, which gets a copy of each message."""

from ..constants import PUB
from .basedevice import AnySocket, Device, ProcessDevice, SocketPlan, ThreadDevice

__all__ = ["ProcessProxy", "Proxy", "ThreadProxy"]


class ProxyBase(Device):
    """What the proxies share.

    Parameters
    ----------
    in_type, out_type : int
        See `Device`.
    mon_type : int
        The type of the socket that gets a copy of each message: PUB (the default), DEALER, PUSH or PAIR.
    """

    mon_type: int

    def __init__(self, in_type: int, out_type: int, mon_type: int = PUB) -> None:
        super().__init__(in_type=in_type, out_type=out_type)
        self.mon_type = mon_type
        self._mon = SocketPlan()

    def bind_mon(self, addr: str) -> None:
        """Have the `mon` socket bind. Errors are raised when the device starts."""
        self._mon.binds.append(addr)

    def bind_mon_to_random_port(self, addr: str, *args: int, **kwargs: int) -> int:
        """Have the `mon` socket bind to a port that is free now, as `bind_in_to_random_port`."""
        port = self._reserve_random_port(addr, *args, **kwargs)
        self.bind_mon(f"{addr}:{port}")
        return port

    def connect_mon(self, addr: str) -> None:
        """Have the `mon` socket connect."""
        self._mon.connects.append(addr)

    def setsockopt_mon(self, opt: int, value: int | bytes) -> None:
        """Set an option of the `mon` socket, before it binds or connects."""
        self._mon.options.append((opt, value))

    def _setup_sockets(self) -> tuple[AnySocket, ...]:
        return *super()._setup_sockets(), self._make_socket(self.mon_type, self._mon)


class Proxy(ProxyBase):
    """`zmq.proxy` with sockets of its own, which `start` runs here. See `ProxyBase` and `Device`."""


class ThreadProxy(ProxyBase, ThreadDevice):
    """A `Proxy` in a thread of its own."""


class ProcessProxy(ProxyBase, ProcessDevice):
    """A `Proxy` in a process of its own."""
