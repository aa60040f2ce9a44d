"""What the engine's tests share: threads whose outcome can be asked for, peers on a socket pair, a forced end."""

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self, cast

from purezmq.constants import SocketType
from purezmq.engine.context import ContextCore
from purezmq.engine.place import Place
from purezmq.engine.session import Session
from purezmq.engine.socket import SocketCore
from purezmq.zmtp.errors import PeerError
from tests.helpers.waiting import TIMEOUT, eventually
from tests.helpers.wire import LONG, Frame, greeting, ready

ANYWHERE = "tcp://127.0.0.1:*"


class Call:
    """A call in a thread of its own: started at once, its outcome waited for with a limit."""

    def __init__(self, function: Callable[..., Any], *args: Any) -> None:
        self.error: BaseException | None = None
        self._result: Any = None
        self._function = function
        self._args = args
        self._thread = threading.Thread(target=self._run, name="test-call", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._function(*self._args)
        except BaseException as error:  # noqa: BLE001 (it is raised again where the result is asked for)
            self.error = error

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def ends(self, within: float = TIMEOUT) -> bool:
        """Whether it ends in time."""
        self._thread.join(within)
        return self.done

    def result(self, within: float = TIMEOUT) -> Any:
        """What it returned; what it raised is raised here."""
        assert self.ends(within), f"{self._function} did not end within {within} s"
        if self.error is not None:
            raise self.error
        return self._result


class Peer:
    """The far end of a session: octets, written and read by hand."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        sock.settimeout(TIMEOUT)

    def send(self, *octets: bytes) -> None:
        self.sock.sendall(b"".join(octets))

    def read(self, count: int) -> bytes:
        octets = bytearray()
        while len(octets) < count:
            chunk = self.sock.recv(count - len(octets))
            assert chunk, f"expected {count} octets, the connection was closed after {bytes(octets[:100])!r}"
            octets += chunk
        return bytes(octets)

    def read_frame(self) -> Frame:
        flags = self.read(1)[0]
        size = struct.unpack(">Q", self.read(8))[0] if flags & LONG else self.read(1)[0]
        return Frame(flags, self.read(size))

    def shake_hands(self, socket_type: str, minor: int = 1) -> None:
        self.send(greeting(minor), ready(socket_type))
        self.read(64)
        self.read_frame()

    def drain(self) -> bytes:
        """Everything up to the end of the connection."""
        octets = bytearray()
        with contextlib.suppress(ConnectionError):
            while chunk := self.sock.recv(65_536):
                octets += chunk
        return bytes(octets)

    def close(self) -> None:
        self.sock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


class Stream:
    """A stream that notes what is read into; told to be `endless`, it has one octet more, for ever."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.views: list[memoryview] = []
        self.endless = False

    def recv_into(self, view: memoryview, *count: int) -> int:
        self.views.append(view)
        return 1 if self.endless else self._sock.recv_into(view, *count)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class SessionUnderTest:
    """A session of a socket, whose stream is one end of a socket pair."""

    def __init__(self, core: SocketCore) -> None:
        self.core = core
        near, far = socket.socketpair()
        near.settimeout(0)
        self.near = near
        self.stream = Stream(near)
        self.peer = Peer(far)
        self.ends: list[PeerError | None] = []
        with core.lock:
            self.session = Session(
                core,
                core.options,
                cast("socket.socket", self.stream),
                Place("test://pair", bound=True),
                "address",
                None,
                self._over,
            )

    def _over(self, _session: Session, fault: PeerError | None) -> None:
        self.ends.append(fault)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.peer.close()
        with self.core.lock:
            self.session.stop()

    def over(self) -> bool:
        """Whether it has ended; the socket is pumped to find out."""
        self.core.events()
        return self.session.closed

    def until_over(self) -> PeerError | None:
        eventually(self.over, "the session is over")
        (fault,) = self.ends
        return fault

    def until_ready(self) -> None:
        eventually(lambda: self.core.events() is not None and self.session.ready, "the handshake is done")


def shaken(core: SocketCore, socket_type: str, minor: int = 1) -> SessionUnderTest:
    """A session after its handshake."""
    it = SessionUnderTest(core)
    it.peer.send(greeting(minor), ready(socket_type))
    it.until_ready()
    it.peer.read(64)
    it.peer.read_frame()
    return it


def open_socket(context: ContextCore, kind: SocketType, **options: Any) -> SocketCore:
    """A socket with these options; its pattern's among them."""
    core = context.socket(int(kind))
    for name, value in options.items():
        if name in core.pattern.options:
            core.pattern.set_option(name, value)
        if hasattr(core.options, name):
            setattr(core.options, name, value)
    return core


def send_in_passing(core: SocketCore, message: Any) -> None:
    """As `api.Express` sends: into the lane while it is open."""
    lanes = core.lanes
    if lanes.batch:
        lanes.outgoing.append(message)
        if len(lanes.outgoing) >= lanes.batch:
            core.gathered()
    else:
        core.send(message, TIMEOUT)


def bound(context: ContextCore, kind: SocketType, endpoint: str = ANYWHERE, **options: Any) -> SocketCore:
    core = open_socket(context, kind, **options)
    core.bind(endpoint)
    return core


def connected(context: ContextCore, kind: SocketType, endpoint: str, **options: Any) -> SocketCore:
    core = open_socket(context, kind, **options)
    core.connect(endpoint)
    return core


def force_end(context: ContextCore) -> None:
    """Close all sockets and throw away what they still have to deliver; then the context ends, or the test fails."""
    for core in context.sockets:
        with core.lock:
            core.options.linger = 0.0
            core.close()
            for leaving in list(core.endpoints._leaving):
                leaving.stop()
            core.check_end()
    assert Call(context.term).ends(), f"the context has {context.sockets} left"


def descriptors() -> set[str]:
    """What this process has open: Linux knows. Named by what they are, for numbers are used again."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(f"{entry.name} {entry.readlink()}")
    return found


@contextlib.contextmanager
def cpu_time_below(seconds: float) -> Iterator[None]:
    """Fail if the process computes for longer than that."""
    before = os.times()
    yield
    after = os.times()
    used = after.user + after.system - before.user - before.system
    assert used < seconds, f"{used:.3f} s of computing"
