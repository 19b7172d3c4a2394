"""Programs against execution: ``python -m tests.fuzz --programs 50000 [--start N] [--jobs 2]``, or ``--show N``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.fuzz.kinds import program
from tests.fuzz.verdict import Counts, judge
from tests.static.harness import CONFIG, findings, run_mypy

BATCH = 250


def examine(first: int, count: int, cache: Path) -> Counts:
    """Make the programs of these numbers, check them in one run of mypy, and compare."""
    programs = [program(number) for number in range(first, first + count)]
    counts = Counts()
    with tempfile.TemporaryDirectory() as folder:
        for made in programs:
            (Path(folder) / f"{made.name}.py").write_text(made.text, encoding="utf-8")
        paths = sorted(Path(folder).glob("*.py"))
        found = findings(run_mypy(paths, cache, "--output", "json", folder=Path(folder), config=CONFIG))
    for made in programs:
        judge(made, found.get(made.name, {}), counts)
    return counts


def main() -> int:
    """Print what disagrees, then the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=2500)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", type=int, help="print the program of this number")
    options = parser.parse_args()
    if options.show is not None:
        print(program(options.show).text, end="")
        return 0
    began, total = time.perf_counter(), Counts()
    starts = range(options.start, options.start + options.programs, BATCH)
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(options.jobs) as pool:
        caches = [Path(folder) / str(job) for job in range(options.jobs)]
        runs = [
            pool.submit(examine, start, min(BATCH, options.start + options.programs - start), _cache(caches, index))
            for index, start in enumerate(starts)
        ]
        for run in runs:
            counts = run.result()
            total.add(counts)
            for text in counts.disagreements:
                print(text, flush=True)
    print(summary(total, time.perf_counter() - began))
    return 1 if total.disagreements else 0


def _cache(caches: list[Path], index: int) -> Path:
    return caches[index % len(caches)]


def summary(counts: Counts, seconds: float) -> str:
    lost = sum(counts.unknown.values())
    lines = [
        f"{counts.programs} programs in {seconds:.0f} s: {counts.accepted} expressions accepted, {counts.rejected} "
        f"rejected; {counts.known} of the accepted known whole, {lost} not; {len(counts.disagreements)} disagreements",
        f"{counts.too_small} times a size of 0 to 4 was too small for what was accepted, and raised",
    ]
    for label, count in counts.unknown.most_common():
        lines.append(f"    unknown: {label} {count} of {counts.revealed[label]}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
