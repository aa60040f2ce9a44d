"""The process in which pyzmq plays its side: one JSON command a line in, one JSON answer a line out."""

import json
import sys
from typing import Any

import zmq

from .dialogue import Side


def answer(side: Side, command: list[Any]) -> dict[str, Any]:
    """Call the method of the side that the command names."""
    name, arguments = command
    try:
        return {"result": getattr(side, name)(**arguments)}
    except (AssertionError, zmq.ZMQError) as e:
        return {"error": f"{type(e).__name__} in pyzmq's {side.me}.{name}: {e}"}


def main() -> None:
    """Obey until the input ends."""
    side = Side(zmq)
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(answer(side, json.loads(line)))}\n")
        sys.stdout.flush()
    side.context.destroy(linger=0)


if __name__ == "__main__":
    main()
