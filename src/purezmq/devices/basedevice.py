"""Devices: a proxy that is told first what its sockets shall be, and makes them where it runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import Process
from threading import Event, Thread
from typing import Any

from ..api.context import Context
from ..api.proxy import proxy
from ..api.socket import Socket
from ..constants import ENOTSOCK, ETERM, PUSH, QUEUE
from ..error import ZMQError

__all__ = ["Device", "ProcessDevice", "ThreadDevice"]

AnySocket = Socket[Any]

ENDS = {ETERM, ENOTSOCK}
"""How a device is told to end: its context is terminated, or one of its sockets is closed."""


@dataclass
class SocketPlan:
    """What a socket shall be, before there is one."""

    options: list[tuple[int, int | bytes]] = field(default_factory=list)
    binds: list[str] = field(default_factory=list)
    connects: list[str] = field(default_factory=list)

    def __add__(self, other: "SocketPlan") -> "SocketPlan":
        return SocketPlan(self.options + other.options, self.binds + other.binds, self.connects + other.connects)

    def carry_out(self, socket: AnySocket) -> None:
        """Set the options, then bind, then connect."""
        for option, value in self.options:
            socket.setsockopt(option, value)
        for address in self.binds:
            socket.bind(address)
        for address in self.connects:
            socket.connect(address)


class Device:
    """Two sockets that pass on to each other what comes. `start` runs it here, until its context is terminated.

    ::

        device = zmq.devices.ThreadDevice(zmq.QUEUE, zmq.ROUTER, zmq.DEALER)
        device.bind_in("tcp://*:5555")
        device.bind_out("tcp://*:5556")
        device.start()

    The methods say what is to be done; it is done when the device starts, and what is wrong is raised there.

    Parameters
    ----------
    device_type : int
        QUEUE (the default), FORWARDER or STREAMER: all do the same.
    in_type, out_type : int
        The types of the sockets. `out_type` -1: there is one socket only, and what comes goes back.
    """

    context_factory: Callable[[], Context[Any]] = Context.instance
    """Where the context comes from: `Context.instance` (the default), `Context`, or any callable without parameters."""

    device_type: int
    in_type: int
    out_type: int
    daemon: bool
    """Whether the program may end while the device runs in its thread or process; True from the beginning."""

    def __init__(self, device_type: int = QUEUE, in_type: int | None = None, out_type: int | None = None) -> None:
        if in_type is None:
            raise TypeError("in_type must be specified")
        if out_type is None:
            raise TypeError("out_type must be specified")
        self.device_type = device_type
        self.in_type = in_type
        self.out_type = out_type
        self.daemon = True
        self._in = SocketPlan()
        self._out = SocketPlan()
        self._reserved: set[str] = set()
        self._context: Any = None  # a Context, once the device runs
        self._sockets: list[AnySocket] = []
        self._ended = Event()

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process: all but the Event."""
        return {name: value for name, value in vars(self).items() if name != "_ended"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _ended=Event())

    # before the start

    def bind_in(self, addr: str) -> None:
        """Have the `in` socket bind. Errors are raised when the device starts."""
        self._in.binds.append(addr)

    def bind_in_to_random_port(self, addr: str, *args: int, **kwargs: int) -> int:
        """Have the `in` socket bind to a port that is free now, and return the port.

        Parameters, and what is raised at once: as for `Socket.bind_to_random_port`.
        """
        port = self._reserve_random_port(addr, *args, **kwargs)
        self.bind_in(f"{addr}:{port}")
        return port

    def connect_in(self, addr: str) -> None:
        """Have the `in` socket connect."""
        self._in.connects.append(addr)

    def setsockopt_in(self, opt: int, value: int | bytes) -> None:
        """Set an option of the `in` socket, before it binds or connects."""
        self._in.options.append((opt, value))

    def bind_out(self, addr: str) -> None:
        """Have the `out` socket bind. Errors are raised when the device starts."""
        self._out.binds.append(addr)

    def bind_out_to_random_port(self, addr: str, *args: int, **kwargs: int) -> int:
        """Have the `out` socket bind to a port that is free now, as `bind_in_to_random_port`."""
        port = self._reserve_random_port(addr, *args, **kwargs)
        self.bind_out(f"{addr}:{port}")
        return port

    def connect_out(self, addr: str) -> None:
        """Have the `out` socket connect."""
        self._out.connects.append(addr)

    def setsockopt_out(self, opt: int, value: int | bytes) -> None:
        """Set an option of the `out` socket, before it binds or connects."""
        self._out.options.append((opt, value))

    def _reserve_random_port(self, addr: str, *args: int, **kwargs: int) -> int:
        """Return a port that is free, and was not given to another socket of this device."""
        with Context() as context, context.socket(PUSH) as finder:
            while True:  # the finder stays bound to what it found, so that it finds another one each time
                port = finder.bind_to_random_port(addr, *args, **kwargs)
                if (address := f"{addr}:{port}") not in self._reserved:
                    self._reserved.add(address)
                    return port

    # at work

    def start(self) -> None:
        """Run the device; for other classes of devices: in the background."""
        self.run()

    def run(self) -> None:
        """Run the device here until it ends, and close its sockets.

        Raises what its sockets raise, except that the context is terminated or a socket was closed: that is its end.
        """
        try:
            self.run_device()
        except ZMQError as error:
            if error.errno not in ENDS:
                raise
        finally:
            self._close_sockets()
            self._ended.set()

    def run_device(self) -> None:
        """Make the sockets and do the work: what `run` runs."""
        proxy(*self._setup_sockets())

    @property
    def done(self) -> bool:
        """Whether `run` has ended, in this process."""
        return self._ended.is_set()

    def join(self, timeout: float | None = None) -> None:
        """Wait until the device has ended; at most `timeout` seconds, None (the default): as long as it takes."""
        self._ended.wait(timeout)

    def _setup_sockets(self) -> tuple[AnySocket, ...]:
        """Make all sockets, in the order in which the work takes them."""
        self._context = self.context_factory()
        if self.out_type < 0:
            echo = self._make_socket(self.in_type, self._in + self._out)
            return echo, echo
        return self._make_socket(self.in_type, self._in), self._make_socket(self.out_type, self._out)

    def _make_socket(self, socket_type: int, plan: SocketPlan) -> AnySocket:
        socket: AnySocket = self._context.socket(socket_type)
        self._sockets.append(socket)
        plan.carry_out(socket)
        return socket

    def _close_sockets(self) -> None:
        for socket in self._sockets:
            socket.close()


