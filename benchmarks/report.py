"""One case in a line: its ratios with their bars, and the table of the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.cases import CASES
from benchmarks.peers import TITLES

Line = dict[str, Any]
UNSTEADY = 1.5  # quartiles of a ratio that are so far apart say little
BARS = {(case.group, case.name): case.bars for case in CASES}


def duration(seconds: float) -> str:
    """Three digits and a unit."""
    unit, size = next(((u, s) for u, s in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)) if abs(seconds) >= s), ("ns", 1e-9))
    return f"{seconds / size:.3g} {unit}"


def progress(module: str, line: Line) -> str:
    """What was measured, in one line, and what went wrong."""
    words = [str(value) for value in line.values() if isinstance(value, (str, int))]
    return " · ".join([module, *words, *(f"{name}: {text}" for name, text in line.get("problems", {}).items())])


def bar_of(line: Line, peer: str) -> float | None:
    """Bars hold for float64 and one thread."""
    if line["dtype"] != "float64" or line["threads"] != 1:
        return None
    return BARS.get((line["group"], line["case"]), {}).get(peer)


def cell(line: Line, peer: str) -> tuple[str, bool | None]:
    """The ratio, with ~ where it is unsteady, its bar where there is one, and whether it is met."""
    ratio = line.get("ratios", {}).get(peer)
    if ratio is None:
        return "-", None
    low, high = line["spread"][peer]
    shown = ("~" if high > UNSTEADY * low else "") + (f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}")
    bar = bar_of(line, peer)
    if bar is None:
        return shown, None
    met = ratio >= bar
    return f"{shown} {'✓' if met else '✗'} {bar:g}", met


def ours(line: Line) -> str:
    """Our time, or why there is none."""
    return duration(line["seconds"]["ours"]) if "seconds" in line else "results differ"


def title(lines: list[Line]) -> str:
    """What a table of these lines shows."""
    threads = lines[0]["threads"]
    return f"{lines[0]['dtype']}, {threads} thread{'s' if threads > 1 else ''}"


def show_cases(lines: list[Line], names: list[str]) -> None:
    """A table of the ratios: a peer's time over ours, so above 1 we are faster; then the bar, met ✓ or missed ✗."""
    if not lines:
        return
    shown = [name for name in names if name != "ours"]
    table = Table(title=f"a peer's time / ours: {title(lines)}", title_justify="left")
    table.add_column("case", no_wrap=True)
    for name in ["ours", *shown]:
        table.add_column(TITLES[name], justify="right", no_wrap=True)
    group = None
    for line in lines:
        if line["group"] != group:
            group = line["group"]
            table.add_section()
            table.add_row(f"[bold]{group}")
        cells = [cell(line, name) for name in shown]
        colours = {None: "", True: "[green]", False: "[red]"}
        table.add_row(line["case"], ours(line), *[colours[met] + text for text, met in cells])
    console = Console()
    (console if console.is_terminal else Console(width=170)).print(table)
