"""The Context, under the name by which programs import it from pyzmq."""

from ..api.context import Context, SyncContext

__all__ = ["Context", "SyncContext"]
