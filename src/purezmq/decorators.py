"""Decorators that give a function a context or a socket, and close it when the function returns.

::

    @context()
    @socket(zmq.PUSH)
    def work(ctx, push):
        push.connect("tcp://127.0.0.1:5555")
        push.send(b"done")

    work()

Each call makes new ones. A coroutine function returns before its body runs, which then finds them closed: use `with`
there.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, Protocol, TypeVar

from .api.context import Context

__all__ = ["context", "socket"]

Returned = TypeVar("Returned")
Factory = Callable[..., AbstractContextManager[Any]]


class Decorator(Protocol):
    """What gives a function some of its arguments: its callers need not give them."""

    def __call__(self, function: Callable[..., Returned], /) -> Callable[..., Returned]: ...


def context(*args: Any, **kwargs: Any) -> Decorator:  # noqa: ANN401 (those of Context)
    """Give the function a Context, and terminate it at the end.

    Parameters
    ----------
    name : str
        The keyword by which the function gets it; may also come first, without a keyword. By default it is added to the
        positional arguments, as the last.
    *args, **kwargs
        For `zmq.Context`.

    The function, when it is called, raises TypeError if it is given an argument of that name, or does not take it.
    """
    name, args = _split_name(args, kwargs)
    return _giving(lambda _args, _kwargs: Context, name, args, kwargs)


def socket(*args: Any, **kwargs: Any) -> Decorator:  # noqa: ANN401 (those of Context.socket)
    """Give the function a socket, and close it at the end.

    Parameters
    ----------
    name : str
        See `context`.
    context_name : str
        The keyword argument with the Context that makes the socket, default "context". Without one it is the first
        positional argument that is a Context, for instance that of `@context()`; or else `Context.instance()`.
    *args, **kwargs
        For `Context.socket`: the type first.

    The function, when it is called, raises TypeError as with `context`, and also what `Context.socket` raises.
    """
    context_name = kwargs.pop("context_name", "context")
    name, args = _split_name(args, kwargs)

    def factory(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Factory:
        candidates = (kwargs.get(context_name), *args)
        found = next((candidate for candidate in candidates if isinstance(candidate, Context)), None)
        return (found or Context.instance()).socket

    return _giving(factory, name, args, kwargs)


def _split_name(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str | None, tuple[Any, ...]]:
    """Return the name for the function's argument, which is taken from the keywords, and the arguments without it."""
    if isinstance(kwargs.get("name"), str):
        return kwargs.pop("name"), args
    if args and isinstance(args[0], str):
        return args[0], args[1:]
    return None, args


def _giving(
    factory: Callable[[tuple[Any, ...], dict[str, Any]], Factory],
    name: str | None,
    made_with: tuple[Any, ...],
    made_with_keywords: dict[str, Any],
) -> Decorator:
    """Return the decorator; `factory` chooses by the arguments of a call what makes the thing to be given."""

    def decorate(function: Callable[..., Returned]) -> Callable[..., Returned]:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Returned:  # noqa: ANN401 (those of the function)
            if name in kwargs:
                raise TypeError(f"{function.__name__}() got multiple values for argument {name!r}")
            with factory(args, kwargs)(*made_with, **made_with_keywords) as given:
                if name is None:
                    return function(*args, given, **kwargs)
                return function(*args, **kwargs, **{name: given})

        return call

    return decorate
