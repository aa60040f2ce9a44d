"""Options as attributes: `socket.linger = 0`, in any case of letters.

Imports the public `constants` and `error`.
"""

from inspect import get_annotations
from typing import Any

from .. import constants
from ..constants import Errno
from ..error import ZMQError

__all__ = ["OptionAttributes", "option_number"]

NUMBERS: dict[str, int] = {name: value for name, value in vars(constants).items() if isinstance(value, int)}
REFUSED = {Errno.EINVAL, Errno.EFAULT}


def option_number(owner: object, name: str) -> int:
    """Return the option of that name. Raises AttributeError when there is none."""
    number: int | None = NUMBERS.get(name.upper())
    if number is None:
        raise AttributeError(f"{type(owner).__name__} has no such option: {name.upper()}")
    return number


class OptionAttributes:
    """Attributes that no class defines are options. Subclasses may define attributes of their own, as usual."""

    __slots__ = ()

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self.__dict__ or _declared(type(self), name):
            object.__setattr__(self, name, value)
        else:
            self._set_attribute(name.upper(), option_number(self, name), value)

    def __getattr__(self, name: str) -> Any:
        number = option_number(self, name)
        try:
            return self._get_attribute(name.upper(), number)
        except ZMQError as error:
            if error.errno in REFUSED:
                raise AttributeError(f"{name} attribute is write-only") from None
            raise

    def _set_attribute(self, name: str, number: int, value: Any) -> None:
        raise NotImplementedError

    def _get_attribute(self, name: str, number: int) -> Any:
        raise NotImplementedError


def _declared(cls: type, name: str) -> bool:
    return any(name in base.__dict__ or name in get_annotations(base) for base in cls.__mro__)
