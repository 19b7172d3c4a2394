"""Simplification of a recorded graph: equal computations are done once, and neutral ones not at all."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from torchlean_typed.graph import ancestors
from torchlean_typed.ops.op import Op
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import infer, make, record

Operands = tuple[Tensor, ...]


class _Builder:
    """Records the simplified graph; a computation that is recorded already is not recorded again."""

    def __init__(self) -> None:
        self.seen: dict[Hashable, Tensor] = {}

    def node(self, op: Op, operands: Operands, statics: tuple[Any, ...]) -> Tensor:
        """The operation on these operands, in its simplest form."""
        rule = _RULES.get(op.name)
        found = rule(self, op, operands, statics) if rule is not None else None
        if found is not None:
            return found
        key = (op, repr(statics), *(x._order or _constant_key(x) for x in operands))
        found = self.seen.get(key)
        if found is None:
            shape, dtype = infer(op, operands, statics)
            found = self.seen[key] = record(op, operands, statics, shape, dtype)
        return found

    def scaled(self, op: Op, x: Tensor, factor: Any) -> Tensor:
        """``x * factor``, with ``op`` the multiplication."""
        return self.node(op, (x, make(np.asarray(factor, x.dtype))), ())


def simplify(outputs: Sequence[Tensor]) -> list[Tensor]:
    """The same outputs from fewer operations."""
    new: dict[int, Tensor] = {}
    builder = _Builder()
    outputs = _expanded(outputs)
    for node in ancestors(outputs):
        if node._array is not None:  # known already: an operand of an inner derivative that is no input of the program
            new[node._order] = make(node._array)
        elif node._op is None:
            new[node._order] = node
        else:
            operands = tuple(new[x._order] if x._order else x for x in node._operands)
            new[node._order] = builder.node(node._op, operands, node._statics)
    return [new[x._order] if x._order else x for x in outputs]


def _expanded(outputs: Sequence[Tensor]) -> list[Tensor]:
    """The outputs with operations that have a form in others written in that form, which their derivatives share."""
    new: dict[int, Tensor] = {}
    for node in ancestors(outputs):
        operands = tuple(new.get(x._order, x) for x in node._operands)
        if node._op is not None and node._array is None:
            if node._op.form is not None:
                new[node._order] = node._op.form(*operands, *node._statics)
            elif any(x is not y for x, y in zip(operands, node._operands, strict=True)):
                new[node._order] = record(node._op, operands, node._statics, node.shape, node.dtype)
    return [new.get(x._order, x) for x in outputs]


def _constant_key(x: Tensor) -> Hashable:
    """Equal for equal constants; large ones are not compared."""
    if x._array is None or x.size > 64:
        return "constant", id(x)
    return "constant", x.dtype.str, x.shape, x._array.tobytes()


def _is_everywhere(x: Tensor, value: float) -> bool:
    return _is_constant(x) and x.size <= 64 and bool(np.all(x._array == value))


def _is_constant(x: Tensor) -> bool:
    return not x._order and x._array is not None


def _is_scalar(x: Tensor) -> bool:
    return _is_constant(x) and x.shape == ()


def _as_scalar(x: Tensor, shape: tuple[int, ...], other: Tensor) -> Tensor:
    """A constant that was stretched from one number, as that number, where the other operand gives the shape."""
    if _is_constant(x) and x.size > 1 and other.shape == shape:
        assert x._array is not None
        if not any(x._array.strides):
            return make(np.asarray(x._array.flat[0], x.dtype))
    return x


def _name(x: Tensor) -> str | None:
    return x._op.name if x._op is not None else None


def _same(builder: _Builder, op: Op, operands: Operands, statics: tuple[Any, ...]) -> Tensor | None:
    return operands[0]


def _multiply(builder: _Builder, op: Op, operands: Operands, statics: tuple[Any, ...]) -> Tensor | None:
    x, y = operands
    shape, _ = infer(op, operands, statics)
    x, y = _as_scalar(x, shape, y), _as_scalar(y, shape, x)
    if _is_scalar(x) and not _is_scalar(y):
        return builder.node(op, (y, x), ())
    if _is_everywhere(y, 1) and x.shape == shape:
        return x
    if _is_everywhere(x, 1) and y.shape == shape:
        return y
    if _is_scalar(y) and x.dtype.kind == "f":
        assert y._array is not None
        if _name(x) == "multiply" and _is_scalar(x._operands[1]):
            return builder.scaled(op, x._operands[0], x._operands[1]._array * y._array)
        if _name(x) == "negative":
            return builder.scaled(op, x._operands[0], -y._array)
    changed = x is not operands[0] or y is not operands[1]
    return builder.node(op, (x, y), ()) if changed else None


def _add(builder: _Builder, op: Op, operands: Operands, statics: tuple[Any, ...]) -> Tensor | None:
    x, y = operands
    shape, _ = infer(op, operands, statics)
    if _is_everywhere(y, 0) and x.shape == shape:
        return x
    return y if _is_everywhere(x, 0) and y.shape == shape else None


def _subtract(builder: _Builder, op: Op, operands: Operands, statics: tuple[Any, ...]) -> Tensor | None:
    x, y = operands
    return x if _is_everywhere(y, 0) and x.shape == infer(op, operands, statics)[0] else None


def _divide(builder: _Builder, op: Op, operands: Operands, statics: tuple[Any, ...]) -> Tensor | None:
    x, y = operands
    return x if _is_everywhere(y, 1) and x.shape == infer(op, operands, statics)[0] else None


def _negative(builder: _Builder, op: Op, operands: Operands, statics: tuple[Any, ...]) -> Tensor | None:
    (x,) = operands
    return x._operands[0] if _name(x) == "negative" else None


def _astype(builder: _Builder, op: Op, operands: Operands, statics: tuple[Any, ...]) -> Tensor | None:
    return operands[0] if np.dtype(statics[0]) == operands[0].dtype else None


def _broadcast_to(builder: _Builder, op: Op, operands: Operands, statics: tuple[Any, ...]) -> Tensor | None:
    return operands[0] if operands[0].shape == infer(op, operands, statics)[0] else None


def _reshape(builder: _Builder, op: Op, operands: Operands, statics: tuple[Any, ...]) -> Tensor | None:
    (x,) = operands
    shape, _ = infer(op, operands, statics)
    if x.shape == shape:
        return x
    if _name(x) == "reshape":
        return builder.node(op, x._operands, (shape,))
    if _name(x) == "sum" and x._statics[1] and x._statics[0] is not None:
        # a sum that kept its axes and has them dropped now
        total = x._op
        assert total is not None
        dropped = (x._statics[0], False)
        if infer(total, x._operands, dropped)[0] == shape:
            return builder.node(total, x._operands, dropped)
    return None


def _permute(builder: _Builder, op: Op, operands: Operands, statics: tuple[Any, ...]) -> Tensor | None:
    (x,) = operands
    axes = tuple(axis % x.ndim for axis in statics[0])
    if axes == tuple(range(x.ndim)):
        return x
    if _name(x) == "permute_dims":
        inner = [axis % x.ndim for axis in x._statics[0]]
        return builder.node(op, x._operands, (tuple(inner[axis] for axis in axes),))
    if _name(x) == "matrix_product" and axes == (1, 0):
        # (A B)^T is B^T A^T, and BLAS takes transposed operands as they are
        product, (left, right) = x._op, x._operands
        assert product is not None
        if left.ndim == right.ndim == 2:
            return builder.node(
                product, (builder.node(op, (right,), ((1, 0),)), builder.node(op, (left,), ((1, 0),))), ()
            )
    return None


_RULES: dict[str, Callable[[_Builder, Op, Operands, tuple[Any, ...]], Tensor | None]] = {
    "alias": _same,
    "detach": _same,
    "multiply": _multiply,
    "add": _add,
    "subtract": _subtract,
    "divide": _divide,
    "negative": _negative,
    "astype": _astype,
    "broadcast_to": _broadcast_to,
    "reshape": _reshape,
    "permute_dims": _permute,
}
