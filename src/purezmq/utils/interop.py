"""Addresses as numbers, for libraries that hand over contexts and sockets."""

import sys
from typing import Any

__all__ = ["cast_int_addr"]


def cast_int_addr(n: Any) -> int:  # noqa: ANN401 (that is the question)
    """Return a number as it is, and a pointer of cffi's as a number. Raises ValueError for anything else."""
    if isinstance(n, int):
        return n
    cffi = sys.modules.get("_cffi_backend")  # loaded by whoever has such a pointer
    if cffi is not None and isinstance(n, cffi.FFI.CData):
        return int(cffi.FFI().cast("size_t", n))
    raise ValueError(f"Cannot cast {n!r} to int")
