"""Errors that only follow from one that is told: of what is made of a wrong expression, and of two values once more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from mypy.errors import ErrorInfo
from mypy.nodes import Context, FuncItem, NameExpr, Node, Var

from torchlean_mypy.reports.origins import origin
from torchlean_mypy.syntax.lookups import nodes
from torchlean_mypy.syntax.notes import Notes
from torchlean_typed.shapes.errors import ShapeError


class Fact(NamedTuple):
    """What an error says, whatever the operation, of which shapes, and the variables in what it says it of."""

    function: FuncItem | None
    line: int
    problem: str
    shapes: tuple[Any, ...]
    variables: frozenset[Var]

    def says(self, other: Fact) -> bool:
        """Whether the other error is this one again.

        Two values that do not go together are one bug, and so is what is wrong with one value twice on a line.
        """
        shared = self.variables & other.variables
        if self.problem != other.problem or not shared:
            return False
        if self.line == other.line:
            return True
        if self.function is None or self.function is not other.function:
            return False
        return self.shapes == other.shapes and len(shared) > 1 and any(variable.is_inferred for variable in shared)


class Following:
    """What the errors of functions' bodies are about; at the top of a file each statement is on its own."""

    facts: ClassVar[Notes[tuple[int, int, str], Fact]] = Notes()  # by place and message
    held: ClassVar[Notes[tuple[int, int], tuple[int, int, str]]] = Notes()  # what says all, by place

    @classmethod
    def is_repeated(cls, api: Any, error: ShapeError, context: Context, told: list[tuple[int, int, str]]) -> bool:
        """Whether an error that has been ``told`` says all; else this one is remembered."""
        fact = _fact(error, context, api.scope.top_level_function())
        errors = api.msg.errors
        facts = cls.facts[errors.file]
        ignored = errors.ignored_lines.get(errors.file, {})
        for place in told:
            known = facts.get(place)
            if known is not None and known.says(fact):
                if known.line == fact.line or known.line not in ignored:
                    cls.held[errors.file][context.line, context.column] = place
                    return True
        facts[context.line, context.column, error.message] = fact
        return False

    @classmethod
    def is_made_of_wrong(cls, api: Any, where: Context | ErrorInfo, told: Iterable[tuple[int, int, str]]) -> bool:
        """Whether what an error is about is made of something of which an error is told."""
        errors = api.msg.errors
        ignored = errors.ignored_lines.get(errors.file, {})
        place = origin(api.tree, where, [one for one in told if one[0] not in ignored])
        if place is not None:
            cls.held[errors.file][where.line, where.column] = place
        return place is not None

    @classmethod
    def explains(
        cls, file: str, start: tuple[int, int], end: tuple[int, int], told: Iterable[tuple[int, int, str]]
    ) -> bool:
        """Whether an error was held back between two places, for one that is ``told``."""
        held = cls.held[file].items()
        standing = {*told} if held else set()
        return any(start <= where <= end and first in standing for where, first in held)


def _fact(error: ShapeError, context: Context, function: FuncItem | None) -> Fact:
    names = nodes(context, NameExpr) if isinstance(context, Node) else []
    variables = {name.node for name in names if isinstance(name.node, Var) and not name.node.is_self}
    shapes = tuple(shape for _, shape in error.operands)
    return Fact(function, context.line, error.problem, shapes, frozenset(variables))
