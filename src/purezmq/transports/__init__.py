"""Transports: an endpoint's text becomes a socket that listens or connects. `base` says what each must provide."""

from collections.abc import Mapping

from . import ipc, tcp
from .base import StreamTransport

STREAM_TRANSPORTS: Mapping[str, StreamTransport] = {"tcp": tcp, "ipc": ipc}
