"""Each test of this directory meets each transport in turn."""

from tests.helpers.fixtures import endpoint, sockets

__all__ = ["endpoint", "sockets"]
