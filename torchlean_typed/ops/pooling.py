"""Pooling: one value a window. A tap is one place of a window: what all windows have there is one strided slice."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops import arithmetic, convolution, derivatives, indexing, structure
from torchlean_typed.ops.op import composite, operation
from torchlean_typed.shapes import convolution as rules
from torchlean_typed.shapes import dtypes

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

    Sides = int | Sequence[int]

__all__ = ["avg_pool2d", "max_pool2d"]


def _pooled_shape(op: str, x: Any, size: Any, stride: Any, dilation: Any) -> Any:
    return (*x[:-2], *rules.windows_along(op, x, size, stride, ((0, 0),) * 2, dilation, []))


def _taps(x: Any, shape: Sequence[int], size: Any, stride: Any, dilation: Any) -> Iterator[Any]:
    """What windows that give ``shape`` have at each of their places, in row-major order: views of ``x``."""
    for tap in np.ndindex(*size):
        places = (
            slice(d * t, d * t + s * (n - 1) + 1, s)
            for t, s, d, n in zip(tap, stride, dilation, shape[-2:], strict=True)
        )
        yield x[(..., *places)]


def _flat(x: Tensor) -> Tensor:
    """An image as one axis."""
    return structure.reshape(x, (*x.shape[:-2], x.shape[-2] * x.shape[-1]))


@operation(
    lambda op, x, largest, *windows: (*largest[:-2], largest[-2] * largest[-1]),
    dtypes.index,
    differentiable=False,
    batch=derivatives.batch_elementwise,
    public=False,
)
def largest_places(
    x: Tensor, largest: Tensor, size: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> Tensor:
    """For each window the place in the flat image of the first element that is the largest."""
    array, best = np.asarray(x), np.asarray(largest)
    later, tap = np.ones(best.shape, np.bool_), np.zeros(best.shape, np.int16)
    for elements in list(_taps(array, best.shape, size, stride, dilation))[:-1]:
        later &= elements != best
        tap += later
    (rows, columns), width = best.shape[-2:], array.shape[-1]
    within = np.add.outer(np.arange(size[0]) * dilation[0] * width, np.arange(size[1]) * dilation[1])
    first = np.add.outer(np.arange(rows) * stride[0] * width, np.arange(columns) * stride[1])
    result = np.take(within, tap) + first
    return result.reshape(*best.shape[:-2], rows * columns)  # type: ignore[return-value, no-any-return]


def _tangent_of_max(t: Tensor, out: Tensor, x: Tensor, **windows: Any) -> Tensor:
    places = largest_places(x, out, **windows)
    return structure.reshape(indexing.gather_along(_flat(t), places, t.ndim - 2), out.shape)


def _cotangent_of_max(ct: Tensor, out: Tensor, x: Tensor, **windows: Any) -> Tensor:
    places = largest_places(x, out, **windows)
    return structure.reshape(indexing.scatter_along(_flat(ct), places, x.ndim - 2, math.prod(x.shape[-2:])), x.shape)


@operation(
    _pooled_shape,
    dtypes.numeric,
    jvp=(_tangent_of_max,),
    vjp=(_cotangent_of_max,),
    batch=derivatives.batch_elementwise,
    public=False,
)
def window_max(x: Tensor, size: Sequence[int], stride: Sequence[int], dilation: Sequence[int]) -> Tensor:
    """The largest of each window."""
    array = np.asarray(x)
    shape = _pooled_shape("window_max", array.shape, size, stride, dilation)
    first, *others = _taps(array, shape, size, stride, dilation)
    result = first.copy()
    for elements in others:
        np.maximum(result, elements, out=result)
    return result  # type: ignore[no-any-return]


@operation(
    _pooled_shape,
    dtypes.numeric,
    vjp=(lambda ct, out, x, size, stride, dilation: spread(ct, x.shape[-2:], size, stride, dilation),),
    batch=derivatives.batch_elementwise,
    public=False,
)
def window_sum(x: Tensor, size: Sequence[int], stride: Sequence[int], dilation: Sequence[int]) -> Tensor:
    """The sum of each window."""
    array = np.asarray(x)
    shape = _pooled_shape("window_sum", array.shape, size, stride, dilation)
    first, *others = _taps(array, shape, size, stride, dilation)
    result = first.copy()
    for elements in others:
        result += elements
    return result  # type: ignore[no-any-return]


@operation(
    lambda op, x, image, *windows: (*x[:-2], *image),
    dtypes.numeric,
    vjp=(lambda ct, out, x, image, size, stride, dilation: window_sum(ct, size, stride, dilation),),
    batch=derivatives.batch_elementwise,
    public=False,
)
def spread(
    x: Tensor, image: Sequence[int], size: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> Tensor:
    """Each value added at all places of its window: what ``window_sum`` is transposed to."""
    values = np.asarray(x)
    result = np.zeros((*values.shape[:-2], *image), values.dtype)
    for elements in _taps(result, values.shape, size, stride, dilation):
        elements += values
    return result  # type: ignore[return-value]


def _sizes(kernel: Sides, stride: Sides | None, padding: Sides, dilation: Sides) -> list[Any]:
    given = (kernel, kernel if stride is None else stride, padding, dilation)
    size, steps, edges, gaps = (rules.sides("pool", side, 2, "size", 0) for side in given)
    return [size, steps, tuple(zip(edges, edges, strict=True)), gaps]


@composite(rules.pool2d, dtypes.numeric)
def max_pool2d(
    x: Tensor, kernel: Sides, stride: Sides | None = None, padding: Sides = 0, dilation: Sides = 1
) -> Tensor:
    """The largest value of each window; of values that tie the first, in row-major order, has the derivative.

    The stride is the kernel where it is not given. Padding is the largest only where a window has nothing else.

    Shapes: ``*b h w -> *b (h+2*padding-dilation*(k-1)-1)//stride+1 ...``.

    >>> tl.max_pool2d(tl.tensor([[1.0, 2.0], [4.0, 3.0]]), 2)
    Tensor([[4.]], float64[1, 1])
    """
    lowest = -math.inf if x.dtype.kind == "f" else int(np.iinfo(x.dtype).min)
    size, steps, edges, gaps = _sizes(kernel, stride, padding, dilation)
    return window_max(convolution.padded(x, edges, lowest), size, steps, gaps)


@composite(rules.pool2d, dtypes.floating)
def avg_pool2d(x: Tensor, kernel: Sides, stride: Sides | None = None, padding: Sides = 0) -> Tensor:
    """The mean of each window; padding counts as zeros.

    The stride is the kernel where it is not given.

    Shapes: ``*b h w -> *b (h+2*padding-k)//stride+1 (w+2*padding-k)//stride+1``.

    >>> tl.avg_pool2d(tl.tensor([[1.0, 2.0], [4.0, 3.0]]), 2)
    Tensor([[2.5]], float64[1, 1])
    """
    size, steps, edges, gaps = _sizes(kernel, stride, padding, 1)
    return arithmetic.divide(window_sum(convolution.padded(x, edges), size, steps, gaps), float(math.prod(size)))
