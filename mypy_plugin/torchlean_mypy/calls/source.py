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
    OperatorAssignmentStmt,
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
            case OperatorAssignmentStmt():
                yield from _parts(statement.lvalue, None)
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


def value_in(expression: Expression, semantic: Any) -> object:
    """The value that is written out, also where a variable has it; of a Final, or a dimension.

    UNKNOWN for what may be an int; else undecided.
    """
    match expression:
        case IntExpr() | StrExpr() | FloatExpr():
            return expression.value
        case NameExpr(fullname="builtins.True"):
            return True
        case NameExpr(fullname="builtins.False"):
            return False
        case TupleExpr():
            return tuple(value_in(item, semantic) for item in expression.items)
        case UnaryExpr(op="-"):
            return _combined("-", 0, value_in(expression.expr, semantic))
        case OpExpr() if expression.op in ARITHMETIC:
            return _combined(expression.op, *(value_in(side, semantic) for side in (expression.left, expression.right)))
        case RefExpr(node=Var() as variable):
            if variable.final_value is not None:
                return variable.final_value
            known = value_of_type(get_proper_type(variable.type)) if variable.type is not None else UNKNOWN
            return _value_bound(expression, variable, semantic) if known is UNKNOWN else known
    return UNKNOWN


def _value_bound(name: RefExpr, variable: Var, semantic: Any) -> object:
    """The value of a variable of this file that is assigned to once, before it is asked for."""
    is_here = variable.fullname.rpartition(".")[0] in ("", semantic.cur_mod_id)  # mypy's cache has no syntax
    values = assigned_to(variable, semantic) if is_here and variable.is_inferred else None
    return value_in(values[0], semantic) if values and len(values) == 1 and values[0].line < name.line else UNKNOWN


def _combined(op: str, left: object, right: object) -> object:
    if not all(isinstance(value, int | DimExpr | Unknown) for value in (left, right)):
        return UNDECIDED
    try:
        return ARITHMETIC[op](left, right)
    except ZeroDivisionError:
        return UNKNOWN
