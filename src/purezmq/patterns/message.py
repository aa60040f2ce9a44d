"""What a message is, inside purezmq.

A message of one part is that part; a message of several is a list of them. One object less for each single-part
message, on each side, is a third of the cost of a small message in interpreted Python.
"""

Part = bytes | memoryview
Message = Part | list[Part]


def first_part(message: Message) -> Part:
    """The part that topics and routing ids are read from."""
    return message[0] if type(message) is list else message  # type: ignore[return-value]  # narrowed by the type()


def as_parts(message: Message) -> list[Part]:
    """All parts, as a list that the caller may change."""
    return list(message) if type(message) is list else [message]  # type: ignore[list-item]  # narrowed by the type()


def pack(parts: list[Part]) -> Message:
    """The inverse of `as_parts`: a list of one part becomes that part."""
    return parts[0] if len(parts) == 1 else parts
