"""Polling, under the name by which programs import them from pyzmq."""

from ..api.poll import Poller, select

__all__ = ["Poller", "select"]
