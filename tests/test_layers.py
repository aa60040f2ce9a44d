"""Imports point downwards, and the protocol and the patterns know nothing of the world (docs/architecture.md)."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"
PACKAGE = SOURCE / "purezmq"
FILES = sorted(PACKAGE.rglob("*.py"))

WORLD = {"asyncio", "multiprocessing", "os", "select", "selectors", "socket", "ssl", "subprocess", "threading", "time"}
WORLDLESS = {"zmtp", "patterns"}

BELOW = {
    "_native": [],
    "zmtp": [],
    "patterns": [],
    "transports": ["_native"],
    "constants": [],
    "error": ["constants"],
    "_build": ["zmtp"],
    "engine": ["zmtp", "patterns", "transports", "_native"],
    "api": [
        "engine",
        "patterns.message",
        "patterns.errors",
        "transports.base",
        "constants",
        "error",
        "_build",
        "_native",
    ],
}
"""What each room may import, besides itself: rooms, or single modules of them."""
FOR_PUBLIC_MODULES = ["api", "constants", "error", "_build"]
"""What all other modules may import, besides each other: never what is below api."""

OPTIONAL = {"eventloop": {"tornado"}, "green": {"gevent", "tornado"}, "trio": {"trio"}}
"""The rooms that are there for a library that is not the standard one, and what they import of it.

The modules of `api` that make such a room begin with its name: `api/trio_socket.py`.
"""


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path) for path in FILES}


def imported(path: Path, *, at_run_time: bool = False) -> Iterator[str]:
    """The absolute name of each module that a file imports, wherever it does so."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package.pop()
    tree = ast.parse(path.read_text())
    for node in without_type_checking(tree) if at_run_time else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                name = f"{base}.{alias.name}"
                yield name if name in MODULES else base


def without_type_checking(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING"):
            yield from without_type_checking(child)


def room(module: str) -> str:
    """The folder or module directly under purezmq, e.g. `zmtp`; the package itself is the room ``."""
    return module.partition(".")[2].partition(".")[0]


def is_in(module: str, allowed: list[str]) -> bool:
    return any(f"{module}.".startswith(f"purezmq.{name}.") for name in allowed)


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_of_ours_point_downwards(path):
    here = room(module_name(path))
    others = {name for name in imported(path) if name.split(".")[0] == "purezmq" and room(name) != here}

    if here in BELOW:
        assert not {name for name in others if not is_in(name, BELOW[here])}
    else:
        assert not {name for name in others if room(name) in BELOW and not is_in(name, FOR_PUBLIC_MODULES)}


@pytest.mark.parametrize("path", [path for path in FILES if room(module_name(path)) in WORLDLESS], ids=name_of)
def test_protocol_and_patterns_import_nothing_of_the_world(path):
    assert not WORLD & {name.split(".")[0] for name in imported(path)}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nothing_but_the_standard_library_is_needed_except_for_a_rooms_purpose(path):
    needed = {name.split(".")[0] for name in imported(path, at_run_time=True)}
    here = room(module_name(path))
    purpose = path.stem.partition("_")[0] if here == "api" else here
    assert needed <= sys.stdlib_module_names | {"purezmq"} | OPTIONAL.get(purpose, set())


def test_all_rooms_have_files():
    assert {room(module) for module in MODULES} >= BELOW.keys()


def test_imports_are_found_in_all_their_forms(tmp_path, monkeypatch):
    module = PACKAGE / "engine" / "imagined.py"
    text = (
        "import a.b, c\nfrom d import e\n"
        "from .. import zmtp\nfrom . import errors\nfrom ..zmtp import frame\nfrom .errors import X"
    )
    monkeypatch.setattr(Path, "read_text", lambda path: text if path == module else "")

    assert list(imported(module)) == [
        "a.b",
        "c",
        "d",
        "purezmq.zmtp",
        "purezmq.engine.errors",
        "purezmq.zmtp.frame",
        "purezmq.engine.errors",
    ]
