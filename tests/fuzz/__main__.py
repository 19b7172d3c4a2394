"""Programs against execution: ``python -m tests.fuzz --programs 50000 [--start N] [--jobs 2]``, or ``--show N``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.fuzz.kinds import program
from tests.fuzz.pool import CONFIG, arguments, in_batches
from tests.fuzz.verdict import Counts, judge
from tests.static.harness import findings, run_mypy

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
    """Print what disagrees as it is found, then the counts."""
    options = arguments(__doc__, 2500)
    if options.show is not None:
        print(program(options.show).text, end="")
        return 0
    total = in_batches(examine, Counts(), options, BATCH)
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
        "    that may be what they never are": counts.other,
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
