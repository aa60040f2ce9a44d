"""What purezmq is to reach, as ratios of its medians to pyzmq's, to the raw sockets', or to its own blocking calls'."""

from dataclasses import dataclass
from typing import Final

from .contenders import BLOCKING, FLOOR, NORM
from .metrics import METRICS


@dataclass(frozen=True)
class Goal:
    """The ratio that each build is to reach; None, where there is no goal for a build."""

    workload: str
    metric: str
    interpreted: float | None
    compiled: float | None
    against: str = NORM

    def bound(self, contender: str) -> float | None:
        """The ratio that this contender is to reach."""
        return {"interpreted": self.interpreted, "compiled": self.compiled}.get(contender)

    def reached(self, contender: str, ratio: float) -> bool | None:
        """Whether it is; None, if this contender has no goal."""
        bound = self.bound(contender)
        if bound is None:
            return None
        return ratio >= bound if METRICS[self.metric].more_is_better else ratio <= bound

    def __str__(self) -> str:
        sign = "≥" if METRICS[self.metric].more_is_better else "≤"
        bounds = [f"{bound:g}" for bound in (self.interpreted, self.compiled) if bound is not None]
        return f"{sign} {' / '.join(bounds)}"


GOALS: Final = (
    Goal("PUSH-PULL tcp 10 B", "rate", 1.5, 3.5),
    Goal("PUSH-PULL tcp 10 B", "cpu", 0.7, 0.35),
    Goal("PUSH-PULL tcp 100 B", "rate", 1.5, 3.5),
    Goal("PUSH-PULL tcp 1 KB", "rate", 1.2, 1.8),
    Goal("PUSH-PULL tcp 100 KB", "bandwidth", 1.7, 1.8),
    Goal("PUSH-PULL tcp 100 KB", "bandwidth", None, 0.9, FLOOR),
    Goal("PUSH-PULL tcp 1 MB", "bandwidth", 1.7, 1.8),
    Goal("PUSH-PULL tcp 1 MB", "bandwidth", None, 0.9, FLOOR),
    Goal("PUSH-PULL ipc 10 B", "rate", 1.5, 3.5),
    Goal("PUSH-PULL ipc 100 B", "rate", 1.5, 3.5),
    Goal("PUSH-PULL ipc 100 KB", "bandwidth", 1.7, 1.8),
    Goal("PUSH-PULL ipc 100 KB", "bandwidth", None, 0.9, FLOOR),
    Goal("PUSH-PULL ipc 1 MB", "bandwidth", 1.7, 1.8),
    Goal("PUSH-PULL ipc 1 MB", "bandwidth", None, 0.9, FLOOR),
    Goal("PUSH-PULL inproc 10 B", "rate", 3, 6),
    Goal("PUSH-PULL inproc 1 MB", "bandwidth", 20, 20),
    Goal("PUSH-PULL tcp 5 x 10 B", "rate", 4, 10),
    Goal("PUSH-PULL tcp 10 B to 10 KB", "rate", 1.2, 3),
    Goal("PUSH-PULL tcp 10 B, 8 PUSH", "rate", 1.3, 2.5),
    Goal("PUB-SUB tcp, 1 SUB", "rate", 1.5, 3),
    Goal("PUB-SUB tcp, 8 SUB", "rate", 1.5, 3),
    Goal("PUB-SUB tcp, 64 SUB", "rate", 1.5, 3),
    Goal("REQ-REP tcp", "p50", 0.6, 0.5),
    Goal("REQ-REP tcp", "p50", None, 1.3, FLOOR),
    Goal("REQ-REP inproc", "p50", 0.9, 0.7),
    Goal("DEALER-ROUTER tcp, 64 ahead", "rate", 2, 4),
    Goal("DEALER-DEALER tcp, both ways", "rate", 1.3, 2.5),
    Goal("1000 idle connections", "each", 1.5, 1.5),
    Goal("1000 idle connections", "setup", 1.5, 1.5),
    Goal("asyncio PUSH-PULL tcp 10 B", "rate", 10, 20),
    Goal("asyncio PUSH-PULL tcp 10 B", "rate", 0.5, 0.5, BLOCKING),
    Goal("asyncio PUSH-PULL tcp 10 B", "cpu", 0.2, 0.1),
    Goal("asyncio PUSH-PULL tcp 10 B, uvloop", "rate", 0.5, 0.5, BLOCKING),
    Goal("asyncio REQ-REP tcp", "p50", 0.4, 0.35),
    Goal("asyncio REQ-REP tcp", "p50", 1.8, 1.8, BLOCKING),
    Goal("asyncio REQ-REP tcp, uvloop", "p50", 1.4, 1.4, BLOCKING),
    Goal("asyncio DEALER-ROUTER tcp, 1000 tasks", "rate", 5, 10),
    Goal("import", "p50", 1.2, 1.2),
)


def goal(workload: str, metric: str, against: str = NORM) -> Goal | None:
    """The goal of this figure, if it has one."""
    wanted = (workload, metric, against)
    return next((goal for goal in GOALS if (goal.workload, goal.metric, goal.against) == wanted), None)
