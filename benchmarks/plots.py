"""The plots beside RESULTS.md: the ratios as bars, and the curves."""

from __future__ import annotations

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.peers import TITLES
from benchmarks.report import Line
from benchmarks.results import HERE, kept

COLOURS = {"ours": "#111111", "jax": "#3b7dd8", "torch": "#e4572e", "hips": "#8a8a8a"}


def write() -> None:
    """``ratios.svg`` and ``curves.svg``."""
    mpl.rcParams.update(
        {
            "svg.hashsalt": "benchmarks",
            "svg.fonttype": "none",
            "font.size": 9,
            "axes.spines.top": False,
            "axes.spines.right": False,
        }
    )
    for name, figure in (("ratios", ratios(kept("cases-1-float64"))), ("curves", curves(kept("curves")))):
        figure.savefig(HERE / f"{name}.svg", metadata={"Date": None}, bbox_inches="tight")


def ratios(lines: list[Line]) -> Figure:
    """A row for each case, a dot for each peer: its time over ours, in float64 with one thread."""
    figure = Figure(figsize=(8, 0.27 * len(lines) + 1))
    axes = figure.add_subplot()
    for row, line in enumerate(lines):
        for peer, ratio in line.get("ratios", {}).items():
            if peer in COLOURS:
                axes.plot(ratio, row, "o", color=COLOURS[peer], label=TITLES[peer] if row == 0 else None)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_yticks(range(len(lines)), [f"{_short(line['group'])}: {line['case']}" for line in lines])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("a peer's time over ours (right of the line we are faster)")
    axes.grid(axis="x", linewidth=0.3)
    axes.legend(frameon=False, loc="lower right")
    return figure


def _short(group: str) -> str:
    return group.partition(" of the ")[0].partition(",")[0]


def curves(lines: list[Line]) -> Figure:
    """Seconds against size, both logarithmic."""
    groups = list(dict.fromkeys(line["group"] for line in lines))
    figure = Figure(figsize=(10, 7), layout="constrained")
    grid = figure.subplots(2, 2)
    for axes, group in zip(grid.flat, groups, strict=False):
        _curve(axes, group, [line for line in lines if line["group"] == group and "seconds" in line])
    if groups:
        grid.flat[0].legend(frameon=False)
    return figure


def _curve(axes: Axes, group: str, lines: list[Line]) -> None:
    for peer, colour in COLOURS.items():
        points = [(int(line["case"]), line["seconds"][peer]) for line in lines if peer in line["seconds"]]
        axes.loglog(*zip(*points, strict=True), "o-", color=colour, markersize=3, label=TITLES[peer])
    axes.set_title(group, loc="left", fontsize=9)
    axes.set_ylabel("seconds a call")
    axes.grid(linewidth=0.3)
