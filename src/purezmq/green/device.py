"""A device, for gevent.

Imports gevent, `poll`, and from `api` what proxies are made of.
"""

from typing import Any, NoReturn

import gevent

import purezmq as zmq

from ..api.proxy import Direction
from ..api.translate import CORE_ERRORS, translated
from .poll import _Poller

__all__ = ["device"]


def device(device_type: int, isocket: zmq.Socket[Any], osocket: zmq.Socket[Any] | int) -> NoReturn:
    """Pass messages from each socket on to the other, while other greenlets run, until the context is terminated.

    Parameters
    ----------
    device_type : int
        QUEUE, FORWARDER or STREAMER: it makes no difference.
    isocket, osocket : Socket
        For instance ROUTER and DEALER, XSUB and XPUB, PULL and PUSH; or the same socket twice, also written as -1.

    Raises
    ------
    ContextTerminated
        at the end
    ZMQError
        ENOTSOCK when one of the sockets is closed
    """
    target = isocket if isinstance(osocket, int) else osocket
    ways = [Direction(isocket, target, None)]
    if target is not isocket:
        ways.append(Direction(target, isocket, None))
    try:
        while True:
            if sum(way.move() for way in ways):
                gevent.sleep(0)  # the others' turn
            else:
                _wait(ways)
    except CORE_ERRORS as error:
        raise translated(error) from None


def _wait(ways: list[Direction]) -> None:
    poller = _Poller()
    wanted: dict[Any, int] = {}
    for socket, events in (way.awaits() for way in ways):
        wanted[socket] = wanted.get(socket, 0) | events
    for socket, events in wanted.items():
        poller.register(socket, events)
    poller.poll()
