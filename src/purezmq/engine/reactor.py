"""The background thread of a context: it does what nobody waits for.

It sleeps on one poll set, which holds the poll sets of sockets that nobody pumps, and on the earliest timer. A socket
is *watched* until it turns out that its owner pumps it: then it is *leased* to its owner, and looked at again when the
lease is over. So while callers pump, the reactor wakes up a few dozen times a second at most, and in an idle process
not once.

    watched --ready, and somebody waits on it or pumped it of late--> leased
    watched --ready otherwise--> the reactor pumps it
    leased  --lease over--> watched, or leased again for twice as long if it was pumped meanwhile
    leased  --watch, or hasten when the lease is a longer one--> watched
"""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread, get_native_id
from time import monotonic
from typing import Protocol

from .._native import RLock, SystemThread, get_ident, sleep, start_thread
from . import log
from .bursts import Bursts
from .pollset import READ, Handler, plain_pollset
from .timers import Timer, Timers

LEASE = 0.005
"""Seconds that a socket is left alone after its owner was seen pumping it."""

LONGEST_LEASE = 0.04
"""Seconds that one is left alone whose owner comes back again and again."""

TICK = 0.001
"""Seconds: the poll set's measure. It rounds up."""


class Pumpable(Protocol):
    """What the reactor needs of a socket."""

    def fileno(self) -> int:
        """The descriptor of its poll set."""

    def waited_on(self) -> bool:
        """Whether a thread waits on it, and so will pump it."""

    def pumped(self) -> bool:
        """Whether a caller pumped it since the last time this was asked."""

    def pump(self) -> None:
        """Handle what is ready."""


