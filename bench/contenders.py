"""Who is measured: purezmq's two builds, its relatives, and the bare sockets."""

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Final

from .machine import ROOT

ENVIRONMENTS: Final = {
    "compiled": ".venv",
    "interpreted": ".venv-pure",
    "pyzmq": ".venv-bench",
    "pyomq": ".venv-bench",
    "raw": ".venv-bench",
}
"""In which environment of the repository each contender is installed."""
MODULES: Final = {"compiled": "purezmq", "interpreted": "purezmq", "pyzmq": "zmq", "pyomq": "pyomq", "raw": None}
OURS: Final = ("compiled", "interpreted")
LIBRARIES: Final = ("compiled", "interpreted", "pyzmq", "pyomq")
NORM: Final = "pyzmq"
RIVAL: Final = "pyomq"
FLOOR: Final = "raw"
BLOCKING: Final = "blocking calls"
"""Not a contender: its own figure in the blocking counterpart of an asyncio workload."""

LOOK: Final = """
import importlib, importlib.util, json, sys
module = importlib.import_module(sys.argv[1])
version = getattr(module, "purezmq_version", None) or getattr(module, "pyomq_version", None) or module.pyzmq_version
uvloop = importlib.util.find_spec("uvloop") is not None
print(json.dumps({"version": version(), "compiled": getattr(module, "compiled", None), "uvloop": uvloop}))
"""


class Absent(Exception):
    """A contender is not there; the text says why."""


@dataclass(frozen=True)
class Contender:
    """A module with pyzmq's API and the interpreter that has it; the raw sockets need no module."""

    name: str
    python: str
    module: str | None
    version: str
    has_uvloop: bool = True


def find(name: str) -> Contender:
    """The contender of this name; Absent, if this machine has none."""
    environment, module = ENVIRONMENTS[name], MODULES[name]
    if name == "compiled" and os.environ.get("PUREZMQ_COMPILE") == "never":
        raise Absent("PUREZMQ_COMPILE=never")
    python = ROOT / environment / "bin" / "python"
    if not python.is_file():
        raise Absent(f"there is no {environment}")
    if module is None:
        return Contender(name, str(python), None, "")
    looked = subprocess.run([python, "-c", LOOK, module], capture_output=True, text=True, check=False)
    if looked.returncode != 0:
        raise Absent(f"{environment} has no {module} that can be imported")
    seen = json.loads(looked.stdout)
    if seen["compiled"] not in {None, name == "compiled"}:
        raise Absent(f"the build in {environment} is {'' if seen['compiled'] else 'not '}compiled")
    return Contender(name, str(python), module, seen["version"], seen["uvloop"])


def gather(wanted: list[str]) -> tuple[list[Contender], dict[str, str]]:
    """Who is there, and why the others are not."""
    there, absent = [], {}
    for name in wanted:
        try:
            contender = find(name)
        except Absent as reason:
            absent[name] = str(reason)
            continue
        there.append(contender)
        if not contender.has_uvloop:
            absent[f"{name} with uvloop"] = "its environment has none"
    return there, absent
