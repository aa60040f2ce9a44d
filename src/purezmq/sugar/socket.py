"""The Socket, under the name by which programs import it from pyzmq."""

from pickle import DEFAULT_PROTOCOL

from ..api.socket import Socket, SyncSocket

__all__ = ["DEFAULT_PROTOCOL", "Socket", "SyncSocket"]
