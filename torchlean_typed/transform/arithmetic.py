"""Rules of simplification for elementwise arithmetic: neutral elements, factors, signs and powers."""

from __future__ import annotations

from typing import Any

import numpy as np

from torchlean_typed.ops import elementwise
from torchlean_typed.ops.op import Op
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import make
from torchlean_typed.transform.rewrite import Builder, Operands, Rule, is_constant, op_name

Shape = tuple[int, ...]
Statics = tuple[Any, ...]


def _same(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    return operands[0]


def scaled(builder: Builder, x: Tensor, factor: Any) -> Tensor:
    """``x`` times a number."""
    return builder.call(elementwise.multiply, x, make(np.asarray(factor, x.dtype)))


def _factor(x: Tensor) -> Any:
    """The number that a tensor is the multiple of something by; None for others."""
    if op_name(x) == "negative":
        return -1
    if op_name(x) == "multiply" and is_constant(x._operands[1]) and not x._operands[1].shape:
        return x._operands[1]._array
    return None


def _multiply(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    x, y = operands
    if is_constant(x) and not is_constant(y) and not x.shape:
        return builder.node(op, (y, x))
    number = builder.number(y)
    if number == 1 and x.shape == shape:
        return x
    if builder.number(x) == 1 and y.shape == shape:
        return y
    if x.dtype.kind != "f":
        return None
    if number is not None and not y.shape:
        if number == -1:
            return builder.call(elementwise.negative, x)
        factor = _factor(x)
        if factor is not None:
            return scaled(builder, x._operands[0], factor * number)
        if op_name(x) == "multiply":  # the smaller operand takes the factor
            large, small = sorted(x._operands, key=lambda operand: -operand.size)
            return builder.node(op, (large, scaled(builder, small, number))) if small.size < large.size else None
        return None
    if x is y:
        return builder.call(elementwise.square, x)
    first, second = _factor(x), _factor(y)
    if first is not None and second is not None:
        return scaled(builder, builder.node(op, (x._operands[0], y._operands[0])), first * second)
    return None


def _add(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    x, y = operands
    if builder.number(y) == 0 and x.shape == shape:
        return x
    if builder.number(x) == 0 and y.shape == shape:
        return y
    if x is y and x.dtype.kind == "f":
        return scaled(builder, x, 2)
    if op_name(y) == "negative":
        return builder.call(elementwise.subtract, x, y._operands[0])
    return builder.call(elementwise.subtract, y, x._operands[0]) if op_name(x) == "negative" else None


def _subtract(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    x, y = operands
    if builder.number(y) == 0 and x.shape == shape:
        return x
    if builder.number(x) == 0 and y.shape == shape:
        return builder.call(elementwise.negative, y)
    return builder.call(elementwise.add, x, y._operands[0]) if op_name(y) == "negative" else None


def _divide(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    x, y = operands
    number = builder.number(y)
    if number is None or x.shape != shape:
        return None
    inverse = 1 / float(number) if number else np.inf
    exact = np.finfo(x.dtype).tiny < abs(inverse) < np.inf
    return scaled(builder, x, inverse) if exact else None


def _negative(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    (x,) = operands
    if op_name(x) == "negative":
        return x._operands[0]
    if op_name(x) == "subtract":
        return builder.call(elementwise.subtract, x._operands[1], x._operands[0])
    factor = _factor(x)
    if factor is not None:
        return scaled(builder, x._operands[0], -factor)
    if op_name(x) == "multiply":  # the smaller operand takes the sign
        large, small = sorted(x._operands, key=lambda operand: -operand.size)
        if small.size < large.size and not is_constant(small):
            return builder.node(x._op, (large, builder.call(elementwise.negative, small)))  # type: ignore[arg-type]
    return None


def _pow(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    """Small whole powers are products."""
    x, y = operands
    number = builder.number(y)
    if number is None or x.shape != shape or x.dtype.kind != "f":
        return None
    if number == 0:
        return make(np.broadcast_to(np.ones((), x.dtype), shape))
    if number == 1:
        return x
    if number == -1:
        return builder.call(elementwise.reciprocal, x)
    square = builder.call(elementwise.square, x) if number in (2, 3, 4) else None
    if square is None or number == 2:
        return square
    return builder.call(elementwise.square, square) if number == 4 else builder.call(elementwise.multiply, square, x)


def _where(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    condition, x, y = operands
    known = builder.number(condition)
    return None if known is None else builder.stretched(x if known else y, shape)


def _logical_and(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    for x, other in (operands, operands[::-1]):
        known = builder.number(x)
        if known is not None:
            return builder.stretched(other, shape) if known else make(np.broadcast_to(np.False_, shape))
    return None


def _greater(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    """Where ``relu(x)`` is known, ``x > 0`` is asked of that, and ``x`` is not needed any more."""
    x, y = operands
    known = builder.find(elementwise.relu, x) if builder.number(y) == 0 else None
    return None if known is None else builder.node(op, (known, y))


def _astype(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    return operands[0] if np.dtype(statics[0]) == operands[0].dtype else None


def _sum(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    """Of all elements: a factor is applied to the sum, and a sum of sums is one."""
    (x,) = operands
    if shape or not x.shape:
        return None
    factor = _factor(x) if x.dtype.kind == "f" else None
    if factor is not None:
        return scaled(builder, builder.node(op, (x._operands[0],), (None, False)), factor)
    if op_name(x) in ("sum", "reshape", "permute_dims"):
        return builder.node(op, x._operands, (None, False))
    return None


RULES: dict[str, Rule] = {
    "alias": _same,
    "detach": _same,
    "multiply": _multiply,
    "add": _add,
    "subtract": _subtract,
    "divide": _divide,
    "negative": _negative,
    "pow": _pow,
    "where": _where,
    "logical_and": _logical_and,
    "greater": _greater,
    "astype": _astype,
    "sum": _sum,
}
