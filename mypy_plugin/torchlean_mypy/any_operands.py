"""``tensor / anything``, where the type of ``anything`` is Any: so is the result to mypy, which asks nobody.

Under ``strict_shapes`` each statement with operators is followed by ``0 << 0``, about which mypy asks: by then it has
the types of what stands before it. One such stands before ``h *= anything``, after which ``h`` is Any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from mypy.nodes import (
    AssignmentStmt,
    Expression,
    ExpressionStmt,
    OperatorAssignmentStmt,
    OpExpr,
    Statement,
)
from mypy.operators import op_methods
from mypy.types import AnyType, Type, TypeOfAny, get_proper_type

from torchlean_mypy.arguments import type_of
from torchlean_mypy.codes import Strictness, report_unknown
from torchlean_mypy.convert import shape_of, tensor_of
from torchlean_mypy.lookups import nodes
from torchlean_mypy.methods import operation_behind
from torchlean_mypy.questions import is_question, question
from torchlean_mypy.statements import every, nested
from torchlean_typed.shapes.shape import is_known

Operation = OpExpr | OperatorAssignmentStmt


def follow(definitions: list[Statement]) -> None:
    """Have mypy ask after each statement with operators."""
    if not Strictness.reports_unknown or (definitions and is_question(definitions[0])):
        return  # in the latter case mypy comes again
    for block in [definitions, *(block for statement in [*every(definitions)] for block in nested(statement))]:
        block[:] = [part for statement in block for part in _asked(statement)]


def _asked(statement: Statement) -> Iterator[Statement]:
    if isinstance(statement, OperatorAssignmentStmt):
        yield question(statement, partial(_answer, [statement]))
    yield statement
    if isinstance(statement, AssignmentStmt | ExpressionStmt | OperatorAssignmentStmt):
        operations = nodes(statement, OpExpr)
        if operations:
            yield question(statement, partial(_answer, operations))


def _answer(operations: Sequence[Operation], api: Any) -> None:
    """Say whether a shape is lost beside a statement with these operators."""
    for operation in operations:
        if isinstance(operation, OpExpr):
            reason = lost(operation, lambda operand: type_of(api, operand))
        else:
            with api.msg.filter_errors(), api.local_type_map:
                reason = lost(operation, api.expr_checker.accept)
        if reason is not None:
            report_unknown(api, reason, operation)


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
