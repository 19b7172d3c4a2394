"""Run the mutation benchmark: ``python -m benchmarks.static [PROGRAM...]``.

Prints the figures and what was missed, and writes RESULTS.md beside this file where all programs were run.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.static.mutation import EACH
from benchmarks.static.program import programs
from benchmarks.static.report import document, show
from benchmarks.static.results import measure

RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.static", description=__doc__)
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help="names of programs; all, if none is given")
    parser.add_argument("--each", type=int, default=EACH, help="mutants of one operator in one program, at most")
    options = parser.parse_args()
    chosen = [one for one in programs() if not options.programs or one.name in options.programs]
    results = measure(chosen, options.each)
    show(results)
    if not options.programs and options.each == EACH:
        RESULTS.write_text(document(results), encoding="utf-8")


if __name__ == "__main__":
    main()
