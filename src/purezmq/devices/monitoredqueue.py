"""`monitored_queue`, under the name by which programs import it."""

from ..api.proxy import monitored_queue

__all__ = ["monitored_queue"]
