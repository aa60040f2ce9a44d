"""The choice between backends, which pyzmq has and purezmq has not."""

from importlib import import_module
from typing import Any

__all__ = ["public_api", "select_backend"]

public_api = [
    "Context",
    "Socket",
    "Frame",
    "Message",
    "proxy",
    "proxy_steerable",
    "zmq_poll",
    "strerror",
    "zmq_errno",
    "has",
    "curve_keypair",
    "curve_public",
    "zmq_version_info",
    "IPC_PATH_MAX_LEN",
    "PYZMQ_DRAFT_API",
]
"""The names that a backend has."""


def select_backend(name: str) -> dict[str, Any]:
    """Return the names of a backend, and what they stand for.

    `name` is a module's: "purezmq.backend" is the only one of ours. Raises ImportError when there is no such module,
    AttributeError when it lacks one of the names.
    """
    module = import_module(name)
    return {key: getattr(module, key) for key in (*public_api, "monitored_queue")}
