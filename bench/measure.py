"""One measurement: fresh processes for the two sides of a workload, which never outlive it."""

import json
import os
import signal
import socket
import subprocess
from contextlib import ExitStack, suppress
from dataclasses import replace
from tempfile import TemporaryDirectory, TemporaryFile
from time import monotonic, sleep
from typing import Final, Self

from .contenders import Contender
from .machine import ROOT
from .order import Order
from .scenes.scene import Figures
from .workloads import Workload

LIMIT: Final = 15.0
"""Seconds that a measurement may take; a child then ends by itself."""
GRACE: Final = 3.0
"""Seconds after which it is killed nevertheless."""
GLANCE: Final = 0.01


class Failed(Exception):
    """A contender could not do it; the text says why."""


def measure(contender: Contender, workload: Workload, seconds: float, limit: float = LIMIT) -> Figures:
    """The figures of one measurement by metric; Failed, if there are none."""
    with TemporaryDirectory(prefix="bench-") as folder:
        order = Order(
            module=contender.module,
            scene=workload.scene,
            leads=True,
            channel=None,
            transport=workload.transport,
            address="127.0.0.1" if workload.transport == "tcp" else f"{folder}/socket",
            settings=workload.settings,
            seconds=seconds,
            limit=limit,
        )
        if workload.in_one_process:
            (figures,) = _play(contender, [order])
            return figures
        near, far = socket.socketpair()
        with near, far:
            orders = [replace(order, channel=near.fileno()), replace(order, channel=far.fileno(), leads=False)]
            figures, cost = _play(contender, orders)
        return figures | {metric: figures[metric] + cost[metric] for metric in cost}


def _play(contender: Contender, orders: list[Order]) -> list[Figures]:
    """Run a process for each order until all have ended or one has failed."""
    with ExitStack() as stack:
        children = [stack.enter_context(_Child(contender, order)) for order in orders]
        end = monotonic() + orders[0].limit + GRACE
        while monotonic() < end and not any(child.failed for child in children):
            if all(child.ended for child in children):
                return [child.figures() for child in children]
            sleep(GLANCE)
        raise Failed(next((child.complaint() for child in children if child.failed), "it does not even stop"))


class _Child:
    """A process of a measurement, in a session of its own: whatever it has started is killed with it."""

    def __init__(self, contender: Contender, order: Order) -> None:
        self._order = order
        self._command = [contender.python, "-m", "bench.child", order.encode()]

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._said, self._complained = (stack.enter_context(TemporaryFile("w+")) for _ in range(2))
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
                pass_fds=[] if self._order.channel is None else [self._order.channel],
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._complained,
                start_new_session=True,
            )
            stack.callback(self._kill)
            self._end = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.close()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    @property
    def ended(self) -> bool:
        """Whether it did what it should and is gone."""
        return self._process.poll() == 0

    @property
    def failed(self) -> bool:
        """Whether it is gone without having done so."""
        return self._process.poll() not in {None, 0}

    def figures(self) -> Figures:
        """What it has measured."""
        self._said.seek(0)
        figures: Figures = json.load(self._said)
        return figures

    def complaint(self) -> str:
        """Why it failed, in one line."""
        self._complained.seek(0)
        lines = self._complained.read().split("\n")
        if any(line.startswith("Timeout (") for line in lines):
            return f"not done after {self._order.limit:g} s"
        if self._process.returncode < 0:
            return f"killed by {signal.Signals(-self._process.returncode).name}"
        last = next((line.strip() for line in reversed(lines) if line.strip()), "no word about it")
        return last.replace(f"{ROOT}/", "")