class BackgroundDevice(Device):
    """A device that `start` runs in the background."""

    launcher: Any = None
    """The Thread or Process, once started."""
    _launch_class: Callable[..., Any]

    def start(self) -> None:
        """Run the device in the background, and return at once."""
        self.launcher = self._launch_class(target=self.run)
        self.launcher.daemon = self.daemon
        self.launcher.start()

    def join(self, timeout: float | None = None) -> None:
        """Wait until the device has ended; at most `timeout` seconds, None (the default): as long as it takes."""
        if self.launcher is None:
            raise RuntimeError("join wants a device that was started")
        self.launcher.join(timeout=timeout)


class ThreadDevice(BackgroundDevice):
    """A device in a thread of its own. See `Device`."""

    _launch_class = Thread


class ProcessDevice(BackgroundDevice):
    """A device in a process of its own, with a context of its own. See `Device`.

    The process is one of `multiprocessing`, started in the way that is set there: fork, spawn or forkserver.
    """

    _launch_class = Process
    context_factory: Callable[[], Context[Any]] = Context
    """Where the context comes from: `Context` (the default), or any callable without parameters."""

    def run(self) -> None:
        """Run the device here until it ends; then end its context, when everything is delivered."""
        super().run()
        if self._context is not None:
            self._context.term()
