"""The names that pyzmq's backend has. Here they are the same as in `purezmq` itself: there is nothing beneath."""

from ..api.context import Context
from ..api.endpoints import IPC_PATH_MAX_LEN
from ..api.message import Frame, Message
from ..api.poll import zmq_poll
from ..api.proxy import monitored_queue, proxy, proxy_steerable
from ..api.socket import Socket
from ..api.version import PYZMQ_DRAFT_API, curve_keypair, curve_public, has, zmq_version_info
from ..error import strerror, zmq_errno
from .select import public_api, select_backend

__all__ = [
    "IPC_PATH_MAX_LEN",
    "PYZMQ_DRAFT_API",
    "Context",
    "Frame",
    "Message",
    "Socket",
    "curve_keypair",
    "curve_public",
    "has",
    "monitored_queue",
    "proxy",
    "proxy_steerable",
    "public_api",
    "select_backend",
    "strerror",
    "zmq_errno",
    "zmq_poll",
    "zmq_version_info",
]
