"""The places in a program where it may be mutated: every expression in a body, with what is known around it.

Signatures, annotations, decorators and the call at the end are left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.static.execution import Names
from benchmarks.static.program import Program, Text, annotations_of

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Edit:
    """A mutation: what replaces what, and on which lines of the statement it stands."""

    operator: str
    changes: tuple[tuple[tuple[int, int], str], ...]
    lines: range
    said: str


@dataclass
class Site:
    """An expression or a simple statement, in the scope of a function."""

    node: ast.expr | ast.stmt
    parent: ast.AST
    lines: range
    names: dict[str, str]  # the variables in scope and their kinds
    text: Text = field(repr=False)
    assigned: list[str] = field(default_factory=list)  # the variables assigned in this function before here

    def of(self, node: ast.expr) -> str:
        """The text of a node."""
        return self.text.of(node)

    def kind_of(self, name: str) -> str | None:
        """The kind of a variable."""
        return self.names.get(name)

    def others(self, name: str) -> list[str]:
        """The other variables in scope that hold what ``name`` holds."""
        known = self.names.get(name)
        return [other for other, kind in self.names.items() if known is not None and kind == known and other != name]

    def of_kind(self, kind: str) -> list[str]:
        """The variables in scope of a kind."""
        return [name for name, held in self.names.items() if held == kind]

    def edit(self, operator: str, *changes: tuple[ast.expr, str]) -> Iterator[Edit]:
        """An edit, unless it changes nothing or moves lines."""
        for node, new in changes:
            if self.of(node).count("\n") != new.count("\n"):
                return
        said = "; ".join(f"{_one_line(self.of(node))} -> {_one_line(new)}" for node, new in changes)
        if any(self.of(node) != new for node, new in changes):
            yield Edit(operator, tuple((self.text.span(node), new) for node, new in changes), self.lines, said)


def sites(program: Program, names: Names) -> Iterator[Site]:
    """Every site of a program, in its order; ``names`` are the variables that execution has seen."""
    text = Text(program.text)
    module = {name: kind for name, kind in names.get(("<module>", 0), {}).items() if kind in VARIABLES}
    skipped = {id(program.tree.body[-1])}
    yield from _Walker(text, names, skipped).body(program.tree.body, program.tree, module)


VARIABLES = ("tensor", "pack", "model", "loss")


@dataclass
class _Walker:
    text: Text
    names: Names
    skipped: set[int]

    def body(self, body: list[ast.stmt], parent: ast.AST, scope: dict[str, str]) -> Iterator[Site]:
        assigned: list[str] = []
        for statement in body:
            if id(statement) in self.skipped:
                continue
            yield from self.statement(statement, parent, scope, assigned)
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id not in assigned:
                    assigned.append(node.id)

    def statement(self, node: ast.stmt, parent: ast.AST, scope: dict[str, str], assigned: list[str]) -> Iterator[Site]:
        if isinstance(node, DEFINITIONS):
            inner = scope if isinstance(node, ast.ClassDef) else self.scope(node, scope)
            yield from self.body(node.body, node, inner)
            return
        inside = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
        own = range(node.lineno, (inside[0].lineno if inside else (node.end_lineno or node.lineno) + 1))
        yield Site(node, parent, own, scope, self.text, list(assigned))
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr) and child not in annotations_of(node):
                yield from self.expression(child, node, own, scope, assigned)
        yield from self.body([child for child in inside], node, scope)

    def expression(
        self, node: ast.expr, parent: ast.AST, lines: range, scope: dict[str, str], assigned: list[str]
    ) -> Iterator[Site]:
        yield Site(node, parent, lines, scope, self.text, list(assigned))
        inner = self.scope(node, scope) if isinstance(node, ast.Lambda) else scope
        for child in ast.iter_child_nodes(node):
            nested = child.value if isinstance(child, ast.keyword) else child
            if isinstance(nested, ast.comprehension):
                yield from self.expression(nested.iter, nested, lines, inner, assigned)
            elif isinstance(nested, ast.expr):
                owner = child if isinstance(child, ast.keyword) else node
                yield from self.expression(nested, owner, lines, inner, assigned)

    def scope(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, outer: dict[str, str]) -> dict[str, str]:
        """The variables in a function: its own, and those around it."""
        if isinstance(node, ast.Lambda):
            key = ("<lambda>", node.lineno)
        else:
            key = (node.name, min([node.lineno, *(one.lineno for one in node.decorator_list)]))
        return {**outer, **{name: kind for name, kind in self.names.get(key, {}).items()}}


def _one_line(text: str) -> str:
    return " ".join(text.split())
