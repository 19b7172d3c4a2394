"""``match x.shape`` and ``match x.ndim``: what a ``case`` says is asserted at its beginning, as of other conditions."""

from __future__ import annotations

from functools import partial
from typing import Any

from mypy.nodes import Expression, IndexExpr, IntExpr, MatchStmt, MemberExpr, NameExpr, Statement, Var
from mypy.patterns import AsPattern, Pattern, SequencePattern, StarredPattern, ValuePattern

from torchlean_mypy.flow.conditions import equal, put
from torchlean_mypy.flow.questions import is_question, question
from torchlean_mypy.syntax.expressions import compared
from torchlean_mypy.syntax.statements import every, nested
from torchlean_mypy.types.convert import Types


def follow(definitions: list[Statement]) -> None:
    """Put in the assertions that the patterns of a file stand for."""
    for block in [definitions, *(block for statement in [*every(definitions)] for block in nested(statement))]:
        for index, statement in reversed([*enumerate(block)]):
            owner = compared(statement.subject) if isinstance(statement, MatchStmt) else None
            if not isinstance(statement, MatchStmt) or owner is None or isinstance(statement.subject, IndexExpr):
                continue
            if index == 0 or not is_question(block[index - 1]):  # else mypy comes again
                names = [name for pattern in statement.patterns for name in _captured(pattern)]
                block.insert(index, question(statement, partial(_declare, names)))
                _assert(statement, owner)


def _assert(statement: MatchStmt, owner: Expression) -> None:
    for pattern, body in zip(statement.patterns, statement.bodies, strict=True):
        match pattern:
            case SequencePattern(patterns=parts) if not any(isinstance(part, StarredPattern) for part in parts):
                for axis, part in enumerate(parts):
                    if isinstance(part, ValuePattern):
                        size = IndexExpr(MemberExpr(owner, "shape"), IntExpr(axis))
                        put(body.body, 0, equal(size, part.expr, pattern), pattern.line)
                put(body.body, 0, equal(MemberExpr(owner, "ndim"), IntExpr(len(parts)), pattern), pattern.line)
            case ValuePattern(expr=IntExpr() as rank):
                put(body.body, 0, equal(MemberExpr(owner, "ndim"), rank, pattern), pattern.line)


def _captured(pattern: Pattern) -> list[NameExpr]:
    """The names that a pattern gives to sizes."""
    parts = pattern.patterns if isinstance(pattern, SequencePattern) else []
    return [part.name for part in parts if isinstance(part, AsPattern) and part.pattern is None and part.name]


def _declare(names: list[NameExpr], api: Any) -> None:
    """Declare sizes to be ints: each ``case`` may have other ones."""
    for name in names:
        if isinstance(name.node, Var) and name.node.is_inferred:
            name.node.type = Types(api).named("builtins.int")
