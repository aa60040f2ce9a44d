"""ZeroMQ in pure Python, with pyzmq's API: `import purezmq as zmq`.

The names are those of `zmq`; what is behind them is in `api`. `compiled` tells whether the hot modules run compiled.
"""

from . import constants, error
from ._build import compiled
from .api.context import Context, SyncContext
from .api.endpoints import IPC_PATH_MAX_LEN
from .api.message import _FINISHED_TRACKER, COPY_THRESHOLD, Frame, Message, MessageTracker
from .api.poll import Poller, select, zmq_poll
from .api.proxy import device, proxy, proxy_steerable
from .api.socket import Socket, SyncSocket
from .api.stopwatch import Stopwatch
from .api.version import (
    DRAFT_API,
    PYZMQ_DRAFT_API,
    __revision__,
    __version__,
    curve_keypair,
    curve_public,
    has,
    purezmq_version,
    pyzmq_version,
    pyzmq_version_info,
    zmq_version,
    zmq_version_info,
)
from .constants import *  # noqa: F403 (all constants, each of them also here)
from .error import *  # noqa: F403 (all errors)
from .error import strerror, zmq_errno

__all__ = [
    "COPY_THRESHOLD",
    "DRAFT_API",
    "IPC_PATH_MAX_LEN",
    "PYZMQ_DRAFT_API",
    "_FINISHED_TRACKER",
    "Context",
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
    "compiled",
    "curve_keypair",
    "curve_public",
    "device",
    "has",
    "proxy",
    "proxy_steerable",
    "purezmq_version",
    "pyzmq_version",
    "pyzmq_version_info",
    "select",
    "strerror",
    "zmq_errno",
    "zmq_poll",
    "zmq_version",
    "zmq_version_info",
]
__all__ += constants.__all__
__all__ += error.__all__
