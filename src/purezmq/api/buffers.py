"""What `send` accepts, turned into what the engine takes: `bytes`, or a one-dimensional `memoryview` of octets.

Also where the parts of a half-sent or half-received message are kept, one thread's apart from another's. Imports
nothing of ours.
"""

from threading import Thread, current_thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import ref

if TYPE_CHECKING:
    from typing_extensions import Buffer
else:
    Buffer = Any  # collections.abc.Buffer is there from Python 3.12 on; for type checkers it always is

__all__ = ["Buffer", "PerThread", "copied", "shared"]

T = TypeVar("T")


def copied(data: Buffer) -> bytes:
    """Return the octets of `data`, no matter what happens to it later.

    Raises TypeError when it is not a buffer, BufferError when it is one with gaps.
    """
    if type(data) is bytes:
        return data
    return _contiguous(data).tobytes("A")


def shared(data: Buffer) -> memoryview:
    """Return a fresh view of `data`, as octets, without a copy. Raises as `copied` does."""
    view = _contiguous(data)
    if not view.nbytes:
        return memoryview(b"")  # an empty view of several dimensions cannot be cast
    if view.c_contiguous:
        return view.cast("B")
    return memoryview(view.tobytes("A"))  # Fortran order: its memory has no one-dimensional view


def _contiguous(data: Buffer) -> memoryview:
    view = memoryview(data)
    if not view.contiguous:
        raise BufferError(
            f"memoryview: underlying buffer is not contiguous (shape {view.shape}, strides {view.strides})"
        )
    return view


class PerThread(dict[ref[Thread], T], Generic[T]):
    """One value for each thread that has one; a thread that ends takes its value with it.

    It is a dictionary, so that the fast path asks "has any thread one?" without a call: `if values`.
    """

    __slots__ = ("__weakref__",)

    def mine(self) -> T | None:
        """Return this thread's value, None when it has none."""
        return self.get(ref(current_thread())) if self else None

    def keep(self, value: T) -> None:
        """Give this thread a value."""
        values = ref(self)

        def ended(thread: ref[Thread]) -> None:
            if (alive := values()) is not None:
                alive.pop(thread, None)

        self[ref(current_thread(), ended)] = value

    def drop(self) -> None:
        """Take this thread's value away, if it has one."""
        self.pop(ref(current_thread()), None)
