"""Waiting for several sockets and file descriptors at once.

A ZeroMQ socket is waited for by a descriptor of its engine's, which becomes readable whenever the socket's events may
have changed; what the events are, the socket is asked.

Imports `waiting` and the public `constants`.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..constants import PollEvent
from .waiting import Watch, wait_for

if TYPE_CHECKING:
    from _typeshed import HasFileno

    from .socket import Socket

    S = TypeVar("S", bound=Socket[Any])

__all__ = ["Poller", "select", "zmq_poll"]

IN_OUT = PollEvent.POLLIN | PollEvent.POLLOUT


@overload  # a Socket has a `fileno()`, too: what is ready of Sockets is given back as they are
def zmq_poll(  # type: ignore[overload-overlap]
    sockets: "Iterable[tuple[S, int]]", timeout: int = -1
) -> "list[tuple[S, int]]": ...
@overload
def zmq_poll(sockets: "Iterable[tuple[int | HasFileno, int]]", timeout: int = -1) -> list[tuple[int, int]]: ...
@overload
def zmq_poll(sockets: Iterable[tuple[Any, int]], timeout: int = -1) -> list[tuple[Any, int]]: ...
def zmq_poll(sockets: Iterable[tuple[Any, int]], timeout: int = -1) -> list[tuple[Any, int]]:
    """Wait until one of several sockets or file descriptors is ready.

    Parameters
    ----------
    sockets : list of (socket, events)
        A Socket, a file descriptor, or anything with a `fileno()`; and what to wait for: POLLIN, POLLOUT, and POLLPRI
        for plain descriptors. What is wrong with a plain descriptor is told as POLLERR without being asked for.
    timeout : int
        Milliseconds; negative (the default): as long as it takes. With nothing to wait for it returns at once.

    Returns
    -------
    list of (socket, events)
        Those that are ready, in the order given: Sockets themselves, everything else as its file descriptor.

    Raises
    ------
    TypeError, ValueError
        for something that cannot be waited for
    ZMQError
        ENOTSOCK for a closed Socket, ETERM when its context is terminated
    """
    if isinstance(timeout, bool) or not isinstance(timeout, int):
        timeout = int(timeout)
    watches = [Watch.of(thing, events) for thing, events in sockets]
    if not watches:
        return []
    return wait_for(watches, None if timeout < 0 else timeout / 1000)


class Poller:
    """A set of sockets and file descriptors to wait for, like Python's `select.poll`.

    ::

        poller = zmq.Poller()
        poller.register(receiver, zmq.POLLIN)
        poller.register(control, zmq.POLLIN)
        for socket, events in poller.poll(timeout=1000):
            ...
    """

    def __init__(self) -> None:
        self._events: dict[Any, int] = {}

    @property
    def sockets(self) -> list[tuple[Any, int]]:
        """What is registered: pairs of the object and the events to wait for."""
        return list(self._events.items())

    def __contains__(self, socket: object) -> bool:
        return socket in self._events

    def register(self, socket: Any, flags: int = IN_OUT) -> None:
        """Wait for this, too.

        Parameters
        ----------
        socket : Socket, int, or anything with a `fileno()`
            What is registered already gets the new flags.
        flags : int
            POLLIN, POLLOUT, or both, which is the default; 0 unregisters.
        """
        if flags:
            self._events[socket] = flags
        else:
            self._events.pop(socket, None)

    def modify(self, socket: Any, flags: int = IN_OUT) -> None:
        """Wait for other events; the same as `register`."""
        self.register(socket, flags)

    def unregister(self, socket: Any) -> None:
        """Wait for this no longer. Raises KeyError when it is not registered."""
        del self._events[socket]

    def poll(self, timeout: float | None = None) -> list[tuple[Any, int]]:
        """Wait until something is ready.

        Parameters
        ----------
        timeout : int
            Milliseconds (a fraction is cut off); None (the default) or negative: as long as it takes.

        Returns
        -------
        list of (socket, events)
            Those that are ready; empty when the time is up, and at once when nothing is registered. Sockets themselves,
            everything else as its file descriptor. `dict(poller.poll())` is often handy.

        Raises
        ------
        ZMQError
            ENOTSOCK when one of the Sockets is closed, ETERM when its context is terminated
        """
        return zmq_poll(self._events.items(), -1 if timeout is None or timeout < 0 else int(timeout))


def select(
    rlist: Sequence[Any],
    wlist: Sequence[Any],
    xlist: Sequence[Any],
    timeout: float | None = None,
) -> tuple[list[Any], list[Any], list[Any]]:
    """Wait as Python's `select.select` does, for Sockets as well as for file descriptors.

    Parameters
    ----------
    rlist, wlist, xlist : list
        What to wait for to become readable, writable, or to have an error.
    timeout : float
        Seconds; None (the default) or negative: as long as it takes.

    Returns
    -------
    (rlist, wlist, xlist)
        Those of each list that are ready.
    """
    wanted = dict.fromkeys((*rlist, *wlist, *xlist), 0)
    for things, event in ((rlist, PollEvent.POLLIN), (wlist, PollEvent.POLLOUT), (xlist, PollEvent.POLLERR)):
        for thing in things:
            wanted[thing] |= event
    ready = zmq_poll(wanted.items(), -1 if timeout is None or timeout < 0 else int(timeout * 1000))
    readable, writable, failed = (
        [thing for thing, events in ready if events & event]
        for event in (PollEvent.POLLIN, PollEvent.POLLOUT, PollEvent.POLLERR)
    )
    return readable, writable, failed
