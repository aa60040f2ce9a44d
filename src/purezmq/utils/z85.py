"""Z85: octets as printable text, five characters for four octets (RFC 32)."""

from ..api import z85
from ..api.buffers import Buffer
from ..api.z85 import ALPHABET as Z85CHARS
from ..api.z85 import DIGITS as Z85MAP

__all__ = ["Z85CHARS", "Z85MAP", "decode", "encode"]


def encode(rawbytes: Buffer) -> bytes:
    """Return the text of the octets. Raises ValueError unless their number is a multiple of 4."""
    return z85.encode(bytes(memoryview(rawbytes)))


def decode(z85bytes: str | Buffer) -> bytes:
    """Return the octets that the text stands for. Raises ValueError for what is not Z85."""
    if isinstance(z85bytes, str):
        if not z85bytes.isascii():
            raise ValueError(f"Z85 has ASCII characters only, got {z85bytes!r}")
        return z85.decode(z85bytes.encode())
    return z85.decode(bytes(memoryview(z85bytes)))
