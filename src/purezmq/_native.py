"""Threads, locks and sockets of the system's, also in a program that gevent has patched.

`gevent.monkey` puts greenlets in the place of threads, and what switches between greenlets in the place of what waits.
But the engine's thread has to run while no greenlet yields, and a greenlet that holds one of its locks must not switch.
So the engine takes the real ones from here, whether the program was patched before this was imported or afterwards.

Imports nothing of ours.
"""

import sys
from _thread import RLock  # gevent leaves it alone; `threading.RLock` is made of what it does not
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _thread import LockType

__all__ = ["Condition", "RLock", "SystemThread", "allocate_lock", "get_ident", "original", "sleep", "start_thread"]


def original(module: str, name: str) -> Any:  # noqa: ANN401 (whatever is there)
    """What was there before the program was patched; None if nothing was."""
    monkey = sys.modules.get("gevent.monkey")
    with suppress(AttributeError):
        return getattr(import_module(module), name) if monkey is None else monkey.get_original(module, name)
    return None


allocate_lock: "Callable[[], LockType]" = original("_thread", "allocate_lock")
get_ident: Callable[[], int] = original("_thread", "get_ident")
sleep: Callable[[float], None] = original("time", "sleep")


class Condition:
    """As `threading.Condition`, as far as it is used here."""

    def __init__(self, lock: RLock | None = None) -> None:
        self._lock: Any = lock or RLock()
        self._gates: list[LockType] = []

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def wait(self, timeout: float | None = None) -> None:
        """Let the lock go until the next `notify_all`, or for `timeout` seconds; None: as long as it takes."""
        gate = allocate_lock()
        gate.acquire()
        self._gates.append(gate)
        held = self._lock._release_save()  # noqa: SLF001 (as `threading.Condition`: however often it is held)
        try:
            gate.acquire(timeout=-1 if timeout is None else timeout)
        finally:
            self._lock._acquire_restore(held)  # noqa: SLF001 (likewise)
            with suppress(ValueError):
                self._gates.remove(gate)

    def notify_all(self) -> None:
        """Wake those who wait. Called with the lock held."""
        with suppress(IndexError):  # the end; a finalizer may take some in the middle of this
            while True:
                self._gates.pop().release()


class SystemThread:
    """A thread that is none of `threading`'s: where those are greenlets."""

    def __init__(self, run: Callable[[], None]) -> None:
        self._run = run
        self._running = allocate_lock()
        self._running.acquire()
        original("_thread", "start_new_thread")(self._run_to_the_end, ())

    def _run_to_the_end(self) -> None:
        try:
            self._run()
        finally:
            self._running.release()

    def join(self) -> None:
        """Wait until it has ended."""
        with self._running:
            pass


def start_thread(run: Callable[[], None], name: str) -> Thread | SystemThread:
    """Call `run` in a thread of the system's, which does not keep the process alive.

    Raises RuntimeError when the system has none left.
    """
    monkey = sys.modules.get("gevent.monkey")
    if monkey is not None and monkey.is_module_patched("threading"):
        return SystemThread(run)
    thread = Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread
