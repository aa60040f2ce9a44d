"""Options as attributes: `socket.linger = 0`.

Imports the public `constants` and `error`.
"""

from typing import TYPE_CHECKING, Any

from .. import constants
from ..constants import Errno, SocketOption
from ..error import ZMQError

if TYPE_CHECKING:
    from ..constants import SocketType
    from .option_types import ContextOptionTypes, SocketOptionTypes
else:
    ContextOptionTypes = SocketOptionTypes = object

__all__ = ["ContextAttributes", "SocketAttributes", "option_number"]

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

    def _get_option(self, name: str) -> Any:
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


class ContextAttributes(OptionAttributes, ContextOptionTypes):
    """Reading them, for classes that nobody is in a hurry with: any name that is looked up in vain."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return self._get_option(name)


class OptionAttribute:
    """One option as an attribute of a class."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, owner: OptionAttributes | None, _class: type) -> Any:
        if owner is None:
            raise AttributeError(f"{self._name} is an option of sockets, not of their class")
        return owner._get_option(self._name)

    def __set__(self, owner: OptionAttributes, value: Any) -> None:
        owner._set_attribute(self._name.upper(), option_number(owner, self._name), value)


class SocketAttributes(OptionAttributes, SocketOptionTypes):
    """Reading them without `__getattr__`, which would slow down each look-up of a method: `linger` or `LINGER`."""

    __slots__ = ()

    if TYPE_CHECKING:
        type: SocketType

        def __getattr__(self, name: str) -> Any: ...


for _option in SocketOption.__members__:
    for _name in {_option, _option.lower()} - {"type"}:  # which is an attribute of its own
        setattr(SocketAttributes, _name, OptionAttribute(_name))


def _declared(cls: type, name: str) -> bool:
    return any(name in base.__dict__ or name in getattr(base, "__annotations__", ()) for base in cls.__mro__)
