"""The memory that sessions read into, and what becomes of the memory that messages leave behind."""

from functools import cache
from mmap import mmap

SIZE = 262144
"""Octets that one read brings at most."""


def new_buffer() -> memoryview:
    """Anonymous memory, of which only the pages that are used exist."""
    _keep_memory_at_hand()
    return memoryview(mmap(-1, SIZE))


@cache
def _keep_memory_at_hand() -> None:
    """Once: make glibc keep freed memory for what comes next instead of giving it back to the kernel each time.

    It takes the size of what it unmaps for a size that the program often needs (mallopt(3), M_MMAP_THRESHOLD).
    """
    bytes(1 << 24)
