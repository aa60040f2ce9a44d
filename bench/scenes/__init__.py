"""The kinds of workloads; `SCENES` and `RAW_SCENES` name them, and `awaited.SCENES`."""

from . import connecting, delay, idle, importing, publish, raw, round_trip, stream, window
from .scene import Scene

SCENES: dict[str, Scene] = {
    "stream": stream.SCENE,
    "publish": publish.SCENE,
    "round trip": round_trip.SCENE,
    "requests": window.REQUESTS,
    "both ways": window.BOTH_WAYS,
    "delay": delay.SCENE,
    "connecting": connecting.SCENE,
    "idle": idle.SCENE,
    "importing": importing.SCENE,
}
RAW_SCENES: dict[str, Scene] = {
    "stream": raw.STREAM,
    "round trip": raw.ROUND_TRIP,
}
"""The same shape in plain Python on blocking sockets: the floor."""


def find(name: str, *, raw: bool, awaited: bool) -> Scene:
    """The scene of this name."""
    if awaited:
        from .awaited import SCENES as AWAITED_SCENES  # noqa: PLC0415 - others are measured without asyncio's memory

        return AWAITED_SCENES[name]
    return (RAW_SCENES if raw else SCENES)[name]
