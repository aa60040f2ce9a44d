"""The MessageTracker, under the name by which programs import it from pyzmq."""

from ..api.message import _FINISHED_TRACKER, MessageTracker

__all__ = ["_FINISHED_TRACKER", "MessageTracker"]
