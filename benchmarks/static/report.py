"""The figures as tables: in the terminal, and as a document."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from benchmarks.static.results import UNCATCHABLE, Figures, Results

HEADINGS = ("bugs", "caught", "recall", "on its line", "false alarms", "unknowns")


def show(results: Results) -> None:
    """Print the tables, and whatever does not meet the bar."""
    console = Console(soft_wrap=True)
    for title, rows in (("operator", results.by_operator), ("program", results.by_program)):
        table = Table(title=f"Mutants by {title}")
        table.add_column(title)
        for heading in HEADINGS:
            table.add_column(heading, justify="right")
        for name, figures in rows.items():
            table.add_row(name, *cells(figures))
        table.add_section()
        table.add_row("all", *cells(results.figures))
        console.print(table)
    for line in troubles(results):
        console.print(line, markup=False, highlight=False)
    console.print(summary(results), markup=False, highlight=False)


def cells(figures: Figures) -> list[str]:
    """A row of a table."""
    return [
        str(figures.bugs),
        str(figures.caught),
        f"{figures.recall:.1%}",
        f"{figures.recall_in_place:.1%}",
        str(figures.false_alarms),
        str(figures.unknowns),
    ]


def troubles(results: Results) -> list[str]:
    """What does not meet the bar, one by one."""
    lines = [f"{name}: {report}" for name, reports in results.clean.items() for report in reports]
    lines += [f"missed: {one.mutant.name} ({one.mutant.outcome})" for one in results.missed]
    lines += [f"false alarm: {one.mutant.name} ({one.versions})" for one in results.alarms]
    return lines


def summary(results: Results) -> str:
    """The figures in words."""
    bugs = [one for one in results.results if one.mutant.is_bug]
    outcomes = Counter(one.mutant.outcome for one in bugs)
    hidden = sum(one.mutant.same_at_equal_sizes for one in bugs)
    counts = Counter(one.count for one in bugs if one.is_caught)
    single = counts[1] / max(sum(counts.values()), 1)
    return (
        f"{len(results.programs)} programs, {len(results.results)} mutants, {len(bugs)} bugs when executed: "
        f"{outcomes['raises']} raise, {outcomes['shape']} change a shape, {outcomes['broadcast']} change a value by "
        f"broadcasting. With all sizes equal, {hidden} of them run without a trace. {single:.1%} lead to one "
        f"error, the others to {max(counts, default=0)} at most."
    )


def document(results: Results) -> str:
    """RESULTS.md."""
    parts = [
        "# The mutation benchmark: results",
        "Written by `make mutants`. What is measured is in [README.md](README.md).",
        "\n".join(textwrap.wrap(summary(results), 120)),
    ]
    for title, rows in (("operator", results.by_operator), ("program", results.by_program)):
        parts += [f"## By {title}", markdown(title, rows, results.figures)]
    lost = [one for one in results.results if one.mutant.is_bug and one.is_lost]
    for title, lines in (
        ("Not caught", [f"- `{one.mutant.name}` ({one.mutant.outcome})" for one in results.missed]),
        (
            "Caught by `strict_shapes` alone, which says where a shape is lost",
            [f"- `{one.mutant.name}`" for one in lost],
        ),
        ("Cannot be caught, and are not counted", [f"- `{name}`: {why}" for name, why in UNCATCHABLE.items()]),
    ):
        parts += [f"## {title}", "\n".join(lines) or "None."]
    return "\n\n".join(parts) + "\n"


def markdown(title: str, rows: Mapping[str, Figures], total: Figures) -> str:
    """A table."""
    lines = [f"| {title} | {' | '.join(HEADINGS)} |", f"|---|{'---:|' * len(HEADINGS)}"]
    lines += [f"| {name} | {' | '.join(cells(figures))} |" for name, figures in [*rows.items(), ("**all**", total)]]
    return "\n".join(lines)
