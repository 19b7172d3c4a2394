"""The tables: in the terminal, and as Markdown."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.cases import CASES
from benchmarks.peers import TITLES

Line = dict[str, Any]
BARS = {(case.group, case.name): case.bars for case in CASES}


def duration(seconds: float) -> str:
    """Three digits and a unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def progress(line: Line) -> str:
    """One line about a case that was measured."""
    what = f"{line['threads']} thread(s), {line['dtype']}, {line['group']}: {line['case']}"
    return f"{what}: {line['problems']}" if line.get("problems") else what


def bar_of(line: Line, peer: str) -> float | None:
    """Bars hold for float64 and one thread."""
    if line["dtype"] != "float64" or line["threads"] != 1:
        return None
    return BARS.get((line["group"], line["case"]), {}).get(peer)


def cell(line: Line, peer: str) -> tuple[str, bool | None]:
    """The ratio, with its bar where there is one, and whether it is met."""
    ratio = line.get("ratios", {}).get(peer)
    if ratio is None:
        return "-", None
    bar, shown = bar_of(line, peer), f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
    if bar is None:
        return shown, None
    met = ratio >= bar
    return f"{shown} {'✓' if met else '✗'} {bar:g}", met


def show_cases(lines: list[Line], names: list[str]) -> None:
    """A table of the ratios: peer's time over ours, so above 1 we are faster; then the bar, met ✓ or missed ✗."""
    shown = [name for name in names if name != "ours"]
    first = lines[0] if lines else {"dtype": "", "threads": 0}
    table = Table(title=f"peer's time / ours, {first['dtype']}, {first['threads']} thread(s)", title_justify="left")
    table.add_column("case", no_wrap=True)
    for name in ["ours", *shown]:
        table.add_column(TITLES[name], justify="right", no_wrap=True)
    group = None
    for line in lines:
        if line["group"] != group:
            group = line["group"]
            table.add_section()
            table.add_row(f"[bold]{group}")
        ours = line.get("seconds", {}).get("ours")
        cells = [cell(line, name) for name in shown]
        colours = {None: "", True: "[green]", False: "[red]"}
        table.add_row(
            line["case"], "-" if ours is None else duration(ours), *[colours[met] + text for text, met in cells]
        )
    console = Console()
    (console if console.is_terminal else Console(width=140)).print(table)
