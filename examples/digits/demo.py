"""`make demo`: mypy finds eight planted bugs while nothing runs; the right program passes, and trains."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import train
from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.syntax import Syntax
from rich.text import Text

from torchlean_typed.cli import run_mypy

HERE = Path(__file__).parent
TRAIN = HERE / "train.py"
BUGS = sorted((HERE / "bugs").glob("*.py"))
MARK = "# <- bug"
SHAPE_CODES = ("shape", "shape-broadcast")

console = Console(highlight=False)


@dataclass(frozen=True)
class Report:
    """One error that mypy found."""

    file: Path
    line: int
    columns: tuple[int, int]
    message: str
    code: str


def check(files: list[Path]) -> list[Report]:
    """What mypy reports of these programs, in one run."""
    done = run_mypy(files, ["--strict", "--output=json"], capture=True)
    if done.returncode not in (0, 1):
        sys.exit(f"mypy could not run:\n{done.stdout}{done.stderr}")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [
        Report(
            Path(entry["file"]).resolve(),
            entry["line"],
            (entry["column"], entry["end_column"] if entry["end_line"] == entry["line"] else -1),
            entry["message"],
            entry["code"],
        )
        for entry in found
        if entry["severity"] == "error"
    ]


def planted_line(program: Path) -> int:
    """The number of the line that holds the bug."""
    lines = program.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if MARK in line)


def is_found(program: Path, reports: list[Report]) -> bool:
    """Whether the bug, and nothing else, is reported: on its line, as an error of shapes."""
    return [report.line for report in reports] == [planted_line(program)] and reports[0].code in SHAPE_CODES


def shown(program: Path, reports: list[Report]) -> Iterator[Text | Padding]:
    """What was planted, and each line that mypy reports, with what it says; without a report, the bug's line."""
    lines = program.read_text(encoding="utf-8").splitlines()
    yield Text(lines[0].removeprefix("# Planted: "), style="italic")
    for report in reports:
        yield code_of(lines[report.line - 1], report.columns)
        yield Text.assemble(("error: ", "bold red"), report.message, (f"  [{report.code}]", "dim"))
    if not reports:
        yield code_of(lines[planted_line(program) - 1])
        yield Text("mypy reports nothing", style="bold red")


def code_of(line: str, columns: tuple[int, int] | None = None) -> Padding:
    """A line of a program, coloured, with these columns of it underlined."""
    code = line.partition(MARK)[0].strip()
    syntax = Syntax(code, "python", theme="ansi_dark", background_color="default", word_wrap=True)
    if columns is not None:
        indent = len(line) - len(line.lstrip())
        start, end = columns[0] - indent, columns[1] - indent if columns[1] > 0 else len(code)
        syntax.stylize_range("underline", (1, start), (1, end))
    return Padding(syntax, (1, 2))


def show_bug(number: int, program: Path, reports: list[Report]) -> bool:
    """Show the report of one planted bug; whether it is found."""
    found = is_found(program, reports)
    mark, colour = ("✓ caught", "green") if found else ("✗ not caught", "red")
    title = Text.assemble((f" {number} ", "bold"), f"{program.name}:{planted_line(program)} ")
    panel = Panel(
        Group(*shown(program, reports)),
        title=title,
        title_align="left",
        subtitle=Text(f" {mark} ", style=f"bold {colour}"),
        subtitle_align="right",
        border_style="dim" if found else "red",
        width=min(console.width, 110),
    )
    console.print(panel)
    return found


def main() -> int:
    """Check everything in one run of mypy, show it, train; 0 where all is as promised."""
    console.print(Rule("handwritten digits, 1,797 images · eight planted bugs", style="dim"))
    with console.status("mypy reads nine programs; none of them runs"):
        reports = check([*BUGS, TRAIN])
    caught = [
        show_bug(number, program, [report for report in reports if report.file == program])
        for number, program in enumerate(BUGS, 1)
    ]
    in_train = [report for report in reports if report.file == TRAIN]
    for report in in_train:
        console.print(
            f"{TRAIN.name}:{report.line}: error: {report.message}  [{report.code}]", style="red", markup=False
        )
    if not all(caught) or in_train:
        console.print(f"{sum(caught)} of {len(BUGS)} bugs caught, {len(in_train)} errors in train.py", style="bold red")
        return 1
    console.print(f"[bold green]✓[/] {len(BUGS)} of {len(BUGS)} bugs caught, each on its line")
    console.print("[bold green]✓[/] train.py, the program without a bug: no errors under mypy --strict\n")
    console.print(Rule("and now it trains", style="dim"))
    console.print(train.model.summary(), markup=False)
    console.print()
    train.main()
    for file in sorted(train.OUT.iterdir()):
        console.print(f"[dim]written:[/] {os.path.relpath(file)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
