"""inproc: a name within one context. There is nothing to listen on or to dial; the engine joins the sockets itself.

Imports `base`.
"""

import errno

from .base import AddressError


def check_name(rest: str) -> str:
    """Return the name, which may be any text but the empty one. Raises AddressError (EINVAL)."""
    if not rest:
        raise AddressError(errno.EINVAL, "inproc://: expected a name, got none")
    return rest
