"""Choosing between values, element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from torchlean_typed.ops.derivatives import batch_elementwise, stretched, unbroadcast
from torchlean_typed.ops.op import operation
from torchlean_typed.shapes import dtypes, rules

if TYPE_CHECKING:
    from torchlean_typed.ops.op import Operand
    from torchlean_typed.tensor import Tensor

__all__ = ["maximum", "minimum", "clip", "where"]


def _share(out: Tensor, mine: Tensor, other: Tensor) -> Tensor:
    """1 where this operand is the result, one half at a tie, 0 elsewhere."""
    wins, ties = (out == mine).astype(out.dtype), (mine == other).astype(out.dtype)
    return wins - 0.5 * ties


@operation(
    rules.elementwise,
    dtypes.numeric,
    partials=(lambda out, x, y: _share(out, x, y), lambda out, x, y: _share(out, y, x)),
)
def maximum(x: Operand, y: Operand) -> Tensor:
    """The larger of two; at a tie each has one half of the derivative.

    Shapes: ``*s, *s -> *s``.

    >>> tl.maximum(tl.tensor([1.0, 5.0]), 3.0)
    Tensor([3., 5.], float64[2])
    """
    return np.maximum(x, y)


@operation(
    rules.elementwise,
    dtypes.numeric,
    partials=(lambda out, x, y: _share(out, x, y), lambda out, x, y: _share(out, y, x)),
)
def minimum(x: Operand, y: Operand) -> Tensor:
    """The smaller of two; at a tie each has one half of the derivative.

    Shapes: ``*s, *s -> *s``.

    >>> tl.minimum(tl.tensor([1.0, 5.0]), 3.0)
    Tensor([1., 3.], float64[2])
    """
    return np.minimum(x, y)


def _clip_partial(out: Tensor, x: Tensor, min: float | None, max: float | None) -> Tensor:
    inside = x == x
    if min is not None:
        inside = inside & (x > min)
    if max is not None:
        inside = inside & (x < max)
    return inside.astype(x.dtype)


@operation(rules.unchanged, dtypes.bounded, partials=(_clip_partial,))
def clip(x: Operand, min: float | None = None, max: float | None = None) -> Tensor:
    """``x`` held between two numbers; the derivative is 0 at and outside both.

    Shapes: ``*s -> *s``.

    >>> tl.clip(tl.tensor([-1.0, 0.5, 2.0]), 0.0, 1.0)
    Tensor([0. , 0.5, 1. ], float64[3])
    """
    return x if min is None and max is None else np.clip(x, min, max)


@operation(
    rules.where,
    dtypes.selection,
    jvp=(
        None,
        lambda t, out, c, x, y: stretched(where(c, t, 0.0), out),
        lambda t, out, c, x, y: stretched(where(c, 0.0, t), out),
    ),
    vjp=(
        None,
        lambda ct, out, c, x, y: unbroadcast(where(c, ct, 0.0), x.shape),
        lambda ct, out, c, x, y: unbroadcast(where(c, 0.0, ct), y.shape),
    ),
    batch=batch_elementwise,
)
def where(condition: Tensor, x: Operand, y: Operand) -> Tensor:
    """``x`` where the condition holds, else ``y``; what is not chosen gets the derivative 0, even where it is infinite.

    Shapes: ``*s, *s, *s -> *s``.

    >>> tl.where(tl.tensor([1.0, -1.0]) > 0, 1.0, 0.0)
    Tensor([1., 0.], float64[2])
    """
    return np.where(condition, x, y)
