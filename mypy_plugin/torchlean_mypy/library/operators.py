"""``operator.matmul(a, b)`` and its like, which give Any to mypy: the expression with the operator itself."""

from __future__ import annotations

from typing import Any

from mypy.nodes import CallExpr, ComparisonExpr, Expression, IndexExpr, OpExpr, UnaryExpr
from mypy.plugin import FunctionContext
from mypy.types import Type

from torchlean_mypy.types.convert import shape_of, tensors_in
from torchlean_mypy.types.kinds import pack_kind

ARITHMETIC = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "matmul": "@",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "and_": "&",
    "or_": "|",
    "xor": "^",
}
COMPARISON = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
UNARY = {"neg": "-", "pos": "+", "invert": "~", "inv": "~"}


def applied(ctx: FunctionContext, name: str) -> Type:
    """What the operator gives, where an operand has a shape."""
    types = [typ for given in ctx.arg_types for typ in given]
    if not isinstance(ctx.context, CallExpr) or not any(map(_has_shape, types)):
        return ctx.default_return_type
    checker: Any = ctx.api
    expression = _expression(name, [one for given in ctx.args for one in given])
    expression.set_line(ctx.context)
    result: Type = checker.expr_checker.accept(expression, checker.expr_checker.type_context[-1])
    return result


def _has_shape(typ: Type) -> bool:
    return shape_of(typ) is not None or bool(tensors_in(typ)) or pack_kind(typ) is not None


def _expression(name: str, operands: list[Expression]) -> Expression:
    if name in UNARY:
        return UnaryExpr(UNARY[name], *operands)
    if name in COMPARISON:
        return ComparisonExpr([COMPARISON[name]], operands)
    if name == "getitem":
        return IndexExpr(*operands)
    left, right = operands
    return OpExpr(ARITHMETIC[name], left, right)


FUNCTIONS = {f"_operator.{name}": applied for name in (*ARITHMETIC, *COMPARISON, *UNARY, "getitem")}
