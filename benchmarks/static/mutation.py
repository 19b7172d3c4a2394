"""The mutants of the programs, and what execution says of each."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.static.execution import Run, execute, verdict
from benchmarks.static.operators import OPERATORS
from benchmarks.static.program import Program, Text, numbered
from benchmarks.static.sites import DEFINITIONS, Edit, sites

BUGS = ("raises", "shape", "broadcast")
EACH = 8  # at most so many mutants of one operator in one program, drawn at random, the same each time


@dataclass(frozen=True)
class Mutant:
    """A program with one mistake."""

    program: str
    operator: str
    number: int
    said: str
    lines: range
    text: str
    numbers: str
    outcome: str = ""
    same_at_equal_sizes: bool = False
    breaks_annotation: bool = False

    @property
    def name(self) -> str:
        """What the results call it, which says where it is and what was changed."""
        return f"{self.program}:{self.lines.start}: {self.operator}: {self.said}"

    @property
    def module(self) -> str:
        """The name of its file."""
        return f"{self.program}_{self.number:03d}"

    @property
    def is_bug(self) -> bool:
        """Whether execution shows a bug of shapes."""
        return self.outcome in BUGS


def mutants(program: Program, original: Run, each: int = EACH) -> list[Mutant]:
    """The mutants of a program, each judged by executing it."""
    alike = execute(program.text, dict.fromkeys(program.sizes, EQUAL))
    by_operator: dict[str, list[Edit]] = {}
    seen: set[str] = set()
    text = Text(program.text)
    for site in sites(program, original.names):
        for operator in OPERATORS:
            for edit in operator(site):
                changed = text.replaced(list(edit.changes))
                if changed not in seen:
                    seen.add(changed)
                    by_operator.setdefault(edit.operator, []).append(edit)
    chosen: list[Edit] = []
    for operator_name, edits in by_operator.items():
        dice = random.Random(f"{program.name} {operator_name}")
        picked = set(dice.sample(range(len(edits)), min(each, len(edits))))
        chosen += [edit for index, edit in enumerate(edits) if index in picked]
    chosen.sort(key=lambda edit: edit.lines.start)
    return [judged(program, original, alike, edit, number) for number, edit in enumerate(chosen)]


def judged(program: Program, original: Run, alike: Run, edit: Edit, number: int) -> Mutant:
    """The mutant that an edit makes, executed; ``alike`` is the program at sizes that are all equal."""
    text = Text(program.text).replaced(list(edit.changes))
    outcome = verdict(original, execute(text, program.sizes))
    breaks = outcome not in BUGS and execute(with_checks(text), program.sizes, checks=True).error is not None
    equal = False
    if outcome in BUGS:
        same = dict.fromkeys(program.sizes, EQUAL)
        equal = verdict(alike, execute(text, same)) not in BUGS
    numbers = numbered(text, program.sizes)
    return Mutant(program.name, edit.operator, number, edit.said, edit.lines, text, numbers, outcome, equal, breaks)


EQUAL = 4


def with_checks(text: str) -> str:
    """The program with the run-time checks of its annotations: of functions, of classes and of variables."""
    tree = ast.parse(text)
    source = Text(text)
    methods = {id(one) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for one in node.body}
    changes: list[tuple[tuple[int, int], str]] = []
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS) and id(node) not in methods:
            first = min([source.span(node)[0], *(source.span(one)[0] - 1 for one in node.decorator_list)])
            changes.append(((first, first), f"@tl.checked\n{' ' * node.col_offset}"))
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            variable, annotation, end = source.of(node.target), source.of(node.annotation), source.span(node)[1]
            if "[Tensor, " in annotation[:20]:
                changes.append(((end, end), f"; assert isinstance({variable}, {annotation})"))
    return source.replaced(changes)


def all_mutants(programs: Iterable[Program], each: int = EACH) -> tuple[dict[str, Run], list[Mutant]]:
    """The programs executed, and their mutants."""
    runs, found = {}, []
    for program in programs:
        runs[program.name] = execute(program.text, program.sizes)
        if runs[program.name].error is not None:
            raise RuntimeError(f"{program.name} does not run") from runs[program.name].error
        found += mutants(program, runs[program.name], each)
    return runs, found
