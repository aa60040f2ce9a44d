"""A stage on which the programs of a document play, as processes."""

import contextlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.helpers.endpoints import free_port
from tests.helpers.processes import Program, environment

PROGRAMS: Final = Path(__file__).with_name("programs")

ALIAS: Final = """
import sys
import purezmq

sys.modules[__name__] = purezmq
"""


class Stage:
    """The programs of one document; `import zmq` gives them purezmq, their ports are free, their seconds short."""

    def __init__(self, document: str, directory: Path, programs: contextlib.ExitStack) -> None:
        self._programs = programs
        self._directory = directory
        (directory / "zmq.py").write_text(ALIAS)
        ports: dict[str, str] = {}
        for source in (PROGRAMS / document).iterdir():
            text = re.sub(
                r"(?<=:)55\d\d(?=['\"])", lambda m: ports.setdefault(m[0], str(free_port())), source.read_text()
            )
            (directory / source.name).write_text(text.replace("time.sleep(1)", "time.sleep(0.1)"))

    def start(self, name: str) -> Program:
        """Let a program begin; it is ended with the test."""
        program = Program([str(self._directory / f"{name}.py")], environment(self._directory), self._directory)
        return self._programs.enter_context(program)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Callable[[str], Stage]]:
    """Makes the stage for a document."""
    with contextlib.ExitStack() as programs:
        yield lambda document: Stage(document, tmp_path, programs)
