"""How much memory this process has, in octets."""

import os
import resource
import sys
from pathlib import Path

KIBI = 1024


def peak() -> int:
    """The most that was resident.

    ru_maxrss is the second choice: on Linux a process inherits it from the one that started it.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * KIBI
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else KIBI)


def resident() -> int:
    """What is resident now, or was at most where the system does not tell."""
    pages = Path("/proc/self/statm")
    if pages.is_file():
        return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return peak()
