"""What the plugin costs: ``python -m benchmarks.checker``.

Measures mypy on a long program, cold and after an edit in the daemon, and on large packages that do not use the
library; without the plugin and with it, in turn. Writes RESULTS.md beside this file where all was measured.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.checker.daemon import edits
from benchmarks.checker.packages import PACKAGES, measured, source_of
from benchmarks.checker.program import program, shaped_calls
from benchmarks.checker.running import compared

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """\
# What the checker costs

Written by `make bench-checker`: CPU seconds of mypy without the plugin and with it, run in turn, the least of {rounds}
runs ({of_packages} of a package). The edit is timed by the clock, the median of five.

| case | without | with | ratio | bar |
|---|---|---|---|---|
"""


def rounds_of_packages(rounds: int) -> int:
    """How often a package is checked, which takes longer."""
    return max(1, rounds // 3)


def rows(packages: dict[str, Path], rounds: int) -> Iterator[str]:
    """The table's rows, as they are measured."""
    with tempfile.TemporaryDirectory() as name:
        folder, text = Path(name), program()
        Path(folder, "program.py").write_text(text, encoding="utf-8")
        cold = compared(folder, rounds, "program.py")
        if cold.differences:
            raise RuntimeError("\n".join(cold.differences))
        case = f"{len(text.splitlines()):,} lines, {shaped_calls(text):,} shaped calls, cold"
        yield f"| {case} | {cold.seconds[0]:.2f} s | {cold.seconds[1]:.2f} s | {cold.ratio:.2f} | 1.35 |"
        off, on = (statistics.median(edits(folder, "program.py", name)) for name in ("without", "with"))
        yield f"| one line of it changed, in dmypy | {off:.2f} s | {on:.2f} s | {on / off:.2f} | 1 s |"
    for package, source in packages.items():
        with tempfile.TemporaryDirectory() as name:
            found = measured(source, Path(name), rounds_of_packages(rounds))
        count = f"{len(found.without[0].lines):,} reports, {len(found.differences)} differ"
        yield f"| {package}: {count} | {found.seconds[0]:.1f} s | {found.seconds[1]:.1f} s | {found.ratio:.2f} | 1.05 |"
        for line in found.differences[:20]:
            print(line)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checker", description=__doc__)
    parser.add_argument("--packages", nargs="*", default=list(PACKAGES), metavar="PACKAGE", help="instead of all")
    parser.add_argument("--rounds", type=int, default=7, help="runs of each kind")
    options = parser.parse_args()
    sources = {package: source for package in options.packages if (source := source_of(package)) is not None}
    if missing := [package for package in options.packages if package not in sources]:
        parser.error(f"not installed: {', '.join(missing)} (`make bench-checker` installs what it needs)")
    head = HEAD.format(rounds=options.rounds, of_packages=rounds_of_packages(options.rounds))
    print(head, end="")
    table: list[str] = []
    for row in rows(sources, options.rounds):
        print(row, flush=True)
        table.append(row)
    if options.packages == list(PACKAGES):
        RESULTS.write_text(head + "\n".join(table) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
