"""pyzmq's side of a dialogue, as the test holds it."""

import json
from typing import Any

from .dialogue import SECONDS
from .processes import Program


class RemoteSide:
    """Calls the methods of a `Side` in the process of `pyzmq_peer`."""

    def __init__(self) -> None:
        self.program = Program(["-m", "tests.helpers.pyzmq_peer"])
        self._unanswered = 0

    def begin(self, method: str, **arguments: Any) -> None:
        """Let the other process begin with something that takes both sides."""
        self._unanswered += 1
        self.program.write(json.dumps([method, arguments]))

    def end(self) -> Any:
        """What came of it."""
        answer = json.loads(self.program.line(2 * SECONDS))
        self._unanswered -= 1
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def call(self, method: str, **arguments: Any) -> Any:
        """Something that it does alone."""
        self.begin(method, **arguments)
        return self.end()

    def settle(self) -> None:
        """Take what a test that failed in between has left unanswered, and close the socket."""
        for _ in range(self._unanswered):
            self.program.line(2 * SECONDS)
        self._unanswered = 0
        self.call("close")
