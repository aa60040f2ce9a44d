"""The same as `purezmq.eventloop.ioloop`. Deprecated."""

from purezmq.eventloop.ioloop import *  # noqa: F403 (the same names)
