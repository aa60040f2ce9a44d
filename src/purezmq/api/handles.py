"""Numbers that stand for the engine's objects, as `underlying` gives them out and `shadow` takes them back.

Imports nothing of ours.
"""

from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

__all__ = ["Handles", "as_handle"]

T = TypeVar("T")


class Handles(Generic[T]):
    """Objects by number, for as long as somebody else keeps them."""

    def __init__(self) -> None:
        self._objects: WeakValueDictionary[int, T] = WeakValueDictionary()

    def give(self, thing: T) -> int:
        """Return the number that stands for a thing: the same one each time, never 0."""
        self._objects[id(thing)] = thing
        return id(thing)

    def find(self, handle: int) -> T | None:
        """Return the thing that a number stands for, None when it is gone."""
        return self._objects.get(handle)


def as_handle(thing: Any) -> int:
    """Return the number that a Context, a Socket or a number stands for. Raises ValueError for anything else."""
    handle = thing if isinstance(thing, int) else getattr(thing, "underlying", None)
    if not isinstance(handle, int):
        raise ValueError(f"Cannot cast {thing!r} to int")  # noqa: TRY004 (pyzmq's class)
    return handle
