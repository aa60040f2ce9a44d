"""JSON as UTF-8, by the standard library."""

import json
from typing import Any

__all__ = ["dumps", "loads"]

jsonmod = json


def dumps(o: object, **kwargs: Any) -> bytes:  # noqa: ANN401 (those of json.dumps)
    """Return something as JSON. Keywords, and what is raised: those of `json.dumps`."""
    return json.dumps(o, **kwargs).encode()


def loads(s: bytes | str, **kwargs: Any) -> Any:  # noqa: ANN401 (those of json.loads, and what that returns)
    """Return what the JSON stands for. Keywords, and what is raised: those of `json.loads`."""
    return json.loads(s.decode() if isinstance(s, bytes) else s, **kwargs)
