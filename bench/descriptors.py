"""Room for many sockets in one process."""

import resource
from typing import Final

EACH: Final = 4
"""Descriptors that a socket of any contender may need."""
SPARE: Final = 100
"""Descriptors and sockets for other things."""


def make_room(sockets: int) -> None:
    """Allow as many open descriptors as so many sockets need, and a few; fewer, if the system does not let us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = EACH * sockets + SPARE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
