"""Run the suite on the compiled and on the interpreted build, at the same time: with two processors in half the time.

    suites.py COMPILED INTERPRETED [pytest's arguments]

COMPILED and INTERPRETED are the interpreters of environments that have the builds. What the second one prints comes
after what the first one prints.
"""

import os
import subprocess
import sys
from tempfile import TemporaryFile
from typing import IO


def start(python: str, compiled: str, arguments: list[str], output: IO[str] | None) -> subprocess.Popen[str]:
    """The suite, in an environment; PUREZMQ_EXPECT_COMPILED tells it which build it should find there."""
    command = [python, "-m", "pytest", *arguments]
    return subprocess.Popen(
        command, env=os.environ | {"PUREZMQ_EXPECT_COMPILED": compiled}, stdout=output, stderr=output, text=True
    )


def main() -> None:
    """Run both, and fail if one of them does."""
    compiled, interpreted, *arguments = sys.argv[1:]
    print("==> all tests on the compiled build, and at the same time on the interpreted build", flush=True)
    with TemporaryFile("w+") as output:
        suites = [start(compiled, "1", arguments, None), start(interpreted, "0", arguments, output)]
        results = [suite.wait() for suite in suites]
        output.seek(0)
        print("==> all tests on the interpreted build", flush=True)
        print(output.read(), flush=True)
    sys.exit(max(results))


if __name__ == "__main__":
    main()
