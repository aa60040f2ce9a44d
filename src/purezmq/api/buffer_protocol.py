"""What Python 3.11 lacks: objects of a Python class as buffers, by their `__buffer__` (PEP 688).

CPython asks an object's class for its memory through a table of C functions. For a class written in Python the table
is there and empty; here its first entry is filled in, by ctypes. From Python 3.12 on nothing of this is needed.
Imports nothing of ours.
"""

import ctypes
from typing import Any

__all__ = ["export"]

WORD = ctypes.sizeof(ctypes.c_void_p)

TABLE_AT = 20 * WORD
"""Where a class of CPython 3.11 points to its table: `tp_as_buffer` of `PyTypeObject`, behind twenty words."""

# Both as in C: int getbuffer(PyObject *exporter, Py_buffer *view, int flags)
GetBuffer = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.c_void_p, ctypes.c_int)
get_buffer_of = GetBuffer(("PyObject_GetBuffer", ctypes.pythonapi))


def from_exporter(exporter: Any, view: int, flags: int) -> int:
    """Fill in the view from the exporter's `__buffer__`, which is then also what the view releases at its end."""
    try:
        outcome: int = get_buffer_of(exporter.__buffer__(flags), view, flags)
    except Exception:  # noqa: BLE001 (none can pass through ctypes; the caller says that this is no such buffer)
        return -1
    else:
        return outcome


get_buffer = GetBuffer(from_exporter)


def export(cls: type[Any]) -> None:
    """Make the objects of a class, and of its subclasses, buffers."""
    table = ctypes.c_void_p.from_address(id(cls) + TABLE_AT).value
    if table is None:
        raise TypeError(f"expected a class written in Python, got {cls!r}")
    ctypes.c_void_p.from_address(table).value = ctypes.cast(get_buffer, ctypes.c_void_p).value
    for subclass in cls.__subclasses__():
        export(subclass)
