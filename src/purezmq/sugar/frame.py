"""Frames, under the name by which programs import them from pyzmq."""

from ..api.message import Frame, Message

__all__ = ["Frame", "Message"]
