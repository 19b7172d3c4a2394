"""What stands in the body of a loop before a place in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from mypy.nodes import AssignmentStmt, Block, Context, Expression, ForStmt, IfStmt, NameExpr, Statement, WithStmt

from torchlean_mypy.syntax.statements import blocks


@dataclass(frozen=True)
class Given:
    """A variable that is given a value: each time, or where a condition holds."""

    name: NameExpr
    value: Expression
    is_certain: bool


@dataclass
class Before:
    """What is given to variables before a place, in order, and the statements that are executed instead of it."""

    given: list[Given] = field(default_factory=list)
    instead: list[Statement] = field(default_factory=list)


def is_in(node: Context, around: Context) -> bool:
    """Whether a node stands within the lines of another."""
    return around.line <= node.line and (node.end_line or node.line) <= (around.end_line or around.line)


def before(loop: Context, place: Context) -> Before:
    """What the body of a loop does each time before it comes to a place in it, as far as that is assignments."""
    found = Before()
    block = loop.body if isinstance(loop, ForStmt) else None
    while block is not None:
        around: list[Block] = []
        for statement in block.body:
            inner = blocks(statement) if isinstance(statement, IfStmt | WithStmt) else []
            if inner and is_in(place, statement):
                around = inner
            elif (statement.end_line or statement.line) < place.line:
                found.given += _given(statement, True)
                found.given += [one for part in inner for held in part.body for one in _given(held, False)]
        block = next((part for part in around if any(is_in(place, one) for one in part.body)), None)
        found.instead += [statement for part in around if part is not block for statement in part.body]
    return found


def _given(statement: Statement, is_certain: bool) -> list[Given]:
    match statement:
        case AssignmentStmt(lvalues=[NameExpr() as name], rvalue=value):
            return [Given(name, value, is_certain)]
    return []
