"""Run the soak, and tell what came of it; the exit status is 0 if all is well, and 1 if not.

    python -m soak [SECONDS]

A program that sends 200 messages a second sends 17.3 million in a day. So many are sent here in 300 seconds, the
default, and as many fewer as it is to be shorter. Where that is too fast for the machine it takes longer.
"""

import asyncio
import sys
from time import monotonic
from typing import Final

import purezmq
from purezmq.asyncio import Context

from .scenes import SCENES, Scene
from .watch import Watch

DAY: Final = 24 * 60 * 60
SECONDS: Final = 300.0
PATIENCE: Final = 60.0
"""Seconds that a run may take more than four times what it should."""


async def soak(seconds: float, watch: Watch) -> list[Scene]:
    """Run all scenes at once. Raises LostError in a group, and TimeoutError when something does not arrive."""
    async with Context() as context:
        context.linger = 10_000  # what a client has sent is to arrive, also when the machine stands still for a moment
        scenes: list[Scene] = [kind(context) for kind in SCENES]
        async with asyncio.timeout(4 * seconds + PATIENCE), asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(watch.keep(seconds))
            running = [tasks.create_task(scene.run(round(scene.rate * seconds))) for scene in scenes]
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            watching.cancel()  # from now on it gets less and less
    return scenes


def causes(error: BaseException) -> list[str]:
    """What went wrong, of a group of errors each."""
    if isinstance(error, BaseExceptionGroup):
        return [cause for one in error.exceptions for cause in causes(one)]
    return [str(error) or "not everything has arrived in time"]


def table(scenes: list[Scene], seconds: float) -> list[str]:
    """What each scene has done."""
    lines = [f"{'':22}{'messages':>18}{'cancelled':>12}{'clients':>9}"]
    lines += [f"{type(s).__name__:22}{s.arrived:18,}{s.cancelled:12,}{s.clients:9,}" for s in scenes]
    total = sum(scene.arrived for scene in scenes)
    build = "compiled" if purezmq.compiled else "interpreted"
    return [
        *lines,
        f"{'all':22}{total:18,}{sum(s.cancelled for s in scenes):12,}{sum(s.clients for s in scenes):9,}",
        f"in {seconds:.1f} s, {build}: what a program that sends {total / DAY:.0f} messages a second sends in a day",
    ]


def main(seconds: float) -> int:
    """Run it, show the tables and the verdict."""
    watch = Watch()
    started = monotonic()
    try:
        scenes = asyncio.run(soak(seconds, watch))
    except (TimeoutError, ExceptionGroup) as error:
        print(f"FAILED: {'; '.join(causes(error))}")
        return 1
    print(*table(scenes, monotonic() - started), "", *watch.table(), "", sep="\n")
    leaks = watch.leaks()
    print(f"FAILED: {'; '.join(leaks)}" if leaks else "nothing was lost, and nothing grew")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
