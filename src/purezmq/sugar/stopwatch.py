"""The Stopwatch, under the name by which programs import it from pyzmq."""

from ..api.stopwatch import Stopwatch

__all__ = ["Stopwatch"]
