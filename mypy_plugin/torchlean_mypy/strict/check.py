"""mypy with coverage: ``python -m torchlean_mypy.strict.check --fail-under=95 MYPY-ARGUMENTS...``.

The types of expressions are not in mypy's cache, so that all is checked anew.
"""

from __future__ import annotations

import os
import sys

from mypy.build import build
from mypy.errors import CompileError
from mypy.fscache import FileSystemCache
from mypy.main import process_options
from mypy.util import FancyFormatter, count_stats
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from torchlean_mypy.reports.codes import Strictness
from torchlean_mypy.strict.coverage import Coverage, coverage, total

FAILURE = 2


def main(arguments: list[str]) -> int:
    """Run mypy, print what it finds and the coverage; its exit status, or 1 where the coverage is too low."""
    wanted = float(arguments.pop(0).partition("=")[2])
    sources, options = process_options(arguments)
    Strictness.is_asked_for = True
    options.export_types = options.preserve_asts = True
    options.incremental, options.cache_dir = False, os.devnull
    formatter = FancyFormatter(sys.stdout, sys.stderr, options.hide_error_codes, hide_success=bool(options.output))
    messages: list[str] = []

    def show(file: str | None, new: list[str], serious: bool) -> None:
        messages.extend(new)
        for line in formatter.fit_in_terminal(new) if options.pretty else new:
            print(formatter.colorize(line), file=sys.stderr if serious else sys.stdout, flush=True)

    try:
        result = build(sources, options, None, show, FileSystemCache())
    except CompileError as error:
        if not error.use_stdout or not messages:
            show(None, error.messages, not error.use_stdout)
        return FAILURE
    errors, _, files = count_stats(messages)
    if errors:
        print(formatter.format_error(errors, files, len(sources), use_color=options.color_output))
    else:
        print(formatter.format_success(len(sources), options.color_output))
    measured = [coverage(result.files[source.module], result.types) for source in sources]
    report([file for file in measured if file.expressions])
    return int(bool(errors) or total(measured).percent < wanted)


def report(files: list[Coverage]) -> None:
    """Print the table, and the lines where a shape is not known."""
    console = Console(soft_wrap=True)
    whole = total(files)
    table = Table(title=Text("shape coverage", style="bold"), title_justify="left", box=SIMPLE, show_footer=True)
    table.add_column("file", footer="total", overflow="fold")
    for heading, footer in zip(("tensor expressions", "known", "%"), _figures(whole), strict=True):
        table.add_column(heading, footer=footer, justify="right")
    for file in files:
        table.add_row(Text(file.path), *_figures(file))
    console.print(table)
    for file in files:
        for line, reason in file.unknown:
            console.print(f"{file.path}:{line}: {reason}", markup=False, highlight=False)


def _figures(file: Coverage) -> tuple[str, str, str]:
    percent = f"{file.percent:.1f}" if file.known == file.expressions else f"{min(file.percent, 99.9):.1f}"
    return f"{file.expressions:,}", f"{file.known:,}", percent


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
