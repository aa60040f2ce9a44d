"""The types of option attributes are written out for type checkers; here they are compared with the options."""

from contextlib import suppress

import purezmq as zmq
from purezmq.api.option_types import BytesOption, ContextOptionTypes, IntOption, SocketOptionTypes

OTHERWISE = {"type", "FD", "hwm", "SUBSCRIBE", "subscribe", "UNSUBSCRIBE", "unsubscribe"}
"""What a Socket has as an attribute or a method of another kind."""


def described(options: type) -> dict[str, type]:
    return {name: type(kind) for name, kind in vars(options).items() if not name.startswith("_")}


def expected(option: zmq.SocketOption) -> type:
    return BytesOption if option._opt_type.name == "bytes" else IntOption


def test_each_option_of_sockets_has_its_type_in_both_spellings() -> None:
    wanted = {
        spelling: expected(option)
        for name, option in zmq.SocketOption.__members__.items()
        for spelling in (name, name.lower())
        if spelling not in OTHERWISE
    }
    assert {name: kind for name, kind in described(SocketOptionTypes).items() if name not in OTHERWISE} == wanted


def test_each_option_of_contexts_has_its_type_in_both_spellings() -> None:
    names = {spelling for name in zmq.ContextOption.__members__ for spelling in (name, name.lower())}
    assert described(ContextOptionTypes) == dict.fromkeys(names, IntOption)


def test_what_can_be_read_is_of_that_type() -> None:
    read = {}
    with zmq.Context() as context, context.socket(zmq.XPUB) as socket:
        for name in described(SocketOptionTypes):
            with suppress(AttributeError, zmq.ZMQError):  # some can only be set, and some are of other socket types
                read[name] = BytesOption if isinstance(getattr(socket, name), bytes) else IntOption
    assert len(read) > 100
    assert read.items() <= described(SocketOptionTypes).items()
