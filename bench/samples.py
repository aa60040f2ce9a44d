"""The statistics: plain functions of a few numbers."""

from collections.abc import Sequence
from itertools import product
from statistics import quantiles


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent do not exceed (nearest rank)."""
    rank = -(-len(values) * percent // 100)
    return sorted(values)[max(rank, 1) - 1]


def spread(values: Sequence[float]) -> float:
    """Half of the distance between the quartiles, as a fraction of the median."""
    if len(values) == 1:
        return 0.0
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return (high - low) / 2 / middle


def exceeds(first: Sequence[float], second: Sequence[float]) -> float:
    """In which share of all pairs, one value from each, the first one is greater; a tie counts half."""
    pairs = list(product(first, second))
    return sum((one > other) + (one == other) / 2 for one, other in pairs) / len(pairs)
