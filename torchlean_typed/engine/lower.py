"""The last rewriting of a graph before it is planned: into the forms that NumPy runs fastest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from torchlean_typed.engine.emit import UFUNCS
from torchlean_typed.ops import elementwise, exponential, reduce
from torchlean_typed.ops.op import Op, record_of
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import make, record
from torchlean_typed.transform import layout
from torchlean_typed.transform.rewrite import Builder, Operands, Rule, is_constant, op_name, rebuilt

Shape = tuple[int, ...]
Statics = tuple[Any, ...]

# Up to here a copy that has the full shape costs less than a ufunc that stretches; beyond, memory decides.
_STRETCHED_SIZE = 1 << 16


def lower(outputs: Sequence[Tensor]) -> list[Tensor]:
    """The same outputs, in NumPy's favourite forms."""
    return rebuilt(outputs, _Lowering())


class _Lowering(Builder):
    """Knows what the parts of a softmax are, and shares constants."""

    def __init__(self) -> None:
        ufuncs = dict.fromkeys(UFUNCS, _elementwise) | {"exp": _exp, "multiply": _multiply}
        super().__init__(layout.RULES | _RULES | ufuncs)
        self.softmax: dict[int, tuple[Tensor, Tensor]] = {}  # of a log_softmax, the exponentials and their sum
        self.quotients: dict[int, tuple[Tensor, Tensor]] = {}  # the same of a softmax
        self.zeros: dict[tuple[Shape, np.dtype[Any]], Tensor] = {}


def _elementwise(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    """A ufunc that need not stretch an operand is up to four times as fast, and so is one that meets a number."""
    size = int(np.prod(shape))
    if not shape or size > _STRETCHED_SIZE:
        return None
    full = [x.shape == shape for x in operands]
    if all(full) or not any(full):
        return None
    new = []
    for x in operands:
        if x.shape == shape or not x.shape:
            new.append(x)
        elif x.size == 1:
            new.append(builder.reshaped(x, ()))
        else:
            new.append(builder.stretched(x, shape))
    changed = any(x is not y for x, y in zip(new, operands, strict=True))
    return builder.node(op, tuple(new), statics) if changed else None


def _exp(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    """Of a ``log_softmax`` the exponential is known."""
    assert isinstance(builder, _Lowering)
    known = builder.softmax.get(operands[0]._order)
    return _quotient(builder, *known) if known else None


def _multiply(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    """A softmax times a column: the column is divided by the sum, which is at least 1, instead of the exponentials."""
    assert isinstance(builder, _Lowering)
    for softmax, column in (operands, operands[::-1]):
        known = builder.quotients.get(softmax._order)
        if known is not None and column.shape == known[1].shape != shape:
            return builder.call(elementwise.multiply, known[0], builder.call(elementwise.divide, column, known[1]))
    return _elementwise(builder, op, operands, statics, shape)


def _log_softmax(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    assert isinstance(builder, _Lowering)
    if not operands[0].size:
        return None
    shifted, powers, total = _exponentials(builder, operands[0], statics[0])
    logarithm = builder.call(exponential.positive_log, total)
    result = builder.call(elementwise.subtract, shifted, logarithm)
    builder.softmax[result._order] = powers, total
    return result


def _softmax(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    if not operands[0].size:
        return None
    _, powers, total = _exponentials(builder, operands[0], statics[0])
    return _quotient(builder, powers, total)


def _quotient(builder: Builder, powers: Tensor, total: Tensor) -> Tensor:
    assert isinstance(builder, _Lowering)
    softmax = builder.call(elementwise.divide, powers, total)
    builder.quotients[softmax._order] = powers, total
    return softmax


def _exponentials(builder: Builder, x: Tensor, axis: int) -> tuple[Tensor, Tensor, Tensor]:
    """``x`` with its largest value along the axis at 0, the exponentials of that, and their sum."""
    shifted = builder.call(elementwise.subtract, x, builder.call(reduce.max, x, axis=axis, keepdims=True))
    powers = builder.call(elementwise.exp, shifted)
    return shifted, powers, builder.call(reduce.sum, powers, axis=axis, keepdims=True)


def _sigmoid(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    """Of ``1 / (1 + exp(-x))`` the sign costs nothing where ``x`` has factors that are polynomials."""
    opposite = _negated(builder, operands[0])
    return (
        None
        if opposite is None
        else record(op, (builder.call(elementwise.negative, opposite),), (), shape, operands[0].dtype)
    )


def _negated(builder: Builder, x: Tensor) -> Tensor | None:
    """``-x`` by no more operations than ``x`` takes."""
    if op_name(x) not in ("multiply", "add"):
        return None
    assert x._op is not None
    first, second = x._operands
    if op_name(x) == "multiply":
        for one, other in ((first, second), (second, first)):
            opposite = _negated(builder, one)
            if opposite is not None:
                return builder.node(x._op, (other, opposite))
        return builder.node(x._op, (first, builder.call(elementwise.negative, second))) if is_constant(second) else None
    if not is_constant(first):
        first, second = second, first
    opposite = _negated(builder, second) if is_constant(first) else None
    return None if opposite is None else builder.node(x._op, (opposite, builder.call(elementwise.negative, first)))


def _relu(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    """The maximum of two arrays is twice as fast as that of an array and a number."""
    assert isinstance(builder, _Lowering)
    (x,) = operands
    kind = (shape if x.size <= _STRETCHED_SIZE else (), x.dtype)
    zeros = builder.zeros.setdefault(kind, make(np.zeros(*kind)))
    return record(record_of(elementwise.maximum), (x, zeros), (), shape, x.dtype)


def _sum(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    """A sum of all elements, or of all products, is a product of vectors."""
    (x,) = operands
    if shape or x.ndim < 2 or x.dtype.kind != "f":
        return None
    flat = (x.size,)
    if op_name(x) in ("multiply", "square") and all(y.shape == x.shape for y in x._operands):
        assert x._op is not None
        return builder.node(
            op, (builder.node(x._op, tuple(builder.reshaped(y, flat) for y in x._operands)),), (None, False)
        )
    return builder.node(op, (builder.reshaped(x, flat),), (None, False))


_RULES: dict[str, Rule] = {
    "log_softmax": _log_softmax,
    "softmax": _softmax,
    "relu": _relu,
    "sigmoid": _sigmoid,
    "sum": _sum,
}
