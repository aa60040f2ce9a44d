"""What is measured, which way is better, and how a figure is written."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Metric:
    """One kind of figures; its base unit is s, B, B/s or /s. Only a `steady` one is worth comparing between runs."""

    words: str
    unit: str
    steady: bool = True

    @property
    def more_is_better(self) -> bool:
        """Rates are; times and sizes are not."""
        return self.unit.endswith("/s")

    def gain(self, ratio: float) -> float:
        """How many times better a ratio of two figures says that the first one is."""
        return ratio if self.more_is_better else 1 / ratio


METRICS: Final = {
    "rate": Metric("messages", "/s"),
    "bandwidth": Metric("data", "B/s"),
    "p50": Metric("median", "s"),
    "p99": Metric("99th percentile", "s"),
    "max": Metric("longest", "s", steady=False),
    "cpu": Metric("CPU time each", "s"),
    "peak": Metric("peak memory", "B"),
    "setup": Metric("set-up", "s"),
    "each": Metric("memory each", "B"),
}

PREFIXES: Final = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"))


def written(value: float, unit: str) -> str:
    """Three digits and a prefix: `1.25 M/s`, `41.2 µs`, `640 MB/s`."""
    rounded = float(f"{value:.3g}")
    scale, prefix = next(((scale, prefix) for scale, prefix in PREFIXES if abs(rounded) >= scale), PREFIXES[-1])
    return f"{three_digits(rounded / scale)} {prefix}{unit}"


def three_digits(number: float) -> str:
    """A number of which three digits count, without an exponent: `0.0123`, `1.20`, `41.2`, `1230`."""
    exponent = int(f"{number:.2e}".partition("e")[2])
    return f"{number:.{max(2 - exponent, 0)}f}"
