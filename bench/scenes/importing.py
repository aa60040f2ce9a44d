"""What `import` takes in a fresh interpreter, beyond what the interpreter takes by itself."""

import subprocess
import sys
from time import perf_counter
from typing import Any

from ..samples import percentile
from ..stage import Stage
from .scene import Figures, FollowWork, LeadWork, Scene


def time(program: str) -> float:
    """How long an interpreter runs with this program."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return perf_counter() - start


def start(stage: Stage) -> LeadWork:
    """Interpreters that import, and others that do not, one after the other."""

    def work(count: int) -> list[float]:
        return [-time("pass") + time(f"import {stage.library.name}") for _ in range(count)]

    return work


def stand_by(_stage: Stage) -> FollowWork:
    """Nothing is to be done on the other side."""
    return lambda _count: None


def figures(_settings: dict[str, Any], _count: int, readings: list[float]) -> Figures:
    """The median."""
    return {"p50": percentile(readings, 50)}


SCENE = Scene(start, stand_by, figures)
