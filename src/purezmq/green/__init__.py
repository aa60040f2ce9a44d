"""purezmq for gevent: the same names, whose calls let other greenlets run while they wait.

::

    import purezmq.green as zmq

Whether and when the program is monkey-patched makes no difference. RCVTIMEO and SNDTIMEO work, and any number of
greenlets may use a socket at the same time.
"""

from typing import TYPE_CHECKING

import purezmq as _zmq

if not TYPE_CHECKING:  # at run time the names count that come last, for type checkers those that come first
    from purezmq import *  # noqa: F403 (the same names)

from .core import _Context, _Socket
from .device import device as device
from .poll import _Poller

Context = _Context
Socket = _Socket
Poller = _Poller

if TYPE_CHECKING:
    from purezmq import *  # type: ignore[assignment]  # noqa: F403 (the same names)
else:
    __all__ = ["Context", "Poller", "Socket", "device"]
    __all__ += [name for name in _zmq.__all__ if name not in __all__]
