"""Axes moved, turned, cut and padded, and triangles of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops import arithmetic, derivatives, structure
from torchlean_typed.ops.op import Evaluator, composite, operation
from torchlean_typed.shapes import dtypes
from torchlean_typed.shapes import rearrangement as rules
from torchlean_typed.shapes.vocabulary import axis_position, axis_positions

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

    Axes = int | Sequence[int] | None

__all__ = ["flip", "moveaxis", "pad", "roll", "split", "tril", "triu"]


@composite(rules.moveaxis)
def moveaxis(x: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """Axes moved to other places; the others keep their order.

    Shapes: ``*s -> *s`` permuted.

    >>> tl.moveaxis(tl.zeros((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    return structure.permute_dims(x, rules.moved_axes("moveaxis", x.shape, source, destination))


def part(x: Tensor, axis: int, items: slice) -> Tensor:
    """A slice along one axis."""
    return structure.getitem(x, (*(slice(None),) * axis, items))


@composite(rules.split)
def split(x: Tensor, indices_or_sections: int | Sequence[int], axis: int = 0) -> tuple[Tensor, ...]:
    """Cut along an axis: into a number of equal parts, or before each of the indices.

    Shapes: ``*a n *b -> *a n//k *b, ...``, k parts; or ``*a i *b, *a j-i *b, *a n-j *b`` for the indices i, j.

    Raises:
        ShapeError: where the axis has no such number of equal parts, or an index lies outside of it.

    >>> first, second = tl.split(tl.arange(5), [2])
    >>> second
    Tensor([2, 3, 4], int64[3])
    """
    position = axis_position(x.shape, axis, "split")
    parts: Any = rules.split("split", x.shape, indices_or_sections, axis)
    sizes = [shape[position] for shape in parts]
    ends = np.cumsum(sizes).tolist()
    return tuple(part(x, position, slice(end - size, end)) for end, size in zip(ends, sizes, strict=True))


@composite(rules.flip)
def flip(x: Tensor, axis: Axes = None) -> Tensor:
    """The elements in reverse order along axes (None: all).

    Shapes: ``*s -> *s``.

    >>> tl.flip(tl.arange(3))
    Tensor([2, 1, 0], int64[3])
    """
    turned = axis_positions(x.shape, axis, "flip")
    return structure.getitem(x, tuple(slice(None, None, -1 if i in turned else None) for i in range(x.ndim)))


@composite(rules.roll)
def roll(x: Tensor, shift: int | Sequence[int], axis: Axes = None) -> Tensor:
    """The elements shifted along axes, those that leave at the end entering at the start; None: in row-major order.

    Shapes: ``*s -> *s``.

    >>> tl.roll(tl.arange(4), 1)
    Tensor([3, 0, 1, 2], int64[4])
    """
    if axis is None:
        return structure.reshape(roll(structure.flatten(x), shift, 0), x.shape)
    positions = axis_positions(x.shape, axis, "roll")
    shifts = shift if isinstance(shift, Sequence) else (shift,) * len(positions)
    for position, places in zip(positions, shifts, strict=True):
        cut = -places % max(x.shape[position], 1)
        if cut:
            x = structure.concat([part(x, position, slice(cut, None)), part(x, position, slice(None, cut))], position)
    return x


@composite(rules.pad, dtypes.padded)
def pad(x: Tensor, pad_width: int | Sequence[int] | Sequence[Sequence[int]], constant_values: float = 0) -> Tensor:
    """``x`` with a border of one value: so many before and after each axis, from one number, a pair or a pair an axis.

    Shapes: ``n m -> p+n+q r+m+s`` for the widths ``((p, q), (r, s))``.

    >>> tl.pad(tl.ones(2), (1, 2))
    Tensor([0., 1., 1., 0., 0.], float64[5])
    """
    widths = rules.pad_widths("pad", x.shape, pad_width)
    key = tuple(slice(before, before + size) for (before, _), size in zip(widths, x.shape, strict=True))
    shape: Any = rules.pad("pad", x.shape, pad_width)
    result = structure.unindex(x, shape, key)
    if constant_values:
        border = np.full(shape, constant_values, x.dtype)
        border[key] = 0
        result = arithmetic.add(result, Evaluator.constant(border))
    return result


def _lower(ct: Tensor, out: Tensor, x: Tensor, k: int) -> Tensor:
    return tril(ct, k)


def _upper(ct: Tensor, out: Tensor, x: Tensor, k: int) -> Tensor:
    return triu(ct, k)


@operation(rules.triangle, vjp=(_lower,), batch=derivatives.batch_elementwise, moves=True)
def tril(x: Tensor, k: int = 0) -> Tensor:
    """The lower triangle of matrices, zeros above the k-th diagonal.

    Shapes: ``*b n m -> *b n m``.

    >>> tl.tril(tl.ones((2, 2)))
    Tensor([[1., 0.],
            [1., 1.]], float64[2, 2])
    """
    return np.tril(x, k)  # type: ignore[return-value]


@operation(rules.triangle, vjp=(_upper,), batch=derivatives.batch_elementwise, moves=True)
def triu(x: Tensor, k: int = 0) -> Tensor:
    """The upper triangle of matrices, zeros below the k-th diagonal.

    Shapes: ``*b n m -> *b n m``.

    >>> tl.triu(tl.ones((2, 2)))
    Tensor([[1., 1.],
            [0., 1.]], float64[2, 2])
    """
    return np.triu(x, k)  # type: ignore[return-value]
