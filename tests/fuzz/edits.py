"""One mistake in a right program: ``python -m tests.fuzz.edits --programs 2000 [--start N] [--jobs 2]``; ``--show N``.

The mistakes are those of ``benchmarks.static``: a transpose too few, operands swapped, a wrong axis, a wrong variable.
What then raises when it is executed, mypy must report; of a program with numbers for sizes also the other way round.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

import torchlean_typed as tl
from benchmarks.static import program as source
from benchmarks.static.execution import execute
from benchmarks.static.operators import OPERATORS
from benchmarks.static.sites import sites
from tests.fuzz.kinds import program
from tests.fuzz.pool import CONFIG, arguments, in_batches
from tests.fuzz.program import TOO_SMALL, Program
from tests.fuzz.verdict import LOST, OURS, Counts, judge
from tests.static.harness import Findings, findings, run_mypy
from torchlean_typed.shapes.errors import ShapeError

EACH = 2  # edits of one program
END = "\n\ndef main() -> None: ...\n\n\nmain()\n"
FUNCTION = re.compile(r"def f\(")


@dataclass
class Edits:
    """What became of the edits: by operator those that raise, and what disagrees."""

    programs: int = 0
    edits: int = 0
    bugs: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)

    def add(self, other: Edits) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass(frozen=True)
class Edited:
    """A right program with one mistake, and the error that it then raises."""

    name: str
    operator: str
    said: str
    text: str
    error: Exception | None


def right(made: Program) -> str:
    """The program without what is wrong in it, and with the shapes of its module's variables stated."""
    lines: list[str] = []
    for line in made.lines:
        claim = line.claim
        if claim is None:
            if FUNCTION.match(line.text) and lines[-1] != "@tl.checked":
                lines.append("@tl.checked")
            lines.append(line.text)
        elif claim.fails:
            del lines[len(lines) - claim.lines + 1 :]
        elif not claim.owner and isinstance(value := claim.outcomes[0].value, tl.Tensor):
            lines.append(f'tl.ensure({claim.binds}, "{" ".join(map(str, value.shape))}")')
    return "\n".join(lines) + END


def edited(made: Program) -> list[Edited]:
    """Some of the mistakes that could be made in a program, each executed; none where the program itself raises."""
    text = right(made)
    original = source.Program(made.name, text)
    run = execute(text, {}, checks=True)
    if run.error is not None:
        return []
    rng = Random(made.number)
    edits = [edit for site in sites(original, run.names) for operator in OPERATORS for edit in operator(site)]
    chosen = []
    for number, edit in enumerate(rng.sample(edits, min(EACH, len(edits)))):
        changed = source.Text(text).replaced(list(edit.changes))
        error = execute(changed, {}, checks=True).error
        if not isinstance(error, SyntaxError):
            chosen.append(Edited(f"{made.name}_{number}", edit.operator, edit.said, changed, error))
    return chosen


def examine(first: int, count: int, cache: Path) -> Edits:
    """Make the programs of these numbers and their edits, check them in one run of mypy, and compare."""
    programs = [program(number) for number in range(first, first + count)]
    edits = {made.name: edited(made) for made in programs}
    with tempfile.TemporaryDirectory() as folder:
        for made in programs:
            (Path(folder) / f"{made.name}.py").write_text(made.text, encoding="utf-8")
            for one in edits[made.name]:
                (Path(folder) / f"{one.name}.py").write_text(one.text, encoding="utf-8")
        paths = sorted(Path(folder).glob("*.py"))
        found = findings(run_mypy(paths, cache, "--output", "json", folder=Path(folder), config=CONFIG))
    result = Edits()
    for made in programs:
        counts = Counts()
        judge(made, found.get(made.name, {}), counts)
        if counts.unknown or counts.disagreements:
            continue
        result.programs += 1
        for one in edits[made.name]:
            compare(one, found.get(one.name, {}), "def " not in made.text, result)
    return result


def compare(one: Edited, found: Findings, of_numbers: bool, result: Edits) -> None:
    """Whether mypy reports what raises; of a program of numbers, whether it reports nothing else."""
    result.edits += 1
    errors = [finding.text for said in found.values() for finding in said if finding.kind == "E"]
    ours = [text for text in errors if text.partition(":")[0] in OURS]
    is_lost = any(text.startswith(LOST) for text in errors)
    raises = isinstance(one.error, ShapeError) and not TOO_SMALL.search(str(one.error))
    if raises:
        result.bugs[one.operator] += 1
    if raises and not errors:
        result.disagreements.append(f"{one.name}: {one.operator}: {one.said}\n    raises {one.error}")
    if one.error is None and ours and of_numbers and not is_lost:
        result.disagreements.append(f"{one.name}: {one.operator}: {one.said}\n    runs; mypy: {ours[0]}")


def main() -> int:
    """Print what disagrees as it is found, then the counts."""
    options = arguments(__doc__, 2000)
    if options.show is not None:
        for one in edited(program(options.show)):
            print(f"# {one.operator}: {one.said}\n# {one.error!r}\n{one.text}")
        return 0
    total = in_batches(examine, Edits(), options)
    table = Table("", "", title="single mistakes against execution", show_header=False)
    table.columns[1].justify = "right"
    rows = {
        "right programs, all known": total.programs,
        "with a mistake": total.edits,
        "that raises": total.bugs.total(),
        **{f"    {operator}": count for operator, count in total.bugs.most_common()},
        "disagreements": len(total.disagreements),
    }
    for name, count in rows.items():
        table.add_row(name, f"{count:,}")
    Console().print(table)
    return 1 if total.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
