"""Convolutions: the windows of an image as columns, then one matrix product."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from torchlean_typed.ops import arithmetic, derivatives, linalg, structure
from torchlean_typed.ops.op import composite, operation
from torchlean_typed.ops.rearrangement import pad
from torchlean_typed.shapes import convolution as rules
from torchlean_typed.shapes import dtypes

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

    Sides = int | Sequence[int]
    Padding = int | Sequence[int] | Literal["same", "valid"]

__all__ = ["conv1d", "conv2d", "conv_transpose2d"]


def _windows_shape(op: str, x: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    none = ((0, 0),) * len(kernel)
    return (*x[: -len(kernel)], *kernel, *rules.windows_along(op, x, kernel, stride, none, dilation, []))


def _overlapped(ct: Tensor, out: Tensor, x: Tensor, kernel: Any, stride: Any, dilation: Any) -> Tensor:
    return overlap(ct, x.shape[-len(kernel) :], stride, dilation)


@operation(
    _windows_shape,
    vjp=(_overlapped,),
    batch=derivatives.batch_elementwise,
    public=False,
)
def windows(x: Tensor, kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]) -> Tensor:
    """Every window of the last axes: ``*b h w -> *b k l i j``, a window's own axes before those that count them."""
    array, count = np.asarray(x), len(kernel)
    lead, last = array.strides[:-count], array.strides[-count:]
    shape = _windows_shape("windows", array.shape, kernel, stride, dilation)
    inside = (d * step for d, step in zip(dilation, last, strict=True))
    across = (s * step for s, step in zip(stride, last, strict=True))
    view = np.lib.stride_tricks.as_strided(array, shape, (*lead, *inside, *across), writeable=False)
    return np.ascontiguousarray(view)  # type: ignore[return-value]


def _overlap_shape(op: str, x: Any, size: Any, stride: Any, dilation: Any) -> Any:
    return (*x[: -2 * len(size)], *size)


@operation(
    _overlap_shape,
    dtypes.numeric,
    vjp=(lambda ct, out, x, size, stride, dilation: windows(ct, _taps(x.shape, size), stride, dilation),),
    batch=derivatives.batch_elementwise,
    public=False,
)
def overlap(x: Tensor, size: Sequence[int], stride: Sequence[int], dilation: Sequence[int]) -> Tensor:
    """Windows put back in their places, summed where they overlap: what ``windows`` is transposed to."""
    array, count = np.asarray(x), len(size)
    result = np.zeros(_overlap_shape("overlap", array.shape, size, stride, dilation), array.dtype)
    for tap in np.ndindex(*_taps(array.shape, size)):
        places: Any = (
            slice(d * t, d * t + s * (n - 1) + 1, s)
            for t, s, d, n in zip(tap, stride, dilation, array.shape[-count:], strict=True)
        )
        result[(..., *places)] += array[(..., *tap, *(slice(None),) * count)]
    return result  # type: ignore[return-value]


def _taps(shape: Sequence[int], size: Sequence[int]) -> tuple[int, ...]:
    return tuple(shape[-2 * len(size) : -len(size)])


def padded(x: Tensor, border: Any, value: float = 0) -> Tensor:
    """The last axes with borders of these widths, before and after."""
    widths = ((0, 0),) * (x.ndim - len(border)) + tuple(border)
    return pad(x, widths, value) if any(map(any, widths)) else x


