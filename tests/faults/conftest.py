"""The sockets of these tests are in this process; who is killed, stopped or starved is in another."""

from tests.helpers.fixtures import endpoint, sockets

__all__ = ["endpoint", "sockets"]
