"""Steerable proxies as devices: a fourth socket takes commands."""

from ..api.proxy import proxy_steerable
from ..constants import PUB
from .basedevice import AnySocket, SocketPlan
from .proxydevice import ProcessProxy, Proxy, ProxyBase, ThreadProxy

__all__ = ["ProcessProxySteerable", "ProxySteerable", "ThreadProxySteerable"]


class ProxySteerableBase(ProxyBase):
    """What the steerable proxies share.

    Parameters
    ----------
    in_type, out_type, mon_type : int
        See `ProxyBase`.
    ctrl_type : int
        The type of the socket that takes commands: PAIR, PULL, SUB or REP. None (the default): no such socket.
        For the commands see `zmq.proxy_steerable`; TERMINATE ends the device.
    """

    ctrl_type: int | None

    def __init__(self, in_type: int, out_type: int, mon_type: int = PUB, ctrl_type: int | None = None) -> None:
        super().__init__(in_type=in_type, out_type=out_type, mon_type=mon_type)
        self.ctrl_type = ctrl_type
        self._ctrl = SocketPlan()

    def bind_ctrl(self, addr: str) -> None:
        """Have the `ctrl` socket bind. Errors are raised when the device starts."""
        self._ctrl.binds.append(addr)

    def bind_ctrl_to_random_port(self, addr: str, *args: int, **kwargs: int) -> int:
        """Have the `ctrl` socket bind to a port that is free now, as `bind_in_to_random_port`."""
        port = self._reserve_random_port(addr, *args, **kwargs)
        self.bind_ctrl(f"{addr}:{port}")
        return port

    def connect_ctrl(self, addr: str) -> None:
        """Have the `ctrl` socket connect."""
        self._ctrl.connects.append(addr)

    def setsockopt_ctrl(self, opt: int, value: int | bytes) -> None:
        """Set an option of the `ctrl` socket, before it binds or connects."""
        self._ctrl.options.append((opt, value))

    def _setup_sockets(self) -> tuple[AnySocket, ...]:
        sockets = super()._setup_sockets()
        return sockets if self.ctrl_type is None else (*sockets, self._make_socket(self.ctrl_type, self._ctrl))

    def run_device(self) -> None:
        """Make the sockets and do the work: what `run` runs."""
        proxy_steerable(*self._setup_sockets())


class ProxySteerable(ProxySteerableBase, Proxy):
    """`zmq.proxy_steerable` with sockets of its own, which `start` runs here. See `ProxySteerableBase`."""


class ThreadProxySteerable(ProxySteerableBase, ThreadProxy):
    """A `ProxySteerable` in a thread of its own."""


class ProcessProxySteerable(ProxySteerableBase, ProcessProxy):
    """A `ProxySteerable` in a process of its own."""
