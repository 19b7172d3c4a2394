"""Rules of simplification for shapes and matrix products: one product for a batch, and transposes that BLAS absorbs."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops import elementwise
from torchlean_typed.ops.op import Op
from torchlean_typed.ops.placement import Places
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import make
from torchlean_typed.transform.gram import gram
from torchlean_typed.transform.rewrite import Builder, Operands, Rule, is_constant, op_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

Shape = tuple[int, ...]
Statics = tuple[Any, ...]


def _broadcast_to(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    return operands[0] if operands[0].shape == shape else None


def _reshape(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    (x,) = operands
    if x.shape == shape:
        return x
    if op_name(x) == "reshape":
        return builder.node(op, x._operands, (shape,))
    if op_name(x) == "sum" and x._statics[1] and x._statics[0] is not None:
        # a sum that kept its axes and has them dropped now
        (summed,), (axis, _) = x._operands, x._statics
        dropped = {a % summed.ndim for a in (axis if isinstance(axis, tuple) else (axis,))}
        if tuple(size for i, size in enumerate(summed.shape) if i not in dropped) == shape:
            assert x._op is not None
            return builder.node(x._op, x._operands, (axis, False))
    return None


def _permute(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    (x,) = operands
    axes = tuple(axis % x.ndim for axis in statics[0])
    if op_name(x) == "matrix_product" and axes == (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2):
        # (A B)^T is B^T A^T, and BLAS takes transposed operands as they are
        assert x._op is not None
        left, right = x._operands
        return builder.node(x._op, (builder.transposed(right), builder.transposed(left)))
    moved = [axis for axis in axes if x.shape[axis] != 1]
    if moved == sorted(moved):  # only axes of size 1 change their places
        return builder.reshaped(x, shape)
    if op_name(x) == "permute_dims":
        inner = [axis % x.ndim for axis in x._statics[0]]
        return builder.node(op, x._operands, (tuple(inner[axis] for axis in axes),))
    return None


def _product(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    x, y = operands
    if _is_identity(x) and y.ndim == 2:
        return y
    if _is_identity(y):
        return x
    if x.ndim > 2 and y.ndim == 2:  # one matrix for all: the rows of all of the batch in one product
        rows = builder.reshaped(x, (math.prod(x.shape[:-1]), x.shape[-1]))
        return builder.reshaped(builder.node(op, (rows, y)), shape)
    if x.ndim == 2 and y.ndim > 2 and y.shape[-1] == 1:  # one matrix for a batch of columns: they are rows
        rows = builder.reshaped(y, (math.prod(y.shape[:-2]), y.shape[-2]))
        return builder.reshaped(builder.node(op, (rows, builder.transposed(x))), shape)
    return gram(builder, x, y)


def _getitem(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    """All elements in their order are the tensor in another shape."""
    (x,) = operands
    return builder.reshaped(x, shape) if math.prod(shape) == x.size and _keeps_order(statics[-1]) else None


def _place(builder: Builder, op: Op, operands: Operands, statics: Statics, shape: Shape) -> Tensor | None:
    """Numbers that would be added to what varies are added before it is placed: no place is written twice."""
    shape, places = statics
    for i, k in itertools.permutations(range(len(operands)), 2):
        number, other, where, there = operands[i], operands[k], places[i], places[k]
        met = np.isin(where.indices, there.indices)
        if not is_constant(number) or is_constant(other) or other.shape != (len(there),) or not met.any():
            continue
        values = np.broadcast_to(number._array, where.indices.shape)  # type: ignore[arg-type]
        added = np.zeros(math.prod(shape), number.dtype)
        added[where.indices[met]] = values[met]
        terms = list(zip(operands, places, strict=True))
        terms[k] = _plus(builder, other, added[there.indices]), there
        rest = make(values[~met])
        same = builder.number(rest)
        rest = rest if same is None else make(np.asarray(same))
        terms[i : i + 1] = [(rest, Places(where.indices[~met]))] if not met.all() else []
        return builder.node(op, tuple(x for x, _ in terms), (shape, tuple(where for _, where in terms)))
    return None


def _plus(builder: Builder, x: Tensor, values: NDArray[Any]) -> Tensor:
    """The tensor plus constants, which join one that it has already."""
    if op_name(x) == "add":
        for constant, other in (x._operands, x._operands[::-1]):
            if is_constant(constant):
                return builder.call(elementwise.add, other, make(values + constant._array))
    return builder.call(elementwise.add, x, make(values))


def _keeps_order(key: Any) -> bool:
    items = key if isinstance(key, tuple) else (key,)
    return not any(isinstance(item, slice) and item.step is not None and item.step < 0 for item in items)


def _is_identity(x: Tensor) -> bool:
    if not is_constant(x) or x.ndim != 2 or x.shape[0] != x.shape[1]:
        return False
    return bool(np.array_equal(x._array, np.eye(x.shape[0])))  # type: ignore[arg-type]


RULES: dict[str, Rule] = {
    "broadcast_to": _broadcast_to,
    "reshape": _reshape,
    "permute_dims": _permute,
    "matrix_product": _product,
    "getitem": _getitem,
    "unindex": _getitem,
    "place": _place,
}
