"""ZeroMQ in pure Python, with pyzmq's API: `import purezmq as zmq`.

The names are those of `zmq`; what is behind them is in `api`. `compiled` tells whether the hot modules run compiled.
"""

from typing import TYPE_CHECKING

from . import constants, error
from ._build import compiled as compiled
from .api.context import Context as Context
from .api.context import SyncContext as SyncContext
from .api.endpoints import IPC_PATH_MAX_LEN as IPC_PATH_MAX_LEN
from .api.message import _FINISHED_TRACKER as _FINISHED_TRACKER
from .api.message import COPY_THRESHOLD as COPY_THRESHOLD
from .api.message import Frame as Frame
from .api.message import Message as Message
from .api.message import MessageTracker as MessageTracker
from .api.poll import Poller as Poller
from .api.poll import select as select
from .api.poll import zmq_poll as zmq_poll
from .api.proxy import device as device
from .api.proxy import proxy as proxy
from .api.proxy import proxy_steerable as proxy_steerable
from .api.socket import Socket as Socket
from .api.socket import SyncSocket as SyncSocket
from .api.stopwatch import Stopwatch as Stopwatch
from .api.version import DRAFT_API as DRAFT_API
from .api.version import PYZMQ_DRAFT_API as PYZMQ_DRAFT_API
from .api.version import __revision__ as __revision__
from .api.version import __version__ as __version__
from .api.version import curve_keypair as curve_keypair
from .api.version import curve_public as curve_public
from .api.version import has as has
from .api.version import purezmq_version as purezmq_version
from .api.version import pyzmq_version as pyzmq_version
from .api.version import pyzmq_version_info as pyzmq_version_info
from .api.version import zmq_version as zmq_version
from .api.version import zmq_version_info as zmq_version_info
from .constants import *  # noqa: F403 (all constants, each of them also here)
from .error import *  # noqa: F403 (all errors)
from .error import strerror as strerror
from .error import zmq_errno as zmq_errno

if TYPE_CHECKING:
    from . import asyncio as asyncio
    from . import backend as backend
    from . import sugar as sugar
    from . import utils as utils
else:

    def __getattr__(name: str) -> object:
        """Return a package that is there without an import of its own; it is imported when it is asked for."""
        if name in {"asyncio", "backend", "sugar", "utils"}:
            from importlib import import_module  # noqa: PLC0415 (rarely asked for)

            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def get_includes() -> list[str]:
    """Return the folders where pyzmq has headers for compiled programs that use it. Here they hold none."""
    from pathlib import Path  # noqa: PLC0415 (rarely asked for)

    package = Path(__file__).parent
    return [str(package.parent), str(package / "utils")]


def get_library_dirs() -> list[str]:
    """Return the folder where pyzmq may have a libzmq of its own. Here there is none."""
    from pathlib import Path  # noqa: PLC0415 (rarely asked for)

    return [str(Path(__file__).parent)]


def install_as_zmq() -> None:
    """Have `import zmq` give purezmq from now on, in this process and in the Python processes that it starts.

    `import zmq.utils.z85` and so on give purezmq's own modules, too. To be called before anything imports zmq; a second
    call does nothing. Children know by PYTHONPATH, so those that ignore it (`python -E`, `python -I`) do not.

    Raises
    ------
    ImportError
        when pyzmq is imported already; the text says from where
    """
    from . import dropin  # noqa: PLC0415 (most programs do not need it)

    dropin.install_as_zmq()


if not TYPE_CHECKING:  # type checkers do not follow `+=`; they go by what is imported `as` itself
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
        "get_includes",
        "get_library_dirs",
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
