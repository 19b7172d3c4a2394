"""``tensor / anything``, where the type of ``anything`` is Any: so is the result to mypy, which asks nobody.

Under ``strict_shapes`` each statement with operators is followed by ``0 << 0``, about which mypy asks: by then it has
the types of what stands before it. One such stands before ``h *= anything``, after which ``h`` is Any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from mypy.nodes import (
    AssignmentStmt,
    Expression,
    ExpressionStmt,
    IntExpr,
    OperatorAssignmentStmt,
    OpExpr,
    Statement,
)
from mypy.operators import op_methods
from mypy.plugin import MethodContext
from mypy.types import AnyType, Type, TypeOfAny, get_proper_type

from torchlean_mypy.arguments import type_of
from torchlean_mypy.codes import Strictness, report_unknown
from torchlean_mypy.convert import shape_of, tensor_of
from torchlean_mypy.lookups import nodes
from torchlean_mypy.methods import operation_behind
from torchlean_mypy.statements import every, nested
from torchlean_typed.shapes.shape import is_known

Operation = OpExpr | OperatorAssignmentStmt


class Questions:
    """By the identity of a ``0 << 0``: that itself, and the operators of the statement before it."""

    asked: ClassVar[dict[int, tuple[OpExpr, Sequence[Operation]]]] = {}


def follow(definitions: list[Statement]) -> None:
    """Have mypy ask after each statement with operators."""
    if not Strictness.reports_unknown:
        return
    for block in [definitions, *(block for statement in [*every(definitions)] for block in nested(statement))]:
        block[:] = [part for statement in block for part in _asked(statement)]


def _asked(statement: Statement) -> Iterator[Statement]:
    if isinstance(statement, ExpressionStmt) and id(statement.expr) in Questions.asked:
        return  # mypy comes again
    if isinstance(statement, OperatorAssignmentStmt):
        yield _question(statement, [statement])
    yield statement
    if isinstance(statement, AssignmentStmt | ExpressionStmt | OperatorAssignmentStmt):
        operations = nodes(statement, OpExpr)
        if operations:
            yield _question(statement, operations)


def _question(place: Statement, operations: Sequence[Operation]) -> Statement:
    left, right = IntExpr(0), IntExpr(0)
    question = OpExpr("<<", left, right)
    asked = ExpressionStmt(question)
    for part in (left, right, question, asked):
        part.set_line(place)
    Questions.asked[id(question)] = question, operations
    return asked


def answered(ctx: MethodContext, name: str) -> Type:
    """``0 << 0``: whether a shape is lost beside it."""
    api: Any = ctx.api
    _, operations = Questions.asked.get(id(ctx.context), (None, ()))
    for operation in operations:
        if isinstance(operation, OpExpr):
            reason = lost(operation, lambda operand: type_of(api, operand))
        else:
            with api.msg.filter_errors(), api.local_type_map:
                reason = lost(operation, api.expr_checker.accept)
        if reason is not None:
            report_unknown(ctx.api, reason, operation)
    return ctx.default_return_type


def lost(operation: Operation, typ: Callable[[Expression], Type | None]) -> str | None:
    """Why the result of an operator with a tensor is Any; None where it is not."""
    left = operation.left if isinstance(operation, OpExpr) else operation.lvalue
    right = operation.right if isinstance(operation, OpExpr) else operation.rvalue
    for known, other, side in ((left, right, "right"), (right, left, "left")):
        unknown, tensor = get_proper_type(typ(other)), tensor_of(typ(known))
        if isinstance(unknown, AnyType) and unknown.type_of_any != TypeOfAny.from_error and tensor is not None:
            behind = operation_behind(tensor.type, op_methods.get(operation.op, ""))
            if behind is not None and is_known(shape_of(tensor) or ()):
                return f"{behind[0]}: the type of the {side} operand is Any, and so is that of the result: declare it"
    return None


METHODS = {"builtins.int.__lshift__": answered}
