"""What a process holds: descriptors, threads, objects, memory."""

import gc
import threading
from typing import NamedTuple

import psutil

import purezmq

PACKAGE = purezmq.Context.__module__.partition(".")[0]


class Held(NamedTuple):
    """A count of each."""

    descriptors: int
    threads: int
    ours: int
    objects: int


def held() -> Held:
    """What this process holds now; `ours` are the objects of purezmq's types."""
    gc.collect()
    objects = gc.get_objects()
    ours = sum(str(type(o).__module__).partition(".")[0] == PACKAGE for o in objects)
    return Held(psutil.Process().num_fds(), threading.active_count(), ours, len(objects))


def memory() -> int:
    """Octets of this process that are in memory."""
    return int(psutil.Process().memory_info().rss)
