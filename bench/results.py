"""What a run has measured, as it is kept in bench/results."""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

FOLDER: Final = Path(__file__).parent / "results"
FULL: Final = "full"
"""The extent of a run with all workloads, contenders and rounds; others are `quick` and `part`."""


@dataclass
class Result:
    """All samples of a run, and what is needed to understand them.

    `samples` holds by workload and contender the figures of each round by metric, in seconds, octets and events per
    second, and None for a round that failed; `failures` says in the same way why.
    """

    date: str
    commit: str
    machine: str
    cpu: str
    cores: int
    python: str
    extent: str
    rounds: int
    seconds: float
    versions: dict[str, str]
    absent: dict[str, str]
    samples: dict[str, dict[str, list[dict[str, float] | None]]] = field(default_factory=dict)
    failures: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of its file, without the suffix; names sort by date."""
        extent = "" if self.extent == FULL else f"-{self.extent}"
        return f"{self.date.replace(':', '')}-{self.commit}-{self.machine}{extent}"

    def by_round(self, workload: str, contender: str, metric: str) -> list[float | None]:
        """A figure of each round."""
        rounds = self.samples.get(workload, {}).get(contender, [])
        return [None if figures is None else figures.get(metric) for figures in rounds]

    def values(self, workload: str, contender: str, metric: str) -> list[float]:
        """A figure of each round that has it."""
        return [value for value in self.by_round(workload, contender, metric) if value is not None]

    def ratios(self, workload: str, contender: str, metric: str, norm: str) -> list[float]:
        """A figure as a multiple of another contender's in the same round, of each round that has both."""
        pairs = zip(self.by_round(workload, contender, metric), self.by_round(workload, norm, metric), strict=False)
        return [value / base for value, base in pairs if value is not None and base]

    def write(self, folder: Path = FOLDER) -> Path:
        """Write it to its file."""
        folder.mkdir(exist_ok=True)
        path = folder / f"{self.name}.json"
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")
        return path

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read such a file."""
        try:
            return cls(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError) as error:
            sys.exit(f"{path} is no result of `make bench`: {error}")


def newest(extent: str | None = None, folder: Path = FOLDER) -> Path:
    """The file of the newest run, or of the newest of this extent."""
    paths = sorted(folder.glob("*.json"), reverse=True)
    path = next((path for path in paths if extent in {None, Result.read(path).extent}), None)
    if path is None:
        sys.exit(f"there is no {extent or ''} result in {folder.name}/: `make bench` makes one".replace("  ", " "))
    return path
