"""Make a virtual environment with purezmq in it, or bring it up to date: what `make` does first.

    environment.py .venv                    the default build: compiled where that is possible
    environment.py .venv-pure               never compiled, editable: it runs the files in src as they are
    environment.py .venv --with test check  with these extras of pyproject.toml
    environment.py .venv-bench --with bench without purezmq: what it is compared with, and what shows the comparison

What was done is noted in the environment, and only what has changed since is done again, so that the second time takes
no time. It runs on the standard library alone.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BUILD_FILES = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE")
NO_ENSUREPIP = (
    "this Python cannot make virtual environments, because its module ensurepip is missing "
    "(on Debian and Ubuntu the package python3-venv has it)"
)


class Environment:
    """One virtual environment, and the note of what was done in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pure = name.endswith("-pure")
        self.foreign = name.endswith("-bench")
        self.path = ROOT / name
        self.python = self.path / "bin" / "python"
        self.log = self.path / "build.log"
        self.note = self.path / "done.json"
        self.done: dict[str, Any] = json.loads(self.note.read_text()) if self.note.is_file() else {}

    def update(self, extras: list[str]) -> None:
        """Do what is not done yet."""
        self.create(sys.version + sys.base_prefix)
        self.install_requirements([*([] if self.foreign else build_requirements()), *requirements(extras)])
        if not self.foreign:
            self.install_project(self.project_state())

    def create(self, interpreter: str) -> None:
        """Make the environment; one that was made with another interpreter is made anew."""
        if self.done.get("interpreter") == interpreter:
            return
        say(f"making the environment {self.name} with Python {sys.version.split()[0]}")
        if find_spec("ensurepip") is None:
            sys.exit(f"environment.py: {NO_ENSUREPIP}")
        rmtree(self.path, ignore_errors=True)
        run(sys.executable, "-m", "venv", str(self.path))
        self.done = {"interpreter": interpreter, "requirements": []}
        self.write_note()

    def install_requirements(self, wanted: list[str]) -> None:
        """Install what is wanted and not there."""
        missing = [requirement for requirement in wanted if requirement not in self.done["requirements"]]
        if not missing:
            return
        say(f"installing into {self.name}: {' '.join(missing)}")
        run(*self.pip(), "-qq", *missing)
        self.done["requirements"] += missing
        self.write_note()

    def install_project(self, state: str) -> None:
        """Build and install purezmq, and tell what the build says of itself."""
        if self.done.get("project") == state:
            return
        say(f"building purezmq into {self.name}{', not compiled' if self.pure else ''}")
        rmtree(ROOT / "build", ignore_errors=True)  # setuptools would pack what a former build left there
        how = ["--editable"] if self.pure else []
        wish = {"PUREZMQ_COMPILE": "never"} if self.pure else {}
        command = [*self.pip(), "--verbose", "--no-deps", "--no-build-isolation", "--force-reinstall", *how, str(ROOT)]
        with self.log.open("w") as log:
            built = subprocess.run(command, env=os.environ | wish, stdout=log, stderr=subprocess.STDOUT, check=False)
        lines = self.log.read_text().splitlines()
        if built.returncode != 0:
            sys.exit("\n".join([*lines[-40:], "environment.py: the build failed, see above"]))
        for line in lines:
            if line.strip().startswith("purezmq: "):
                say(line.strip())
        self.done["project"] = state
        self.write_note()

    def pip(self) -> list[str]:
        """The beginning of each installing command."""
        return [str(self.python), "-m", "pip", "install", "--disable-pip-version-check"]

    def project_state(self) -> str:
        """What the installed project was built from; an editable one follows the sources by itself."""
        sources = [] if self.pure else [path for path in (ROOT / "src").rglob("*") if path.suffix in {".py", ".pxd"}]
        state = hashlib.sha256(os.environ.get("PUREZMQ_COMPILE", "").encode())
        for path in sorted([*(ROOT / name for name in BUILD_FILES), *sources]):
            state.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
        return state.hexdigest()

    def write_note(self) -> None:
        """Write down what is done."""
        self.note.write_text(json.dumps(self.done, indent=1))


def build_requirements() -> list[str]:
    """What the build needs, from pyproject.toml."""
    return list(project_file()["build-system"]["requires"])


def requirements(extras: list[str]) -> list[str]:
    """What these extras need, from pyproject.toml."""
    known = project_file()["project"]["optional-dependencies"]
    return [requirement for extra in extras for requirement in known[extra]]


def project_file() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def run(*command: str) -> None:
    """Run one command; when it fails, its own words stand above ours."""
    if subprocess.run(command, check=False).returncode != 0:
        sys.exit(f"environment.py: this failed: {' '.join(command)}")


def say(what: str) -> None:
    """One line a step."""
    print(f"==> {what}", flush=True)


def main() -> None:
    """Bring the named environment up to date."""
    parser = argparse.ArgumentParser(
        description="Make a virtual environment with purezmq in it, or bring it up to date."
    )
    parser.add_argument("name", choices=[".venv", ".venv-pure", ".venv-bench"])
    extras = ["test", "check", "compile", "bench", "loops"]
    parser.add_argument("--with", dest="extras", nargs="*", default=[], choices=extras)
    arguments = parser.parse_args()
    Environment(arguments.name).update(arguments.extras)


if __name__ == "__main__":
    main()
