"""The picture of a result: how many times as good as pyzmq each contender is, on a logarithmic scale.

The same result gives the same octets, and grey text on no background can be read on light and on dark pages.
"""

from io import StringIO
from statistics import median
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from .contenders import NORM
from .metrics import METRICS, three_digits, written
from .results import Result
from .standing import standing
from .workloads import HEADLINES, WORKLOADS, Workload

COLOURS: Final = {"compiled": "#2f81f7", "interpreted": "#79b8ff", "pyomq": "#d29922"}
GREY: Final = "#7d8590"
BAR: Final = 0.26
STYLE: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "purezmq",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "axes.labelcolor": GREY,
}


def pictured(result: Result) -> list[Workload]:
    """The headlines of which pyzmq has a figure in this result."""
    return [workload for workload in WORKLOADS if workload.name in HEADLINES and _norm(result, workload)]


def draw(result: Result) -> str:
    """The SVG."""
    workloads = pictured(result)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9, 1.2 + 0.55 * len(workloads)), layout="constrained")
        axes = figure.add_subplot()
        shown = [name for name in COLOURS if name in result.versions]
        for place, name in enumerate(shown):
            gains = [_gain(result, workload, name) for workload in workloads]
            heights = [row + (place - (len(shown) - 1) / 2) * BAR for row in range(len(workloads))]
            label = f"purezmq {name}" if name != "pyomq" else name
            bars = axes.barh(
                heights, [gain - 1 for gain in gains], BAR * 0.92, left=1, color=COLOURS[name], label=label
            )
            axes.bar_label(bars, [f" {three_digits(gain)}× " for gain in gains], color=GREY, fontsize=8)
        axes.axvline(1, color=GREY, linewidth=1, label=f"pyzmq {result.versions.get(NORM, '')}")
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}×"))
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.margins(x=0.12, y=0.01)
        axes.set_yticks(range(len(workloads)), [_label(result, workload) for workload in workloads])
        axes.invert_yaxis()
        axes.set_xlabel("times as good as pyzmq: more messages a second, or less time")
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        figure.legend(loc="outside upper center", ncols=4, frameon=False)
        text = StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return text.getvalue()


def _norm(result: Result, workload: Workload) -> list[float]:
    return result.values(workload.name, NORM, workload.headline)


def _gain(result: Result, workload: Workload, contender: str) -> float:
    """How many times as good as pyzmq; 1 where there is nothing to show."""
    found = standing(result, workload.name, contender, workload.headline, NORM)
    return METRICS[workload.headline].gain(found.ratio) if found and found.ratio else 1.0


def _label(result: Result, workload: Workload) -> str:
    """The workload, and pyzmq's figure."""
    return f"{workload.name}\npyzmq: {written(median(_norm(result, workload)), METRICS[workload.headline].unit)}"
