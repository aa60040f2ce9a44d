"""Has a scene played: starts its processes, tells them each other's endpoints, and takes down what they received.

The director itself uses only pipes to its processes, and ends them all when time is up: whatever goes wrong in a role,
the demo comes to its end.
"""

import json
import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from .role import Word
from .scene import Received, Scene

DEADLINE = 9.0
"""Seconds that a scene may take: more than a role waits for a message, so that its own complaint comes first."""


@dataclass
class Outcome:
    """How a scene went: where each role was played, what it received; `failure` is empty if all came to their end."""

    where: dict[str, str] = field(default_factory=dict)
    received: dict[str, Received] = field(default_factory=dict)
    failure: str = ""
    seconds: float = 0.0


def perform(scene: Scene, transport: str, deadline: float = DEADLINE) -> Outcome:
    """Have one scene played over one transport: in a process for each role, over inproc in a thread for each."""
    started = time.monotonic()
    with Performance(scene, transport) as performance:
        outcome = performance.listen(started + deadline)
    outcome.seconds = time.monotonic() - started
    return outcome


def command(scene: Scene, transport: str, roles: list[str]) -> list[str]:
    """The command line of a process that plays these roles."""
    return [sys.executable, "-m", "purezmq.demo.role", scene.name, transport, *roles]


class Performance:
    """The processes of one scene, and the words that come from them."""

    def __init__(self, scene: Scene, transport: str) -> None:
        self.scene = scene
        self.outcome = Outcome()
        self.endpoints: dict[str, str] = {}
        self.on_stage = list(scene.roles)
        self.words: queue.Queue[Word] = queue.Queue()
        roles = list(scene.roles)
        casts = [roles] if transport == "inproc" else [[role] for role in roles]
        self.processes: list[subprocess.Popen[str]] = []
        self.listeners: list[threading.Thread] = []
        for cast in casts:
            self.start(command(scene, transport, cast), cast)

    def start(self, arguments: list[str], cast: list[str]) -> None:
        """Start a process, and a thread that listens to it."""
        process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        listener = threading.Thread(target=self.hear_out, args=(process, cast))
        self.processes.append(process)
        self.listeners.append(listener)
        listener.start()

    def hear_out(self, process: "subprocess.Popen[str]", cast: list[str]) -> None:
        """Pass on each word of a process, and its end."""
        for line in process.stdout or ():
            self.words.put(json.loads(line))
        status = process.wait()
        for role in cast:
            self.words.put({"role": role, "ended": status})

    def listen(self, deadline: float) -> Outcome:
        """Listen until each role has come to its end, or one has failed, or time is up."""
        while not self.outcome.failure and self.on_stage:
            try:
                word = self.words.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self.outcome.failure = f"nothing was heard in time from {', '.join(self.on_stage)}"
            else:
                self.take_down(word)
        return self.outcome

    def take_down(self, word: Word) -> None:
        """Note what a role says; when the last one is here and the last name is bound, tell all where to connect."""
        match word:
            case {"role": role, "here": where}:
                self.outcome.where[role] = where
                self.tell_endpoints()
            case {"bound": [name, endpoint]}:
                self.endpoints[name] = endpoint
                self.tell_endpoints()
            case {"role": role, "received": received}:
                self.outcome.received[role] = received
            case {"role": role, "failed": text}:
                self.outcome.failure = f"{role}: {text}"
            case {"role": role, "ended": 0} if role in self.outcome.received:
                self.on_stage.remove(role)
            case {"role": role, "ended": status}:
                self.outcome.failure = f"{role} ended before its time, exit status {status}"

    def tell_endpoints(self) -> None:
        """Tell every process the endpoint of each name, once all are known and all roles are there."""
        if self.outcome.where.keys() == self.scene.roles.keys() and self.endpoints.keys() == set(self.scene.names):
            for process in self.processes:
                with suppress(BrokenPipeError):  # it has ended, and that is its next word
                    print(json.dumps(self.endpoints), file=process.stdin, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process, listener in zip(self.processes, self.listeners, strict=True):
            process.kill()
            listener.join()
            with suppress(BrokenPipeError), process:  # closes the pipes
                pass
