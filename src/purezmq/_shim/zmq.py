"""What `import zmq` finds in the child processes of a program that has purezmq as zmq: it becomes purezmq.

purezmq itself is two folders above this file.
"""

import sys
from pathlib import Path

HOME = str(Path(__file__).parents[2])

del sys.modules[__name__]
try:
    import purezmq
except ModuleNotFoundError:
    sys.path.append(HOME)
    import purezmq

purezmq.install_as_zmq()


def __getattr__(name: str) -> object:
    """Look into purezmq, for a thread that got hold of this module while it was at work."""
    return getattr(purezmq, name)
