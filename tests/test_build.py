"""The build: all modules that have a `.pxd` are compiled, or none is, as PUREZMQ_COMPILE and the machine decide."""

import importlib
import os
import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pytest

import purezmq

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
HOT_MODULES = sorted(".".join(path.relative_to(SOURCE).with_suffix("").parts) for path in SOURCE.rglob("*.pxd"))

needs_compiler = pytest.mark.skipif(not purezmq.compiled, reason="whoever built this purezmq could not compile")


def file_of(module):
    return Path(str(importlib.import_module(module).__file__))


def test_the_frame_codec_is_a_hot_module():
    assert "purezmq.zmtp.frame" in HOT_MODULES


@pytest.mark.parametrize("module", HOT_MODULES)
def test_every_hot_module_runs_as_compiled_says(module):
    assert file_of(module).name.endswith(tuple(EXTENSION_SUFFIXES)) == purezmq.compiled


@pytest.mark.parametrize("module", HOT_MODULES)
def test_the_source_of_every_hot_module_is_beside_it(module):
    stem = file_of(module).parent / module.rpartition(".")[2]
    assert stem.with_suffix(".py").is_file()
    assert stem.with_suffix(".pxd").is_file()


@pytest.mark.skipif("PUREZMQ_EXPECT_COMPILED" not in os.environ, reason="make test says which build it means")
def test_the_build_under_test_is_the_one_that_was_meant():
    assert purezmq.compiled == bool(int(os.environ["PUREZMQ_EXPECT_COMPILED"]))


@pytest.mark.skipif("PUREZMQ_EXPECT_COMPILED" not in os.environ, reason="make test installs the package")
def test_the_installed_version_is_the_version():
    assert version("purezmq") == purezmq.purezmq_version()


# Builds of a small project that has our setup.py, pyproject.toml and two hot modules.

HOT = "def double(number):\n    twice = 2 * number\n    return twice\n"
HOT_PXD = "import cython\n\n@cython.locals(twice=Py_ssize_t)\ncpdef object double(object number)\n"


@pytest.fixture
def project(tmp_path):
    """A folder to build in."""
    for name in ("setup.py", "pyproject.toml", "LICENSE", "MANIFEST.in", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    package = tmp_path / "src" / "purezmq"
    (package / "zmtp").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "_build.py").write_text('version = "1.0"\n')
    (package / "zmtp" / "__init__.py").touch()
    for name in ("first", "second"):
        (package / "zmtp" / f"{name}.py").write_text(HOT)
        (package / "zmtp" / f"{name}.pxd").write_text(HOT_PXD)
    return tmp_path


def build(project, wish="", prepare="", **environment):
    """Build a wheel as pip does; return the process, and the suffixes of each module's files in the wheel."""
    text = f"{prepare}\nfrom setuptools import build_meta\nprint(build_meta.build_wheel('dist'))"
    ended = subprocess.run(
        [sys.executable, "-c", text],
        cwd=project,
        env=os.environ | {"PUREZMQ_COMPILE": wish} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list((project / "dist").glob("*.whl"))
    names = ZipFile(wheels[0]).namelist() if wheels else []
    return ended, {
        name.partition(".")[2] for name in names if name.startswith(("purezmq/zmtp/first", "purezmq/zmtp/second"))
    }


def said(ended):
    """What our setup.py told."""
    return [line for line in ended.stderr.splitlines() if line.startswith("purezmq: ")]


WITHOUT_CYTHON = "import sys; sys.modules['Cython'] = None"
WITHOUT_COMPILER = {"CC": "no-such-compiler"}
PURE = {"py", "pxd"}


@needs_compiler
def test_all_hot_modules_are_compiled_where_that_is_possible(project):
    ended, held = build(project)

    assert held == PURE | {EXTENSION_SUFFIXES[0].removeprefix(".")}
    assert said(ended) == ["purezmq: compiled purezmq.zmtp.first, purezmq.zmtp.second"]


def test_without_cython_the_wheel_is_plain_python_and_one_line_says_so(project):
    ended, held = build(project, prepare=WITHOUT_CYTHON)

    assert ended.returncode == 0, ended.stderr
    assert held == PURE
    assert said(ended) == ["purezmq: not compiled, it runs as plain Python: Cython is not installed"]


def test_without_a_c_compiler_the_wheel_is_plain_python_and_one_line_says_so(project):
    ended, held = build(project, **WITHOUT_COMPILER)

    assert ended.returncode == 0, ended.stderr
    assert held == PURE
    (line,) = said(ended)
    assert line.startswith("purezmq: not compiled, it runs as plain Python: ")
    assert "no-such-compiler" in line


@needs_compiler
def test_one_module_that_cannot_be_compiled_leaves_all_as_python(project):
    (project / "src" / "purezmq" / "zmtp" / "second.pxd").write_text("cpdef object double(no_such_type number)\n")
    ended, held = build(project)

    assert held == PURE
    assert len(said(ended)) == 1


@pytest.mark.parametrize("lack", [{"prepare": WITHOUT_CYTHON}, WITHOUT_COMPILER], ids=["no Cython", "no compiler"])
def test_require_fails_where_it_cannot_compile(project, lack):
    ended, held = build(project, "require", **lack)

    assert ended.returncode != 0
    assert held == set()


def test_never_compiles_nothing_and_looks_for_no_cython(project):
    ended, held = build(project, "never", prepare=WITHOUT_CYTHON)

    assert held == PURE
    assert said(ended) == []


def test_another_wish_is_refused(project):
    ended, _ = build(project, "maybe")

    assert ended.returncode != 0
    assert said(ended) == ["purezmq: PUREZMQ_COMPILE is expected to be `require`, `never` or unset, not 'maybe'"]
