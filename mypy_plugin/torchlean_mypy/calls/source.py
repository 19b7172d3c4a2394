"""What the source says before anything is checked: what is assigned to a variable, and values that are written out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mypy.nodes import (
    AssignmentStmt,
    Expression,
    FloatExpr,
    ForStmt,
    FuncItem,
    IntExpr,
    ListExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    Statement,
    StrExpr,
    TupleExpr,
    UnaryExpr,
    Var,
)
from mypy.types import get_proper_type

from torchlean_mypy.calls.arguments import ARITHMETIC, UNDECIDED, value_of_type
from torchlean_mypy.syntax.statements import blocks
from torchlean_typed.shapes.dim import UNKNOWN, DimExpr, Unknown


def assigned_to(variable: Var, semantic: Any) -> list[Expression] | None:
    """What the functions or the class around, or its module, assign to a variable; None where it cannot be seen.

    ``semantic`` is mypy's semantic analyzer.
    """
    bodies: list[Sequence[Statement]] = [f.body.body for f in semantic.function_stack if isinstance(f, FuncItem)]
    if semantic.type is not None:
        bodies.append(semantic.type.defn.defs.body)
    module = variable.fullname.rpartition(".")[0]
    if module in semantic.modules:
        bodies.append(semantic.modules[module].defs)
    found: list[Expression] = []
    for body in bodies:
        for target, value in _assignments(body):
            if target.node is variable or (target.node is None and target.name == variable.name):
                if value is None:
                    return None
                found.append(value)
    return found


def _assignments(body: Sequence[Statement]) -> Iterator[tuple[NameExpr, Expression | None]]:
    """The names that statements assign to, and what they assign, where that stands there by itself."""
    for statement in body:
        match statement:
            case AssignmentStmt():
                for target in statement.lvalues:
                    yield from _parts(target, statement.rvalue)
            case ForStmt():
                yield from _parts(statement.index, None)
        for block in blocks(statement):
            yield from _assignments(block.body)


def _parts(target: Expression, value: Expression | None) -> Iterator[tuple[NameExpr, Expression | None]]:
    if isinstance(target, NameExpr):
        yield target, value
    elif isinstance(target, TupleExpr | ListExpr):
        given = value.items if isinstance(value, TupleExpr | ListExpr) else []
        pairs = given if len(given) == len(target.items) else [None] * len(target.items)
        for part, item in zip(target.items, pairs, strict=True):
            yield from _parts(part, item)


def value_in(expression: Expression) -> object:
    """The value that is written out, or of a Final, or a dimension; UNKNOWN for what may be an int; else undecided."""
    match expression:
        case IntExpr() | StrExpr() | FloatExpr():
            return expression.value
        case NameExpr(fullname="builtins.True"):
            return True
        case NameExpr(fullname="builtins.False"):
            return False
        case TupleExpr():
            return tuple(value_in(item) for item in expression.items)
        case UnaryExpr(op="-"):
            return _combined("-", 0, value_in(expression.expr))
        case OpExpr() if expression.op in ARITHMETIC:
            return _combined(expression.op, value_in(expression.left), value_in(expression.right))
        case RefExpr(node=Var() as variable):
            if variable.final_value is not None:
                return variable.final_value
            known = value_of_type(get_proper_type(variable.type)) if variable.type is not None else UNDECIDED
            return UNKNOWN if known is UNDECIDED and variable.type is None else known
    return UNKNOWN


def _combined(op: str, left: object, right: object) -> object:
    if not all(isinstance(value, int | DimExpr | Unknown) for value in (left, right)):
        return UNDECIDED
    try:
        return ARITHMETIC[op](left, right)
    except ZeroDivisionError:
        return UNKNOWN