def _convolved(
    x: Tensor, weight: Tensor, bias: Tensor | None, stride: Sides, padding: Padding, dilation: Sides, groups: int
) -> Tensor:
    count = weight.ndim - 2
    steps, gaps = _each(stride, count), _each(dilation, count)
    edges = rules.borders("conv", padding, weight.shape[2:], steps, gaps)
    columns = windows(padded(x, edges), weight.shape[2:], steps, gaps)
    lead, places = x.shape[: -count - 1], columns.shape[-count:]
    channels, depth = weight.shape[0], math.prod(weight.shape[1:])
    product = linalg.matrix_product(
        _grouped(weight, groups, len(lead), (channels // groups, depth)),
        structure.reshape(columns, (*lead, *_axis(groups), depth, math.prod(places))),
    )
    return _shifted(structure.reshape(product, (*lead, channels, *places)), bias, count)


def _each(value: Sides, count: int) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, Sequence) else (value,) * count


def _axis(groups: int) -> tuple[int, ...]:
    return () if groups == 1 else (groups,)


def _grouped(weight: Tensor, groups: int, lead: int, shape: tuple[int, int]) -> Tensor:
    """The weight as one matrix, or as one a group beside ``lead`` axes of size 1."""
    return structure.reshape(weight, shape if groups == 1 else (*(1,) * lead, groups, *shape))


def _shifted(x: Tensor, bias: Tensor | None, count: int) -> Tensor:
    if bias is None:
        return x
    return arithmetic.add(x, structure.reshape(bias, (*(1,) * (x.ndim - count - 1), bias.shape[0], *(1,) * count)))


@composite(rules.conv1d, dtypes.floating)
def conv1d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sides = 1,
    padding: Padding = 0,
    dilation: Sides = 1,
    groups: int = 1,
) -> Tensor:
    """Cross-correlation of signals with a weight, over any leading axes; padding counts as zeros.

    With ``padding="same"`` the result is as long as the signal, ``"valid"`` is none.

    Shapes: ``*b c n, d c//groups k, d -> *b d (n+2*padding-dilation*(k-1)-1)//stride+1``.

    >>> tl.conv1d(tl.tensor([[1.0, 2.0, 4.0]]), tl.tensor([[[-1.0, 1.0]]]))
    Tensor([[1., 2.]], float64[1, 2])
    """
    return _convolved(x, weight, bias, stride, padding, dilation, groups)


@composite(rules.conv2d, dtypes.floating)
def conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sides = 1,
    padding: Padding = 0,
    dilation: Sides = 1,
    groups: int = 1,
) -> Tensor:
    """Cross-correlation of images with a weight, over any leading axes; padding counts as zeros.

    A stride, padding or dilation is one size or a pair, for the height and the width. With ``padding="same"`` the
    result is as large as the image, ``"valid"`` is none.

    Shapes: ``*b c h w, d c//groups k l, d -> *b d (h+2*padding-dilation*(k-1)-1)//stride+1 ...``.

    >>> tl.conv2d(tl.ones((1, 3, 3)), tl.ones((1, 1, 2, 2)), stride=1)
    Tensor([[[4., 4.],
             [4., 4.]]], float64[1, 2, 2])
    """
    return _convolved(x, weight, bias, stride, padding, dilation, groups)


@composite(rules.conv_transpose2d, dtypes.floating)
def conv_transpose2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sides = 1,
    padding: Sides = 0,
    output_padding: Sides = 0,
    groups: int = 1,
    dilation: Sides = 1,
) -> Tensor:
    """What ``conv2d`` with this weight is transposed to: every element spreads over a window.

    Shapes: ``*b c h w, c d//groups k l, d -> *b d (h-1)*stride-2*padding+dilation*(k-1)+output_padding+1 ...``.

    >>> tl.conv_transpose2d(tl.ones((1, 1, 2)), tl.ones((1, 1, 1, 2)))
    Tensor([[[1., 2., 1.]]], float64[1, 1, 3])
    """
    steps, edges, extras, gaps = (_each(value, 2) for value in (stride, padding, output_padding, dilation))
    lead, places = x.shape[:-3], x.shape[-2:]
    channels, kernel = weight.shape[0], weight.shape[2:]
    out, depth = weight.shape[1] * groups, math.prod(weight.shape[1:])
    product = linalg.matrix_product(
        structure.matrix_transpose(_grouped(weight, groups, len(lead), (channels // groups, depth))),
        structure.reshape(x, (*lead, *_axis(groups), channels // groups, math.prod(places))),
    )
    spread = structure.reshape(product, (*lead, out, *kernel, *places))
    sizes = [(n - 1) * s + d * (k - 1) + 1 for n, s, d, k in zip(places, steps, gaps, kernel, strict=True)]
    full = padded(overlap(spread, sizes, steps, gaps), tuple((0, e) for e in extras))
    inner = (slice(p, size + e - p) for p, size, e in zip(edges, sizes, extras, strict=True))
    return _shifted(structure.getitem(full, (..., *inner)) if any(edges) else full, bias, 2)
