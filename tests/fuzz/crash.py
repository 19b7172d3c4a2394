"""No program makes mypy crash: ``python -m tests.fuzz.crash --programs 5000 [--start N] [--jobs 2]``; ``--show N``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.fuzz.mutants import mutant, name_of, parses
from tests.fuzz.pool import arguments, in_batches
from tests.static.harness import CONFIG

BATCH = 100
WHERE = re.compile(r"^[^\n]*?(m\d{8})\.py(?::\d+)*: error: (?P<what>INTERNAL ERROR)?", re.MULTILINE)


@dataclass
class Crashes:
    """What became of malformed programs: how many were type-checked, how many not even parsed; and the crashes."""

    checked: int = 0
    unparsed: int = 0
    disagreements: list[str] = field(default_factory=list)

    def add(self, other: Crashes) -> None:
        self.checked += other.checked
        self.unparsed += other.unparsed
        self.disagreements += other.disagreements


def run(folder: Path, names: list[str], cache: Path, config: str = str(CONFIG)) -> tuple[int, str]:
    """One run of mypy, in which a bug of the plugin is no longer caught."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        config,
        "--cache-dir",
        str(cache),
        "--show-traceback",
    ]
    environment = {**os.environ, "TORCHLEAN_MYPY_RAISES": "1"}
    done = subprocess.run(
        [*command, *(f"{name}.py" for name in names)], capture_output=True, text=True, cwd=folder, env=environment
    )
    return done.returncode, done.stdout + done.stderr


def examine(first: int, count: int, cache: Path) -> Crashes:
    """Check malformed programs, all in one run; those that stop it are taken out, until the rest are checked."""
    found = Crashes()
    names = [name_of(number) for number in range(first, first + count)]
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        for number, name in enumerate(names, first):
            (folder / f"{name}.py").write_text(mutant(number), encoding="utf-8")
        for name in list(names):
            if not parses((folder / f"{name}.py").read_text(encoding="utf-8")):
                names.remove(name)
                (folder / f"{name}.py").rename(folder / f"{name}.txt")
                found.unparsed += 1
        while names:
            code, said = run(folder, names, cache)
            crashed = "INTERNAL ERROR" in said or "Traceback" in said
            if code in (0, 1) and not crashed:
                found.checked += len(names)
                break
            culprits = {match[1] for match in WHERE.finditer(said) if not crashed or match["what"]} & set(names)
            if not culprits or (crashed and not _is_mypys_own(folder, sorted(culprits), cache)):
                found.disagreements.append(f"{', '.join(sorted(culprits)) or names}:\n{said[-3000:]}")
            if not culprits:
                break
            for name in culprits:
                names.remove(name)
                (folder / f"{name}.py").rename(folder / f"{name}.txt")
                found.checked += 1
    return found


def _is_mypys_own(folder: Path, names: list[str], cache: Path) -> bool:
    """Whether mypy crashes on these without the plugin too."""
    return "INTERNAL ERROR" in run(folder, names, cache / "without", config="")[1]


def main() -> int:
    """Print the crashes, then the counts."""
    options = arguments(__doc__, 5000)
    if options.show is not None:
        print(mutant(options.show), end="")
        return 0
    total = in_batches(examine, Crashes(), options, BATCH)
    table = Table("", "", title="malformed programs", show_header=False)
    table.columns[1].justify = "right"
    for name, number in {
        "checked by mypy": total.checked,
        "that do not parse": total.unparsed,
        "crashes of mypy and failing hooks": len(total.disagreements),
    }.items():
        table.add_row(name, f"{number:,}")
    Console().print(table)
    return 1 if total.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
