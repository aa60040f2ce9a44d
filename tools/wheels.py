"""Build wheels as pip does for a user, and look whether each holds what it should.

    wheels.py require never    one wheel for each wish in PUREZMQ_COMPILE

Every file of src/purezmq is in both wheels, so that the source of a compiled module can be read where it runs; the
compiled one has an extension module for each `.pxd` besides.
"""

import os
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
SHIPPED = {".py", ".pxd", ".typed"}


def build(wish: str, into: str) -> Path:
    """One wheel, built in an environment of pip's own."""
    rmtree(ROOT / "build", ignore_errors=True)  # setuptools would pack what a former build left there
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    built = subprocess.run(
        [*command, "--wheel-dir", into, str(ROOT)], env=os.environ | {"PUREZMQ_COMPILE": wish}, check=False
    )
    if built.returncode != 0:
        sys.exit(f"wheels.py: no wheel with PUREZMQ_COMPILE={wish}")
    return next(Path(into).glob("*.whl"))


def expected(wish: str) -> set[str]:
    """The modules and data that the wheel should hold."""
    files = [path.relative_to(SOURCE) for path in (SOURCE / "purezmq").rglob("*") if path.suffix in SHIPPED]
    names = {path.as_posix() for path in files}
    if wish == "require":
        names |= {path.with_suffix(EXTENSION_SUFFIXES[0]).as_posix() for path in files if path.suffix == ".pxd"}
    return names


def main() -> None:
    """Build and compare."""
    for wish in sys.argv[1:]:
        with TemporaryDirectory() as folder:
            wheel = build(wish, folder)
            held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
            if held != expected(wish):
                sys.exit(f"wheels.py: {wheel.name} differs from src in {sorted(held ^ expected(wish))}")
            print(f"PUREZMQ_COMPILE={wish}: {wheel.name} holds {len(held)} files")


if __name__ == "__main__":
    main()
