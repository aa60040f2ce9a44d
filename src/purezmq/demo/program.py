"""The demo's program: each scene over each of its transports, and then the counts."""

import time

import purezmq as zmq

from . import show
from .director import perform
from .scenes import SCENES

TRANSPORTS = [transport for transport in ("tcp", "ipc", "inproc") if transport != "ipc" or zmq.has("ipc")]


def run() -> int:
    """Show all scenes; the exit status is 0 if every count is right, and 1 if not."""
    started = time.monotonic()
    wrong: list[str] = []
    verdicts: show.Verdicts = {}
    show.show_opening()
    for transport in TRANSPORTS:
        for scene in SCENES.values():
            if transport not in scene.transports:
                continue
            outcome = perform(scene, transport)
            show.show_scene(scene, transport, outcome)
            if outcome.failure:
                wrong.append(f"{scene.name} over {transport}: {outcome.failure}")
                continue
            for check in scene.check(outcome.received):
                verdicts.setdefault((scene.name, check.what), {})[transport] = check
                if not check.holds:
                    wrong.append(f"{scene.name} over {transport}, {check}")
    show.show_counts(verdicts, TRANSPORTS)
    show.show_result(wrong, sum(map(len, verdicts.values())), time.monotonic() - started)
    return 1 if wrong else 0
