"""Where and what was measured, without saying whose machine it is."""

import os
import platform
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def short_name() -> str:
    """E.g. `linux-x86_64-2cores-py3.11`."""
    major, minor, _ = platform.python_version_tuple()
    return f"{platform.system().lower()}-{platform.machine()}-{cores()}cores-py{major}.{minor}"


def cpu() -> str:
    """The model of the processor."""
    table = Path("/proc/cpuinfo")
    lines = table.read_text().splitlines() if table.is_file() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


def commit() -> str:
    """The commit that is checked out, with `-dirty` behind it where something differs; without git `unknown`."""
    revision = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--", ".", ":!bench/results")
    return (revision or "unknown") + ("-dirty" if changed else "")


def _git(*arguments: str) -> str:
    try:
        told = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return told.stdout.strip()
