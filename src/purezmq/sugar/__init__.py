"""Where pyzmq has what its programs use; here the same names as in `purezmq` itself."""

from .. import error
from ..api.context import Context, SyncContext
from ..api.message import _FINISHED_TRACKER, Frame, Message, MessageTracker
from ..api.poll import Poller, select
from ..api.proxy import device, proxy
from ..api.socket import Socket, SyncSocket
from ..api.stopwatch import Stopwatch
from ..api.version import (
    __revision__,
    __version__,
    pyzmq_version,
    pyzmq_version_info,
    zmq_version,
    zmq_version_info,
)
from ..constants import DeviceType
from ..error import *  # noqa: F403 (all errors)
from . import attrsettr, context, frame, poll, socket, stopwatch, tracker, version  # noqa: F401 (as `sugar.socket`)

__all__ = [
    "_FINISHED_TRACKER",
    "Context",
    "DeviceType",
    "Frame",
    "Message",
    "MessageTracker",
    "Poller",
    "Socket",
    "Stopwatch",
    "SyncContext",
    "SyncSocket",
    "__revision__",
    "__version__",
    "device",
    "proxy",
    "pyzmq_version",
    "pyzmq_version_info",
    "select",
    "zmq_version",
    "zmq_version_info",
]
__all__ += error.__all__
