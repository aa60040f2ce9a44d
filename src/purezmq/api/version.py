"""Versions, and what this ZeroMQ can do.

The version numbers are those of the pyzmq whose API this is, and of the libzmq whose behaviour it is: programs compare
them. purezmq's own version is `purezmq_version()`.

Imports `_build`, and the public `constants` and `error`.
"""

from .. import _build
from ..constants import Errno
from ..error import from_errno

__all__ = [
    "DRAFT_API",
    "PYZMQ_DRAFT_API",
    "__revision__",
    "__version__",
    "curve_keypair",
    "curve_public",
    "has",
    "purezmq_version",
    "pyzmq_version",
    "pyzmq_version_info",
    "zmq_version",
    "zmq_version_info",
]

PYZMQ_VERSION = (27, 3, 0)
LIBZMQ_VERSION = (4, 3, 5)

__version__ = ".".join(map(str, PYZMQ_VERSION))
__revision__ = ""

DRAFT_API = False
"""Whether the draft socket types can be used."""
PYZMQ_DRAFT_API = False

KEY_LENGTH = 40


def purezmq_version() -> str:
    """The version of purezmq itself."""
    return _build.version


def pyzmq_version() -> str:
    """The version of the pyzmq whose API this is."""
    return __version__


def pyzmq_version_info() -> tuple[int, int, int]:
    """The same as a tuple of three numbers."""
    return PYZMQ_VERSION


def zmq_version() -> str:
    """The version of the libzmq whose behaviour this is."""
    return ".".join(map(str, LIBZMQ_VERSION))


def zmq_version_info() -> tuple[int, int, int]:
    """The same as a tuple of three numbers."""
    return LIBZMQ_VERSION


def has(capability: str) -> bool:
    """Whether there is a transport ("ipc"), a security mechanism ("curve") or another part of libzmq ("draft")."""
    if not isinstance(capability, str):
        raise TypeError(f"capability wants a str, not {type(capability).__name__}")
    import socket  # noqa: PLC0415 (takes long, and is rarely asked for)

    return capability == "ipc" and hasattr(socket, "AF_UNIX")


def curve_keypair() -> tuple[bytes, bytes]:
    """Make a key pair for CURVE, which does not exist yet (ENOTSUP)."""
    raise from_errno(Errno.ENOTSUP, "purezmq has no CURVE yet")


def curve_public(secret_key: str | bytes) -> bytes:
    """The public key that belongs to a secret one: for CURVE, which does not exist yet (ENOTSUP)."""
    if len(secret_key) != KEY_LENGTH:
        raise ValueError(f"secret key must be a 40 byte z85 encoded string; got {len(secret_key)}")
    raise from_errno(Errno.ENOTSUP, "purezmq has no CURVE yet")
