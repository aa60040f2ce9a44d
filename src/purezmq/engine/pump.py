"""Whoever waits, pumps: how threads wait on a socket, and who handles what its descriptors have meanwhile.

A thread that has to wait becomes the socket's *leader*, if there is none: it waits on the poll set, without the lock,
then takes the lock and handles what is ready. Any other thread that waits is a *follower*: it sleeps on a condition
until the leader has handled something, or leaves. When nobody waits the reactor pumps.

Other sockets (inproc) and the reactor leave *mail*: calls to be made under the lock, by whoever takes it next. A
leader is woken for it; an idle socket's mail waits until somebody is interested.

Poll loops over many sockets bring a waker of their own, which is set whenever something was handled by anybody. What a
program's event loop watches is the `Outlet`, which shows a level.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TypeVar

from .._native import Condition, RLock
from .errors import EngineError, WouldBlock
from .outlet import Outlet
from .pollset import Handler, PollSet, new_pollset
from .reactor import Reactor
from .timers import Timer
from .vigil import VIGIL, Vigil
from .waker import Wakeable

T = TypeVar("T")


class Pump:
    """The waiting half of a socket. `_settle` and `_release` are for the other half to fill in."""

    def __init__(self, reactor: Reactor) -> None:
        self.lock = RLock()
        self.reactor = reactor
        self._bursts = reactor.bursts
        self.pollset: PollSet = new_pollset(reactor, self._run_handler)
        self._changed = Condition(self.lock)
        self._followers = 0
        self._attending = 0  # threads that are here for longer, and handle what comes
        self._leading = False  # one of them waits on the poll set, or is about to
        self._polls: set[Wakeable] = set()  # poll loops that wait for this socket among others
        self._outlet: Outlet | None = None  # once FD was asked for
        self._spoke = False  # something was sent since a thread last waited
        self._vigil = Vigil()
        self._awake = False  # the leader looks at the mail again and again
        self.unsettled = 0  # connections in the making, which are not to wait for a caller to come back
        self.blocked = 0  # connections that the kernel had no room for, which should not wait for long
        self._pumped = False  # by a caller, since the reactor last asked
        self._mail: deque[Callable[[], None]] = deque()
        self._gone: type[EngineError] | None = None  # why no call is possible any more
        self._released = False

    # waiting

    def _wait(self, attempt: Callable[[], T | None], timeout: float | None) -> T:
        """Pump until `attempt` gives something other than None or False; it has just been made, in vain.

        Called and left with the lock held. Raises WouldBlock after `timeout` seconds, and whatever ended the socket or
        the context meanwhile.
        """
        self._attending += 1
        try:
            if timeout == 0:
                self.pump_once()
                return self._try(attempt)
            return self._pump_until(attempt, timeout)
        finally:
            self.leave()
            if self._gone is not None:
                self._release()

    def _pump_until(self, attempt: Callable[[], T | None], timeout: float | None) -> T:
        deadline = None if timeout is None else monotonic() + timeout
        while True:
            if self._leading:
                self._follow(deadline)
            else:
                self._lead(deadline)
            if self._mail or self._gone is not None:
                self._before()
            result = attempt()
            if result is not None and result is not False:
                return result
            if deadline is not None and monotonic() >= deadline:
                raise WouldBlock(f"nothing within {timeout} s")

    def _try(self, attempt: Callable[[], T | None]) -> T:
        self._before()
        result = attempt()
        if result is None or result is False:
            raise WouldBlock("not possible without waiting")
        return result

    def _lead(self, deadline: float | None) -> None:
        """Wait once on the poll set, and handle what is ready. Not at all if there is mail, which may change things."""
        self._leading = True  # before the last look at the mail: from here on whoever leaves some wakes us
        ready: list[tuple[Handler, int]] = []
        try:
            if self._mail:
                return
            timeout = None if deadline is None else max(0.0, deadline - monotonic())
            self.lock.release()
            try:
                self._bursts.pause()
                ready = self._sleep(timeout) if self._spoke else self.pollset.wait(timeout)
            finally:
                self.lock.acquire()
        finally:
            self._leading = False
            if self._followers:
                self._changed.notify_all()
        self._handle(ready)

    def _sleep(self, timeout: float | None) -> list[tuple[Handler, int]]:
        """Wait on the poll set after something was sent; awake, for a moment, when answers have been quick of late."""
        self._spoke = False
        began = monotonic()
        if self._vigil.due and (timeout is None or timeout > VIGIL):
            ready = self._stay_awake(began + VIGIL)
            if ready or self._mail:
                self._vigil.rewarded()
                return ready
            self._vigil.disappointed()
            timeout = None if timeout is None else timeout - VIGIL
        ready = self.pollset.wait(timeout)
        self._vigil.slept(monotonic() - began)
        return ready

    def _stay_awake(self, until: float) -> list[tuple[Handler, int]]:
        """Look again and again; to be woken from sleep takes longer than a quick answer."""
        look, pause = self.pollset.wait, self.pollset.pause
        self._awake = True  # whoever leaves mail need not wake us
        try:
            while not self._mail and monotonic() < until:
                if pause is not None:
                    pause()
                elif ready := look(0):
                    return ready
        finally:
            self._awake = False
        return []

    def _follow(self, deadline: float | None) -> None:
        self._followers += 1
        try:
            self._changed.wait(None if deadline is None else max(0.0, deadline - monotonic()))
        finally:
            self._followers -= 1

    def pump_once(self) -> None:
        """Handle what is ready now, unless a leader is about to."""
        if not self._leading and not self._released:
            self._handle(self.pollset.wait(0))

    def _handle(self, ready: list[tuple[Handler, int]]) -> None:
        self._pumped = True
        if self._released:
            return
        for handler, events in ready:
            handler(events)
        self._settle()
        if (self._polls or self._outlet is not None) and self._more_than_woken(ready):
            self._tell_loops()  # it may be another than this caller who waits for what changed

    def _more_than_woken(self, ready: list[tuple[Handler, int]]) -> bool:
        return any(handler != self.pollset.woken for handler, _ in ready)

    def _before(self) -> None:
        """What comes before each operation: the mail, and the end."""
        self.read_mail()
        if self._gone is not None:
            raise self._gone(repr(self))

    def read_mail(self) -> None:
        """Make the calls that other sockets have left. Called with the lock held."""
        if self._mail:
            if self._leading:  # whoever leads may not have been woken for the mail that we take
                self.pollset.waker.set()
            while self._mail:
                self._mail.popleft()()
            self._settle()

    # what others do to the socket

    def post(self, call: Callable[[], None]) -> None:
        """Leave a call to be made under the lock. From any thread, without the lock."""
        self._mail.append(call)
        if self._leading and not self._awake:
            self.pollset.waker.set()
        if self._polls or self._outlet:
            self._tell_loops()

    def run(self, call: Callable[[], None]) -> None:
        """Make a call under the lock, now, in this thread (the reactor's, a look-up's), and tell those who wait."""
        with self.lock:
            if not self._released:
                call()
                self.changed()

    def call_later(self, delay: float, call: Callable[[], None]) -> Timer:
        """Make a call under the lock, in the reactor's thread."""
        return self.reactor.call_later(delay, partial(self.run, call))

    def cancel(self, timer: Timer | None) -> None:
        """Forget a timer; None is fine."""
        self.reactor.cancel(timer)

    def _run_handler(self, handler: Handler, events: int) -> None:
        self.run(partial(handler, events))

    def changed(self) -> None:
        """Something changed by another hand than the leader's. Called with the lock held."""
        self._settle()
        self.tell()

    def tell(self) -> None:
        """Have those who wait look again, if they do not do so anyhow. Called with the lock held."""
        if self._leading:
            self.pollset.waker.set()
        if self._followers:
            self._changed.notify_all()
        self._tell_loops()

    def _tell_loops(self) -> None:
        for waker in self._polls.copy():
            waker.set()
        if self._outlet is not None:
            self._outlet.show()

    # the reactor asks

    def fileno(self) -> int:
        """The poll set's descriptor."""
        return self.pollset.fileno()

    def attend(self) -> None:
        """A caller takes care of what comes. To be followed by `leave`. Both are called with the lock held."""
        self._attending += 1

    def leave(self) -> None:
        """It goes: the reactor takes over what is not to wait."""
        self._attending -= 1
        if (self.unsettled or self.blocked) and not self._attending:
            self._entrust()

    def _entrust(self) -> None:
        if self.unsettled:
            self.reactor.watch(self)
        else:
            self.reactor.hasten(self)

    def unsettle(self) -> None:
        """A connection is in the making: the reactor takes over, unless a caller is here."""
        self.unsettled += 1
        if not self._attending:
            self.reactor.watch(self)

    def settle(self) -> None:
        """It is made, or has failed."""
        self.unsettled -= 1

    def block(self) -> None:
        """The kernel has no room for what a connection has to write."""
        self.blocked += 1
        if not self._attending:
            self.reactor.hasten(self)

    def unblock(self) -> None:
        """It has, or the connection has ended."""
        self.blocked -= 1

    def waited_on(self) -> bool:
        """A thread is waiting on the socket, and will handle what comes."""
        return self._leading or bool(self._polls)

    def pumped(self) -> bool:
        """Whether a caller pumped it since the last time this was asked, and no connection is in the making."""
        pumped, self._pumped = self._pumped, False
        return pumped and not self.unsettled

    def pump(self) -> None:
        """The reactor's turn: handle what is ready."""
        with self.lock:
            if self._leading or self._released:
                return
            for handler, events in self.pollset.wait(0):
                handler(events)
            self.changed()

    # poll loops

    def polled(self, waker: Wakeable) -> None:
        """A poll loop waits for this socket too: on `fileno()`, and for its waker. To be followed by `unpolled`."""
        with self.lock:
            self._before()
            self._polls.add(waker)

    def unpolled(self, waker: Wakeable) -> None:
        """It waits no longer."""
        with self.lock:
            self._polls.discard(waker)
            if self._gone is not None:
                self._release()

    def unpolled_soon(self, waker: Wakeable) -> None:
        """As `unpolled`, for a waker that finds so itself: whoever sets it may hold the lock of another socket."""
        self.reactor.call_later(0.0, partial(self.unpolled, waker))

    def export(self) -> int:
        """The descriptor for an event loop of the program's, which may watch it for as long as the socket lives."""
        with self.lock:
            self._before()
            if self._outlet is None:
                self._outlet = Outlet(self.pollset)
                self._outlet.show()  # whatever there was before
            return self._outlet.fileno()

    # for the other half

    def _settle(self) -> None:
        """Called after handlers ran."""

    def _release(self) -> None:
        """Close the poll set, if the socket has ended and nobody waits on it."""

    def abandon(self) -> None:
        """In a forked child: nobody else is here, and the descriptors are the parent's."""
        self.lock = RLock()
        self._changed = Condition(self.lock)
        self._leading = False
        self._followers = 0
        self._polls.clear()
        self._attending = 0
        self.pollset.abandon()
        if self._outlet is not None:
            self._outlet.abandon()