class Reactor:
    """One thread, started by the first use. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = RLock()  # a finalizer may close a socket wherever this thread is
        self._pollset = plain_pollset()
        self.bursts = Bursts(self)
        self.guests: set[Bursts] = set()  # those of programs' event loops
        self._timers = Timers()
        self._calls: deque[Callable[[], None]] = deque()
        self._sleeps_until: float | None = None
        self._dozed = False
        self._watched: dict[Pumpable, int] = {}  # socket -> its descriptor, which is in the poll set
        self._leases: dict[Pumpable, tuple[float, Timer]] = {}  # socket -> how long it is left alone, and the end
        self._thread: Thread | SystemThread | None = None
        self._ident = 0  # the thread's
        self._stopped = False

    # timers and calls

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Call it in the reactor's thread, `delay` seconds from now."""
        deadline = monotonic() + delay
        with self._lock:
            timer = self._timers.add(deadline, callback)
            must_wake = self._sleeps_until is None or deadline < self._sleeps_until
        self._start()
        if must_wake:
            self._pollset.waker.set()
        return timer

    def cancel(self, timer: Timer | None) -> None:
        """Do not call it, if it was not called yet."""
        if timer is None:
            return
        with self._lock:
            timer.cancel()
            must_wake = not self._timers and bool(self._sleeps_until)
        if must_wake:
            self._pollset.waker.set()  # once now, and then not at the time of a timer that is no more

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Call it in the reactor's thread, at once."""
        self._calls.append(callback)
        self._start()
        self._pollset.waker.set()

    # descriptors and sockets

    def register(self, fd: int, events: int, handler: Callable[[int], None]) -> None:
        """Call `handler` in the reactor's thread whenever the descriptor is ready."""
        with self._lock:
            self._pollset.register(fd, events, handler)
        self._start()
        self._pollset.waker.set()

    def unregister(self, fd: int) -> None:
        """No longer."""
        with self._lock:
            if not self._stopped:
                self._pollset.unregister(fd)
        self._pollset.waker.set()  # it may be asleep on a descriptor that is about to be closed

    def watch(self, socket: Pumpable) -> None:
        """Pump this socket whenever its owner does not. It stays so until `unwatch`."""
        with self._lock:
            if socket not in self._watched and not self._stopped:
                self._end_lease(socket)
                fd = self._watched[socket] = socket.fileno()
                self._pollset.register(fd, READ, partial(self._ready, socket))
        self._start()

    def hasten(self, socket: Pumpable) -> None:
        """Something waits for this socket: it is not to wait for the end of a longer lease."""
        lease = self._leases.get(socket)
        if lease is not None and lease[0] > LEASE:
            self.watch(socket)

    def unwatch(self, socket: Pumpable) -> None:
        """Forget this socket; to be called before its poll set is closed."""
        with self._lock:
            self._end_lease(socket)
            fd = self._watched.pop(socket, None)
            if fd is not None and not self._stopped:
                self._pollset.unregister(fd)

    def _ready(self, socket: Pumpable, _events: int) -> None:
        if not (socket.waited_on() or socket.pumped()):
            socket.pump()
            return
        with self._lock:
            if socket in self._watched:
                self._pollset.unregister(self._watched.pop(socket))
                self._lease(socket, LEASE)

    def _lease(self, socket: Pumpable, seconds: float) -> None:
        until_all_end = -(monotonic() + seconds) % LEASE  # those of many sockets end together, in one wake-up
        self._leases[socket] = seconds, self.call_later(seconds + until_all_end, partial(self._lease_over, socket))

    def _end_lease(self, socket: Pumpable) -> None:
        lease = self._leases.pop(socket, None)
        if lease is not None:
            lease[1].cancel()

    def _lease_over(self, socket: Pumpable) -> None:
        pumped = socket.pumped()
        with self._lock:
            lease = self._leases.get(socket)
            if lease is None or lease[1].pending:  # it ended already; perhaps there is another one by now
                return
            if pumped:
                self._lease(socket, min(2 * lease[0], LONGEST_LEASE))
            else:
                self.watch(socket)
        if not pumped:
            socket.pump()  # it may be that somebody waits on it who is kept from coming

    # the thread

    def _start(self) -> None:
        if self._thread is None:
            self._start_thread()

    def _start_thread(self) -> None:
        with self._lock:
            if self._thread is None and not self._stopped:
                self._thread = start_thread(self._run, "purezmq-reactor")

    def stop(self) -> None:
        """End the thread and give its descriptors back; afterwards nothing is called any more."""
        with self._lock:
            self._stopped = True
            thread = self._thread
        self._pollset.waker.set()
        if thread is not None and not self.is_current():
            thread.join()
        for bursts in (self.bursts, *self.guests):
            bursts.stop()
        self._pollset.close()

    def is_current(self) -> bool:
        """Whether this is the reactor's own thread."""
        return get_ident() == self._ident

    def abandon(self) -> None:
        """In a forked child: there is no thread; give back the descriptors without touching what the parent shares."""
        self._lock = RLock()
        self._stopped = True
        self._pollset.abandon()

    def _run(self) -> None:
        self._ident = get_ident()
        _be_punctual()
        while not self._stopped:
            self._turn()

    def _turn(self) -> None:
        """Sleep once, and do what there is to do. A function of its own, lest a sleeping thread keeps objects alive."""
        try:
            ready = self._sleep()
        except OSError:  # Windows: a descriptor was closed while this slept on it; it is not in the set any more
            ready = []
        self._sleeps_until = 0.0  # awake: nobody needs to wake it
        for handler, events in ready:
            self._call(partial(handler, events))
        while self._calls:
            self._call(self._calls.popleft())
        with self._lock:
            due = [timer.expire() for timer in self._timers.due(monotonic())]
        for callback in due:
            self._call(callback)

    def _time_to_sleep(self) -> float | None:
        with self._lock:
            self._sleeps_until = self._timers.next_deadline()
            if self._stopped or self._calls:
                return 0.0
            return None if self._sleeps_until is None else max(0.0, self._sleeps_until - monotonic())

    def _sleep(self) -> list[tuple[Handler, int]]:
        """Sleep on the poll set; or doze for a fraction of a millisecond, for which that has no measure.

        After a doze a timer is due, and before the next one the poll set is asked.
        """
        seconds = self._time_to_sleep()
        short = seconds is not None and seconds < TICK
        if seconds and short and not self._dozed:
            self._dozed = True
            sleep(seconds)
            return []
        self._dozed = False
        return self._pollset.wait(0.0 if short else seconds)

    def _call(self, callback: Callable[[], None]) -> None:
        try:
            callback()
        except Exception:  # noqa: BLE001 (the thread serves every socket of the context: none may end it)
            log.exception("purezmq: a bug in the reactor's callback %r", callback)


def _be_punctual() -> None:
    """Have Linux wake this thread when it wants to, not up to 50 µs later (proc_pid_timerslack_ns(5))."""
    path = f"/proc/{get_native_id()}/timerslack_ns"
    with suppress(OSError), open(path, "w", encoding="ascii") as slack:  # noqa: PTH123 (pathlib takes 2 ms to import)
        slack.write("1000")
