"""What was measured, kept in files, and RESULTS.md made of it."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.peers import MODULES, TITLES
from benchmarks.report import Line, bar_of, cell, duration, ours, title

HERE = Path(__file__).parent
OUT = HERE / "out"


def keep(name: str, lines: list[Line]) -> None:
    """Keep the lines of one part, with when and on what they were measured."""
    OUT.mkdir(exist_ok=True)
    about = {"about": {"when": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "load": os.getloadavg()[1]}}
    (OUT / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in [about, *lines]))


def kept(name: str) -> list[Line]:
    """The lines of one part, none if it was never measured."""
    path = OUT / f"{name}.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [line for line in lines if "about" not in line]


def write() -> None:
    """RESULTS.md, by its template and the parts that are kept."""
    parts = {part: "\n".join(table) for part, table in (("bars", bars()), ("cases", cases()), *others())}
    text = (HERE / "RESULTS.template.md").read_text()
    (HERE / "RESULTS.md").write_text(text.format(machine=machine(), **parts))


def machine() -> str:
    """The processor, the versions, and how busy the machine was."""
    cpu = next((line for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ": unknown").split(": ")[1]
    packages = [f"{name} {version(name)}" for name in ("numpy", "jax", "torch", "autograd")]
    abouts = [json.loads(path.read_text().splitlines()[0])["about"] for path in sorted(OUT.glob("*.jsonl"))]
    loads, times = [about["load"] for about in abouts], [about["when"] for about in abouts]
    return (
        f"{cpu}, {os.cpu_count()} cores; Python {platform.python_version()}, {', '.join(packages)}. Measured from "
        f"{min(times)} to {max(times)}, while other work ran on the machine: its 5-minute load was between "
        f"{min(loads):.1f} and {max(loads):.1f}."
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table, its first column to the left."""
    align = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(row)} |" for row in (head, align, *rows)]


def bars() -> Iterator[str]:
    """The bars in one sentence, and in a list those that are missed, each case with where its time goes."""
    lines = kept("cases-1-float64")
    held = [(line, peer, bar) for line in lines for peer in MODULES if (bar := bar_of(line, peer)) is not None]
    missed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line, peer, bar in held:
        ratio = line.get("ratios", {}).get(peer)
        if ratio is None or ratio < bar:
            found = "no result" if ratio is None else f"{ratio:.3g}"
            missed[line["group"], line["case"]].append(f"{TITLES[peer]} {found}, bar {bar:g}")
    count = sum(map(len, missed.values()))
    yield f"**{len(held) - count} of {len(held)} bars are met.** Missed, with where the time of a good call goes:"
    yield ""
    profiles = {(line["group"], line["case"]): line for line in kept("anatomy")}
    for case, found in missed.items():
        where = f" Of our {spent(profiles[case])}." if case in profiles else ""
        yield f"- {case[0]}, {case[1]}: {'; '.join(found)}.{where}"


def spent(profile: Line) -> str:
    """Where the time of a call goes, in words."""
    parts = [
        f"{duration(seconds)} {name} ({count} lines)" for name, (count, seconds) in profile["parts"].items() if count
    ]
    return f"{duration(profile['seconds'])}: {', '.join(parts)}, {duration(profile['around'])} around the program"


def cases() -> Iterator[str]:
    """A table for each number of threads and dtype."""
    peers = [name for name in MODULES if name != "ours"]
    for path in sorted(
        OUT.glob("cases-*.jsonl"), key=lambda path: (path.stem.split("-")[1], path.stem != "cases-1-float64")
    ):
        lines = kept(path.stem)
        yield from ("", f"### {title(lines)}", "")
        rows, group = [], None
        for line in lines:
            if line["group"] != group:
                group = line["group"]
                rows.append([f"**{group}**", *[""] * (len(peers) + 1)])
            rows.append([line["case"], ours(line), *[cell(line, name)[0] for name in peers]])
        yield from table(["case", "ours", *[TITLES[name] for name in peers]], rows)


def others() -> Iterator[tuple[str, Iterator[str] | list[str]]]:
    """The tables of the other parts."""
    yield "startup", startup()
    yield "memory", memory()
    yield "costs", costs()


def startup() -> list[str]:
    """Medians of the processes: import, and first call, which compiles."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for line in kept("startup"):
        found[line["what"], line["peer"]].append(line["seconds"])
    peers = list(dict.fromkeys(peer for _, peer in found))
    whats = list(dict.fromkeys(what for what, _ in found))
    rows = [[what, *[duration(statistics.median(found[what, peer])) for peer in peers]] for what in whats]
    return table(["", *[TITLES[peer] for peer in peers]], rows)


def memory() -> list[str]:
    """MB above what was there before the calls."""
    lines = kept("memory")
    peers = list(dict.fromkeys(line["peer"] for line in lines))
    peak: dict[Any, float] = {(line["dtype"], line["peer"]): line["peak"] for line in lines}
    rows = [[dtype, *[f"{peak[dtype, peer]:.0f} MB" for peer in peers]] for dtype in dict.fromkeys(d for d, _ in peak)]
    return table(["", *[TITLES[peer] for peer in peers]], rows)


def costs() -> list[str]:
    """Each pair of times, and the median of the rounds' differences."""
    rows = []
    for line in kept("costs"):
        (first, with_layer), (second, without) = line["seconds"].items()
        rows.append(
            [line["group"], first, duration(with_layer), second, duration(without), duration(line["difference"])]
        )
    return table(["", "with", "time", "without", "time", "difference"], rows)
