"""Reductions: one or several axes (None: all) become one value; ``keepdims`` keeps them with size 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops import derivatives, exponential, structure
from torchlean_typed.ops.op import composite, operation
from torchlean_typed.shapes import dtypes, rules

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

    Axis = int | Sequence[int] | None


def _kept_shape(x: Tensor, axis: Axis) -> tuple[int, ...]:
    return rules.reduction("reduction", x.shape, axis, True) if axis is not None else (1,) * x.ndim


def _kept(value: Tensor, x: Tensor, axis: Axis) -> Tensor:
    """A reduced value with the reduced axes put back, of size 1."""
    return structure.reshape(value, _kept_shape(x, axis))


def _spread(value: Tensor, x: Tensor, axis: Axis) -> Tensor:
    """A reduced value in the shape of what was reduced."""
    return structure.broadcast_to(_kept(value, x, axis), x.shape)


@operation(
    rules.reduction,
    dtypes.numeric,
    vjp=(lambda ct, out, x, axis, keepdims: _spread(ct, x, axis),),
    batch=lambda *args: derivatives.batch_axes(*args),
)
def sum(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Sum over axes.

    Shapes: ``*s -> *s`` without ``axis``.

    >>> tl.sum(tl.ones((2, 3)), axis=0)
    Tensor([2., 2., 2.], float64[3])
    """
    return np.add.reduce(x, axis, x.dtype, None, keepdims)


@composite(rules.nonempty_reduction, dtypes.floating)
def mean(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Arithmetic mean over axes, which are not empty.

    Shapes: ``*s -> *s`` without ``axis``.

    >>> tl.mean(tl.tensor([[1.0, 3.0], [5.0, 7.0]]), axis=1)
    Tensor([2., 6.], float64[2])
    """
    total = sum(x, axis, keepdims)
    return total / (x.size / total.size if total.size else 1.0)


def _extremes(x: Tensor, out: Tensor, axis: Axis) -> Tensor:
    """The share that each element has in the extreme value: 1 for the one that is it, equal shares at a tie."""
    hits = (x == _kept(out, x, axis)).astype(x.dtype)
    return hits / sum(hits, axis, True) if axis is not None else hits / sum(hits)


_extreme_pieces: dict[str, Any] = {
    "jvp": (lambda t, out, x, axis, keepdims: sum(t * _extremes(x, out, axis), axis, keepdims),),
    "vjp": (lambda ct, out, x, axis, keepdims: _kept(ct, x, axis) * _extremes(x, out, axis),),
    "batch": lambda *args: derivatives.batch_axes(*args),
}


@operation(rules.nonempty_reduction, dtypes.numeric, **_extreme_pieces)
def max(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Largest value over axes, which are not empty; elements that tie share the derivative equally.

    Shapes: ``*s -> *s`` without ``axis``.

    >>> tl.max(tl.tensor([[1.0, 3.0], [5.0, 2.0]]), axis=0)
    Tensor([5., 3.], float64[2])
    """
    return np.max(x, axis=axis, keepdims=keepdims)


@operation(rules.nonempty_reduction, dtypes.numeric, **_extreme_pieces)
def min(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Smallest value over axes, which are not empty; elements that tie share the derivative equally.

    Shapes: ``*s -> *s`` without ``axis``.

    >>> tl.min(tl.tensor([[1.0, 3.0], [5.0, 2.0]]), axis=0)
    Tensor([1., 2.], float64[2])
    """
    return np.min(x, axis=axis, keepdims=keepdims)


def _weights(x: Tensor, out: Tensor, axis: Axis) -> Tensor:
    """The softmax that is the derivative of logsumexp."""
    return exponential.exp(x - _kept(out, x, axis))


@operation(
    rules.nonempty_reduction,
    dtypes.floating,
    jvp=(lambda t, out, x, axis, keepdims: sum(t * _weights(x, out, axis), axis, keepdims),),
    vjp=(lambda ct, out, x, axis, keepdims: _kept(ct, x, axis) * _weights(x, out, axis),),
    batch=lambda *args: derivatives.batch_axes(*args),
)
def logsumexp(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """``log(sum(exp(x)))`` over axes, without overflow.

    Shapes: ``*s -> *s`` without ``axis``.

    >>> tl.logsumexp(tl.tensor([1000.0, 1000.0]))
    Tensor(1000.69314718, float64[])
    """
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    with np.errstate(divide="ignore"):
        total = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return total if keepdims else np.squeeze(total, axis=axis)
