"""purezmq for gevent: the same names, whose calls let other greenlets run while they wait.

::

    import purezmq.green as zmq

Whether and when the program is monkey-patched makes no difference. RCVTIMEO and SNDTIMEO work, and any number of
greenlets may use a socket at the same time.
"""

import purezmq as _zmq
from purezmq import *  # noqa: F403 (the same names)

from .core import _Context, _Socket
from .device import device  # type: ignore[assignment]  # in the place of the other one
from .poll import _Poller

Context = _Context  # type: ignore[misc]  # in the place of the other one, and so on
Socket = _Socket  # type: ignore[misc]
Poller = _Poller  # type: ignore[misc]

__all__ = ["Context", "Poller", "Socket", "device"]
__all__ += [name for name in _zmq.__all__ if name not in __all__]
