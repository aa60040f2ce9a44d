"""Builds purezmq: modules that have a `.pxd` beside them are compiled where that is possible, plain Python where not.

The environment variable PUREZMQ_COMPILE says what is wanted: `require` fails where nothing can be compiled, `never`
compiles nothing, and unset (or empty) tries. All hot modules are compiled or none is, so that `purezmq.compiled` has
one answer. Everything else about the package is in pyproject.toml.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import BaseError, CompileError, LinkError

SOURCE = "src"
BUILD = Path("build") / "cython"
DIRECTIVES = {
    "language_level": 3,
    "annotation_typing": False,  # `int` in an annotation stays Python's int; C types come from the .pxd only
}

wish = os.environ.get("PUREZMQ_COMPILE", "")
if wish not in {"", "require", "never"}:
    sys.exit(f"purezmq: PUREZMQ_COMPILE is expected to be `require`, `never` or unset, not {wish!r}")


def hot_modules() -> list[Extension]:
    """One extension for each `.py` under src that has a `.pxd` beside it."""
    sources = sorted(path.with_suffix(".py") for path in Path(SOURCE).rglob("*.pxd"))
    return [Extension(".".join(path.relative_to(SOURCE).with_suffix("").parts), [path.as_posix()]) for path in sources]


def tell(what: str) -> None:
    """The one line that says which build this is; it begins with `purezmq:` so that it can be found in pip's log."""
    print(f"purezmq: {what}", file=sys.stderr, flush=True)


def cython() -> Callable[..., list[Extension]] | None:
    """Cython's translator to C, or None if Cython is not installed."""
    try:
        from Cython.Build import cythonize
    except ImportError:
        return None
    return cythonize


class BuildHotModules(build_ext):
    """Python to C to extension modules, or, unless that is required, one line saying why not."""

    extensions: list[Extension]
    parallel: int | None

    def finalize_options(self) -> None:
        """Use all processors, unless told how many."""
        self.parallel = self.parallel or os.cpu_count()
        super().finalize_options()

    def run(self) -> None:
        """Compile all hot modules, or leave none compiled."""
        try:
            self.compile()
        except (BaseError, CompileError, LinkError, OSError) as error:
            if wish == "require":
                raise
            self.leave_as_python()
            tell(f"not compiled, it runs as plain Python: {error}".splitlines()[0])
        else:
            tell(f"compiled {', '.join(module.name for module in self.extensions)}")

    def compile(self) -> None:
        """Translate and compile; all errors of Cython become BaseError."""
        translate = cython()
        if translate is None:
            raise BaseError("Cython is not installed")
        from Cython.Compiler.Errors import CompileError as NotTranslated

        try:
            translated = translate(
                self.extensions, build_dir=str(BUILD), include_path=[SOURCE], compiler_directives=DIRECTIVES, quiet=True
            )
        except NotTranslated as error:
            raise BaseError(f"Cython refuses {error}") from error
        for module in self.extensions:
            module.sources = next(done.sources for done in translated if done.name == module.name)
        super().run()

    def leave_as_python(self) -> None:
        """Take back what was compiled before the failure, so that nothing half compiled is packed."""
        for module in self.extensions:
            Path(self.get_ext_fullpath(module.name)).unlink(missing_ok=True)
        self.extensions = []


setup(ext_modules=[] if wish == "never" else hot_modules(), cmdclass={"build_ext": BuildHotModules})
