"""Programs against execution: ``python -m tests.fuzz --programs 50000 [--start N] [--jobs 2]``, or ``--show N``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from tests.fuzz.kinds import program
from tests.fuzz.verdict import Counts, judge
from tests.static.harness import findings, run_mypy

BATCH = 250
CONFIG = Path(__file__).with_name("mypy.ini")  # with strict_shapes


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


class Worker:
    """What a process of the pool keeps: a cache of mypy's, which no two runs may write at once."""

    cache: Path

    @classmethod
    def begin(cls, folder: str) -> None:
        cls.cache = Path(tempfile.mkdtemp(dir=folder))

    @classmethod
    def examine(cls, first: int, count: int) -> Counts:
        return examine(first, count, cls.cache)


def main() -> int:
    """Print what disagrees as it is found, then the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=2500)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", type=int, help="print the program of this number")
    options = parser.parse_args()
    if options.show is not None:
        print(program(options.show).text, end="")
        return 0
    total, end = Counts(), options.start + options.programs
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(options.jobs, initializer=Worker.begin, initargs=(folder,)) as pool,
        tqdm(total=options.programs, unit="program") as progress,
    ):
        starts = range(options.start, end, BATCH)
        for run in as_completed([pool.submit(Worker.examine, start, min(BATCH, end - start)) for start in starts]):
            counts = run.result()
            total.add(counts)
            for text in counts.disagreements:
                tqdm.write(text)
            progress.update(counts.programs)
    report(total)
    return 1 if total.disagreements else 0


def report(counts: Counts) -> None:
    """The counts, and the operations of which most results are not known whole."""
    table = Table("", "", title="programs against execution", show_header=False)
    table.columns[1].justify = "right"
    rows = {
        "programs": counts.programs,
        "expressions that mypy accepts": counts.accepted,
        "    whose shape and dtype it knows whole": counts.known,
        "    that raise where a size is too small": counts.too_small,
        "    of which it took one type for two": counts.merged,
        "expressions that it rejects": counts.rejected,
        "disagreements": len(counts.disagreements),
        **{f"    {kind}": count for kind, count in counts.kinds.most_common()},
    }
    for name, count in rows.items():
        table.add_row(name, f"{count:,}")
    console = Console()
    console.print(table)
    shown = (f"{label} {count} of {counts.revealed[label]}" for label, count in counts.unknown.most_common(20))
    console.print(f"not known whole, most of them: {', '.join(shown)}", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
