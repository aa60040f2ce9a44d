"""Programs that import `zmq`, beside a decoy of that name which fails when it is imported."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.processes import Program, environment
from tests.helpers.waiting import TIMEOUT


@pytest.fixture
def decoy(tmp_path: Path) -> Path:
    """A folder with a `zmq` that is not to be imported."""
    folder = tmp_path / "decoy"
    package = folder / "zmq"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('the decoy was imported')")
    return folder


@pytest.fixture
def python(decoy: Path, tmp_path: Path) -> Callable[..., list[str]]:
    """Run Python with these arguments, in the test's folder: the lines that it prints. It has to end well."""

    def run(*arguments: str, **variables: str) -> list[str]:
        env = environment(decoy) | variables
        with Program(arguments, env=env, cwd=tmp_path) as program:
            status = program.wait(3 * TIMEOUT)
            lines = program.rest()
        assert status == 0, "\n".join([f"exit status {status}", *lines])
        return lines

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    """Write a file into the test's folder: its path."""

    def write_file(name: str, text: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return str(path)

    return write_file
