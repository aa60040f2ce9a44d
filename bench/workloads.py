"""The workloads: rows of scene, transport and settings."""

import re
from dataclasses import dataclass
from typing import Any, Final

SIZES: Final = {"10 B": 10, "100 B": 100, "1 KB": 1_000, "10 KB": 10_000, "100 KB": 100_000, "1 MB": 1_000_000}


@dataclass(frozen=True)
class Workload:
    """One thing to measure; `headline` is the metric that a short table has, `raw` whether raw sockets do it too.

    `blocking` is the workload that does the same with blocking calls.
    """

    name: str
    scene: str
    transport: str
    settings: dict[str, Any]
    headline: str
    quick: bool = False
    raw: bool = False
    blocking: str = ""

    @property
    def loop(self) -> str | None:
        """The kind of event loop that is needed, if there is one: "asyncio" or "uvloop"."""
        loop: str | None = self.settings.get("loop")
        return loop

    @property
    def in_one_process(self) -> bool:
        """Whether both sides are threads of one process."""
        return self.transport not in {"tcp", "ipc"}


def stream(transport: str, size: str, *, quick: bool = False, raw: bool = False) -> Workload:
    """PUSH to PULL; the larger messages are a matter of octets, the small ones of messages."""
    headline = "bandwidth" if SIZES[size] >= SIZES["100 KB"] else "rate"
    settings = {"size": SIZES[size]}
    return Workload(f"PUSH-PULL {transport} {size}", "stream", transport, settings, headline, quick=quick, raw=raw)


def special(name: str, *, quick: bool = False, headline: str = "rate", **settings: Any) -> Workload:
    """A stream over tcp that is not just PUSH to PULL of one size."""
    return Workload(name, "stream", "tcp", settings, headline, quick=quick)


def publish(name: str, transport: str = "tcp", *, quick: bool = False, **settings: Any) -> Workload:
    """PUB to SUB, 10 B each; HWM 0 is no limit."""
    return Workload(f"PUB-SUB {name}", "publish", transport, {"size": 10, "hwm": 0} | settings, "rate", quick=quick)


def round_trip(transport: str, *, quick: bool = False, raw: bool = False) -> Workload:
    """REQ and REP."""
    return Workload(f"REQ-REP {transport}", "round trip", transport, {"size": 10}, "p50", quick=quick, raw=raw)


def delay(name: str, burst: int, count: int, pace: float, *, quick: bool = False, **settings: Any) -> Workload:
    """From send to arrival over tcp, for the last message of a burst."""
    settings |= {"burst": burst, "count": count, "pace": pace}
    return Workload(f"delay, {name}", "delay", "tcp", settings, "p50", quick=quick)


def awaited(
    name: str, scene: str, headline: str = "rate", *, loop: str = "asyncio", quick: bool = False, **settings: Any
) -> Workload:
    """Over tcp, with asyncio; the one with the name of a blocking workload does the same as that."""
    full_name = f"asyncio {name}" if loop == "asyncio" else f"asyncio {name}, {loop}"
    settings |= {"loop": loop}
    return Workload(full_name, scene, "tcp", settings, headline, quick=quick, blocking=name)


WORKLOADS: Final = (
    stream("tcp", "10 B", quick=True, raw=True),
    stream("tcp", "100 B", raw=True),
    stream("tcp", "1 KB", quick=True, raw=True),
    stream("tcp", "10 KB", raw=True),
    stream("tcp", "100 KB", raw=True),
    stream("tcp", "1 MB", quick=True, raw=True),
    stream("ipc", "10 B", raw=True),
    stream("ipc", "100 B", raw=True),
    stream("ipc", "1 KB", raw=True),
    stream("ipc", "100 KB", raw=True),
    stream("ipc", "1 MB", raw=True),
    stream("inproc", "10 B", quick=True),
    stream("inproc", "1 KB"),
    stream("inproc", "1 MB"),
    special("PUSH-PULL tcp 5 x 10 B", quick=True, size=10, parts=5),
    special("PUSH-PULL tcp 10 B to 10 KB", size=10_000, least=10),
    special("PUSH-PULL tcp 100 KB copy=False", size=100_000, copy=False, headline="bandwidth"),
    special("PUSH-PULL tcp 1 MB copy=False", size=1_000_000, copy=False, headline="bandwidth"),
    special("PUSH-PULL tcp 10 B, 8 PUSH", size=10, senders=8),
    special("PAIR-PAIR tcp 10 B", size=10, kinds=["PAIR", "PAIR"]),
    publish("tcp, 1 SUB", subscribers=1),
    publish("tcp, 8 SUB", quick=True, subscribers=8),
    publish("tcp, 64 SUB", subscribers=64),
    publish("tcp, 10000 topics", subscribers=1, topics=10_000),
    publish("inproc, 1 SUB", "inproc", subscribers=1),
    round_trip("tcp", quick=True, raw=True),
    round_trip("ipc", raw=True),
    round_trip("inproc", quick=True),
    Workload("DEALER-ROUTER tcp, 64 ahead", "requests", "tcp", {"size": 10, "window": 64}, "rate", quick=True),
    Workload("DEALER-DEALER tcp, both ways", "both ways", "tcp", {"size": 10, "window": 100}, "rate", quick=True),
    delay("1 message", 1, 400, 0.001, quick=True),
    delay("last of 2", 2, 80, 0.005),
    delay("last of 10", 10, 80, 0.005),
    delay("last of 100", 100, 80, 0.005),
    delay("last of 10, then busy", 10, 20, 0.025, busy=0.020),
    Workload("connect to first message", "connecting", "tcp", {"count": 40}, "p50"),
    Workload("1000 idle connections", "idle", "tcp", {"count": 1000}, "each"),
    awaited("PUSH-PULL tcp 10 B", "stream", quick=True, size=10),
    awaited("PUSH-PULL tcp 10 B", "stream", loop="uvloop", size=10),
    awaited("REQ-REP tcp", "round trip", "p50", size=10),
    awaited("REQ-REP tcp", "round trip", "p50", loop="uvloop", size=10),
    awaited("DEALER-ROUTER tcp, 1000 tasks", "tasks"),
    awaited("DEALER-ROUTER tcp, 1000 tasks", "tasks", loop="uvloop"),
    awaited("PUB-SUB tcp, 500 SUB", "publish", size=10, hwm=0, subscribers=500),
    awaited("fairness", "fairness", "p50", size=10, count=200_000),
    Workload("import", "importing", "none", {"count": 5}, "p50", quick=True),
)


def chosen(pattern: str = "", *, quick: bool = False) -> list[Workload]:
    """Those whose name has the regular expression somewhere in it; all that match, or the quick ones of them."""
    return [
        workload
        for workload in WORKLOADS
        if re.search(pattern, workload.name, re.IGNORECASE) and (workload.quick or not quick)
    ]


HEADLINES: Final = (
    "PUSH-PULL tcp 10 B",
    "PUSH-PULL tcp 1 KB",
    "PUSH-PULL tcp 1 MB",
    "PUSH-PULL ipc 10 B",
    "PUSH-PULL inproc 10 B",
    "PUSH-PULL tcp 5 x 10 B",
    "PUSH-PULL tcp 10 B to 10 KB",
    "PUB-SUB tcp, 8 SUB",
    "REQ-REP tcp",
    "DEALER-ROUTER tcp, 64 ahead",
    "DEALER-DEALER tcp, both ways",
    "connect to first message",
    "asyncio PUSH-PULL tcp 10 B",
    "asyncio REQ-REP tcp",
)
"""Those that the README shows."""
