"""Options as attributes, for classes of programs' own."""

from typing import Any

from ..api.attributes import ContextAttributes

__all__ = ["AttributeSetter"]


class AttributeSetter(ContextAttributes):
    """Attributes that no class defines are options: a subclass says in `get` and `set` what those are.

    The names are those of `zmq.constants`, in capitals or not; for any other name there is an AttributeError.
    """

    def get(self, option: int) -> Any:  # noqa: ANN401 (an option's value)
        """Return the value of an option: to be overridden."""
        raise NotImplementedError("override in subclass")

    def set(self, option: int, value: Any) -> None:  # noqa: ANN401 (an option's value)
        """Set an option: to be overridden."""
        raise NotImplementedError("override in subclass")

    def _get_attribute(self, name: str, number: int) -> Any:  # noqa: ANN401, ARG002 (an option's value; as overridden)
        return self.get(number)

    def _set_attribute(self, name: str, number: int, value: Any) -> None:  # noqa: ANN401, ARG002 (likewise)
        self.set(number, value)
