"""Other processes: Python programs whose output is read line by line, with a deadline."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import purezmq

from .waiting import TIMEOUT

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(purezmq.__file__).resolve().parents[1]


def environment(*first: Path) -> dict[str, str]:
    """The environment in which a child finds the purezmq that is under test, and the helpers."""
    path = os.pathsep.join(map(str, (*first, ROOT, SOURCE)))
    return os.environ | {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}


class Program:
    """A Python program at work; it is killed at the end when it has not ended by itself."""

    def __init__(self, arguments: Sequence[str], env: dict[str, str] | None = None, cwd: Path | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env=env or environment(),
            cwd=cwd,
        )
        self.seen: list[str] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @classmethod
    def script(cls, text: str, *arguments: str) -> Self:
        """A program given as text."""
        return cls(["-c", text, *arguments])

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def line(self, timeout: float = TIMEOUT) -> str:
        """The next line of its output."""
        text = self.line_within(timeout)
        assert text is not None, f"no line within {timeout} s after {self.tail()}"
        return text

    def line_within(self, timeout: float) -> str | None:
        """The next line of its output, if one comes in time."""
        try:
            text = self._lines.get(timeout=timeout)
        except queue.Empty:
            return None
        assert text is not None, f"the program ended after {self.tail()}"
        self.seen.append(text)
        return text

    def expect(self, text: str, timeout: float = TIMEOUT) -> str:
        """The next line that has the text in it."""
        deadline = time.monotonic() + timeout
        while text not in (line := self.line(max(deadline - time.monotonic(), 0.001))):
            pass
        return line

    def write(self, text: str) -> None:
        """A line for its standard input."""
        assert self.process.stdin
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()

    def wait(self, timeout: float = TIMEOUT) -> int:
        """Its exit status, when it ends by itself in time."""
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the program did not end within {timeout} s after {self.rest()[-20:]}") from None

    def rest(self) -> list[str]:
        """The lines that came and were not read yet; all that will ever come, once the program has ended."""
        if self.process.poll() is not None:
            self._reader.join(TIMEOUT)
        lines = []
        while not self._lines.empty():
            if (line := self._lines.get()) is not None:
                lines.append(line)
        self.seen += lines
        return lines

    def tail(self) -> list[str]:
        """The last lines that were read."""
        return self.seen[-20:]

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it at once, and be sure that it is gone."""
        self.process.kill()
        self.process.wait(TIMEOUT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.kill()
        self._reader.join(TIMEOUT)
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)


def run_script(text: str, *arguments: str, timeout: float = 3 * TIMEOUT) -> list[str]:
    """The lines that a program prints, which must end well and in time."""
    with Program.script(text, *arguments) as program:
        status = program.wait(timeout)
        lines = program.rest()
    assert status == 0, f"exit status {status}: {lines}"
    return lines
