"""The kinds of workloads for asyncio: each `send` and `recv` is awaited, in a loop of the kind that is set."""

from ..scene import Scene
from . import fairness, publish, round_trip, stream, tasks

SCENES: dict[str, Scene] = {
    "stream": stream.SCENE,
    "round trip": round_trip.SCENE,
    "tasks": tasks.SCENE,
    "publish": publish.SCENE,
    "fairness": fairness.SCENE,
}
