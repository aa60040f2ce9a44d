"""A process of the demo: `python -m purezmq.demo.role SCENE TRANSPORT ROLE...` plays a role, or several as threads.

It speaks with the director in lines of JSON. Out go words (`Word`); in comes one line, the endpoints of all names, when
every role is here and every name is bound. Over inproc the roles are in one process, and know the endpoints beforehand.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from functools import cache
from typing import TypedDict

import purezmq as zmq

from .scene import Received, Scene
from .scenes import SCENES
from .stage import Stage


class Word(TypedDict, total=False):
    """What the director hears of a role: that it is here, what it has bound, what it received or why not, its end."""

    role: str
    here: str
    bound: list[str]
    received: Received
    failed: str
    ended: int


def play(scene: Scene, transport: str, roles: list[str]) -> None:
    """Play these roles, each in a thread of its own if there are several."""
    with zmq.Context() as context:
        if len(roles) == 1:
            play_role(scene, roles[0], f"process {os.getpid()}", context, transport)
            return
        threads = [
            threading.Thread(target=play_role, args=(scene, role, f"thread {number}", context, transport))
            for number, role in enumerate(roles, 1)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def play_role(scene: Scene, role: str, where: str, context: zmq.Context[zmq.Socket[bytes]], transport: str) -> None:
    """Play one role, and tell the director how it went."""
    speak({"role": role, "here": where})
    stage = Stage(
        context, transport, lambda *bound: speak({"role": role, "bound": [*bound]}), addresses(scene, transport)
    )
    try:
        received = scene.roles[role](stage)
    except (zmq.ZMQError, OSError) as error:
        speak({"role": role, "failed": f"{type(error).__name__}: {error}"})
    else:
        speak({"role": role, "received": received})


def addresses(scene: Scene, transport: str) -> Callable[[], Mapping[str, str]]:
    """How to learn the endpoint of each name."""
    if transport == "inproc":
        return lambda: {name: f"inproc://{name}" for name in scene.names}
    return read_addresses


@cache
def read_addresses() -> Mapping[str, str]:
    """The endpoint of each name, from the director."""
    line = sys.stdin.readline()
    if not line:
        raise ConnectionError("the director has left")
    endpoints: dict[str, str] = json.loads(line)
    return endpoints


def speak(word: Word) -> None:
    """Tell the director."""
    sys.stdout.write(json.dumps(word) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C the director ends all roles
    play(SCENES[sys.argv[1]], sys.argv[2], sys.argv[3:])
