"""Helpers around sockets. `interop` and `jsonapi` need no import of their own."""

from . import interop, jsonapi

__all__ = ["interop", "jsonapi"]
