"""purezmq in pyzmq's place: `import zmq` gives purezmq, in this process and in the Python processes that it starts.

Here, a finder that is asked before all others answers for `zmq` and for everything below it, with purezmq's own
modules. Children that are forked have it, too. Children that begin as a new Python find the folder `_shim` at the head
of their PYTHONPATH; the module `zmq` in it calls `install_as_zmq` there. Children of multiprocessing find it on
`sys.path`, which they get from their parent.
"""

import os
import site
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import InspectLoader, Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, ModuleType
from typing import cast

__all__ = ["install_as_zmq", "python"]

OURS, THEIRS = "purezmq", "zmq"
PACKAGE = Path(__file__).parent
SHIM = str(PACKAGE / "_shim")
HOME = str(PACKAGE.parent)


def install_as_zmq() -> None:
    """Have `import zmq` give purezmq from now on. See `purezmq.install_as_zmq`."""
    refuse_if_pyzmq_is_here()
    sys.modules[THEIRS] = sys.modules[OURS]
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder())
    if SHIM not in sys.path:
        sys.path.insert(min(1, len(sys.path)), SHIM)  # the first entry is the program's own folder
    os.environ["PYTHONPATH"] = python_path()


def refuse_if_pyzmq_is_here() -> None:
    """Raise ImportError when a module named `zmq`, or below it, is imported already and is not ours."""
    for name in sorted(name for name in sys.modules if name.partition(".")[0] == THEIRS):
        module = sys.modules.get(name)
        if module is None or module is sys.modules.get(our_name(name)):
            continue
        raise ImportError(
            f"{name} is imported already, from {getattr(module, '__file__', None) or repr(module)}: call "
            "purezmq.install_as_zmq() before anything imports zmq, or start the program with `python -m purezmq run`",
            name=name,
        )


def our_name(name: str) -> str:
    """The name of a module of pyzmq's, as a module of purezmq's."""
    return OURS + name.removeprefix(THEIRS)


class Finder(MetaPathFinder):
    """Finds `zmq` and all below it in purezmq."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 (importlib's signature)
        target: ModuleType | None = None,  # noqa: ARG002 (the same)
    ) -> ModuleSpec | None:
        """Answer the import system. Raises ModuleNotFoundError when purezmq has no such module."""
        if fullname.partition(".")[0] != THEIRS:
            return None
        real = find_spec(our_name(fullname))
        if real is None:
            message = f"No module named {fullname!r}: zmq is purezmq here, which has no {our_name(fullname)!r}"
            raise ModuleNotFoundError(message, name=fullname)
        spec = ModuleSpec(fullname, Alias(real), origin=real.origin)
        spec.submodule_search_locations = real.submodule_search_locations
        spec.has_location = real.has_location
        return spec


class Alias(Loader):
    """Loads a module of purezmq's under a second name: the very module, whose own attributes stay what they are."""

    def __init__(self, real: ModuleSpec) -> None:
        self._real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002 (the same)
        """Import the real module, so that there is never another one under the second name."""
        module = import_module(self._real.name)
        self._real = module.__spec__ or self._real
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Give the module its own spec back: the import system has put that of the second name in its place."""
        module.__spec__ = self._real

    def get_code(self, fullname: str) -> CodeType | None:  # noqa: ARG002 (the same)
        """Return the code, for `python -m`."""
        return cast("InspectLoader", self._real.loader).get_code(self._real.name)


def python_path() -> str:
    """The PYTHONPATH for children: first the shim; last purezmq's folder, unless they find purezmq without that."""
    inherited = os.environ.get("PYTHONPATH")
    entries = [entry for entry in inherited.split(os.pathsep) if entry != SHIM] if inherited else []
    if HOME not in [*entries, *site.getsitepackages(), site.getusersitepackages()]:
        entries.append(HOME)
    return os.pathsep.join([SHIM, *entries])


def python(*arguments: str) -> int:
    """Go on as another Python, with the options of this one, where `import zmq` gives purezmq.

    Parameters
    ----------
    arguments : str
        The program and its arguments, as they stand on Python's command line.

    Returns
    -------
    int
        The exit status, on Windows; elsewhere the other Python takes this process over.

    Raises
    ------
    SystemExit
        when this Python ignores PYTHONPATH, as the other one would
    """
    if sys.flags.ignore_environment:
        sys.exit("purezmq: the program finds purezmq by PYTHONPATH, which Python ignores with -E and -I")
    command = [sys.executable, *options(), *arguments]
    environment = os.environ | {"PYTHONPATH": python_path()}
    if sys.platform == "win32":
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 (what it is for)
    return os.execve(sys.executable, command, environment)  # noqa: S606 (the same)


def options() -> list[str]:
    """The options of this Python: what stands before `-m purezmq` on its command line, such as `-u -X dev`."""
    *before, last = sys.orig_argv[1 : 1 - len(sys.argv)]
    if last == OURS:
        *before, last = before
    joined = last.removesuffix(OURS).removesuffix("m")  # `-um purezmq` and `-umpurezmq` are the same
    return before if joined == "-" else [*before, joined]
