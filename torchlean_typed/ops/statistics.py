"""Products, spreads, places of extremes and running sums along axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops import arithmetic, creation, derivatives, rearrangement, reduce, structure
from torchlean_typed.ops.op import composite, operation
from torchlean_typed.shapes import dtypes, gathering, rules
from torchlean_typed.shapes.errors import DomainError
from torchlean_typed.shapes.vocabulary import axis_positions

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

    Axis = int | Sequence[int] | None

__all__ = ["argmax", "argmin", "cumulative_sum", "prod", "std", "var"]


@composite(rules.reduction, dtypes.numeric)
def prod(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Product over axes, of halves until one is left: its derivatives, of any order, are right where elements are 0.

    Shapes: ``*s -> *s`` without ``axis``.

    >>> tl.prod(tl.tensor([[1.0, 2.0], [3.0, 4.0]]), axis=1)
    Tensor([ 2., 12.], float64[2])
    """
    reduced = axis_positions(x.shape, axis, "prod")
    kept = tuple(i for i in range(x.ndim) if i not in reduced)
    lead, count = tuple(x.shape[i] for i in kept), math.prod(x.shape[i] for i in reduced)
    y = structure.reshape(structure.permute_dims(x, (*kept, *reduced)), (*lead, count))
    while count > 1:
        half = count // 2
        first, second, rest = rearrangement.split(y, (half, 2 * half), -1)
        y = arithmetic.multiply(first, second)
        if count % 2:
            y = structure.concat([y, rest], -1)
        count -= half
    shape = rules.reduction("prod", x.shape, axis, keepdims)
    return structure.reshape(y, shape) if count else creation.ones(shape, x.dtype)  # type: ignore[arg-type]


@composite(rules.spread, dtypes.floating)
def var(x: Tensor, axis: Axis = None, correction: float = 0.0, keepdims: bool = False) -> Tensor:
    """Variance over axes: the squares of what is left without the mean, summed and divided by ``n - correction``.

    Shapes: ``*s -> *s`` without ``axis``.

    Raises:
        DomainError: where the axes have no more elements than the correction.

    >>> tl.var(tl.tensor([1.0, 2.0, 3.0, 4.0])), tl.var(tl.tensor([1.0, 2.0, 3.0]), correction=1.0)
    (Tensor(1.25, float64[]), Tensor(1., float64[]))
    """
    return _variance("var", x, axis, correction, keepdims)


def _variance(op: str, x: Tensor, axis: Axis, correction: float, keepdims: bool) -> Tensor:
    count = math.prod(x.shape[i] for i in axis_positions(x.shape, axis, op))
    if count <= correction:
        raise DomainError(f"{op}: needs more than {correction} elements, the correction, got {count}")
    squares = arithmetic.square(x - reduce.mean(x, axis, True))
    return reduce.sum(squares, axis, keepdims) / (count - correction)


@composite(rules.spread, dtypes.floating)
def std(x: Tensor, axis: Axis = None, correction: float = 0.0, keepdims: bool = False) -> Tensor:
    """Standard deviation over axes, the root of ``var``; where it is 0 its derivative is taken as 0.

    Shapes: ``*s -> *s`` without ``axis``.

    Raises:
        DomainError: where the axes have no more elements than the correction.

    >>> tl.std(tl.tensor([1.0, 3.0]))
    Tensor(1., float64[])
    """
    return arithmetic.sqrt(_variance("std", x, axis, correction, keepdims))


def _batch_index(op: Any, operands: Any, batched: Any, size: int, statics: Any) -> Tensor:
    if statics["axis"] is not None:
        return derivatives.batch_axes(op, operands, batched, size, statics)
    (x,) = operands
    result = op(structure.reshape(x, (size, math.prod(x.shape[1:]))), 1)
    return structure.reshape(result, (size, *(1,) * (x.ndim - 1))) if statics["keepdims"] else result


@operation(gathering.index_reduction, dtypes.index, differentiable=False, batch=_batch_index)
def argmax(x: Tensor, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Index of the largest value along an axis (None: of all, in row-major order), the first of several.

    Shapes: ``*s -> *s`` without ``axis``, of dtype int64.

    >>> tl.argmax(tl.tensor([1.0, 5.0, 5.0]))
    Tensor(1, int64[])
    """
    return np.argmax(x, axis, keepdims=keepdims)  # type: ignore[no-any-return]


@operation(gathering.index_reduction, dtypes.index, differentiable=False, batch=_batch_index)
def argmin(x: Tensor, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Index of the smallest value along an axis (None: of all, in row-major order), the first of several.

    Shapes: ``*s -> *s`` without ``axis``, of dtype int64.

    >>> tl.argmin(tl.tensor([[3.0, 1.0], [0.0, 2.0]]), axis=1)
    Tensor([1, 0], int64[2])
    """
    return np.argmin(x, axis, keepdims=keepdims)  # type: ignore[no-any-return]


def _running_sum_cotangent(ct: Tensor, out: Tensor, x: Tensor, axis: int) -> Tensor:
    return rearrangement.flip(running_sum(rearrangement.flip(ct, axis), axis), axis)


@operation(
    rules.along_axis,
    dtypes.numeric,
    vjp=(_running_sum_cotangent,),
    batch=derivatives.batch_axes,
    public=False,
)
def running_sum(x: Tensor, axis: int) -> Tensor:
    """``cumulative_sum`` without the initial value."""
    return np.cumsum(x, axis, dtype=np.asarray(x).dtype)  # type: ignore[return-value]


@composite(gathering.cumulative, dtypes.numeric)
def cumulative_sum(x: Tensor, axis: int | None = None, include_initial: bool = False) -> Tensor:
    """Sums of an element and those before it along an axis, which a vector may leave out; maybe with 0 at the start.

    Shapes: ``*a n *b -> *a n *b``, or ``*a n+1 *b`` with the initial value.

    >>> tl.cumulative_sum(tl.tensor([1.0, 2.0, 3.0]))
    Tensor([1., 3., 6.], float64[3])
    """
    position = gathering.the_axis("cumulative_sum", x.shape, axis)
    result = running_sum(x, position)
    if not include_initial:
        return result
    start = creation.zeros((*x.shape[:position], 1, *x.shape[position + 1 :]), x.dtype)
    return structure.concat([start, result], position)
