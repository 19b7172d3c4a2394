"""Pooling: one value a window."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from torchlean_typed.ops import convolution, indexing, reduce, statistics, structure
from torchlean_typed.ops.op import composite
from torchlean_typed.shapes import convolution as rules
from torchlean_typed.shapes import dtypes

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor

    Sides = int | Sequence[int]

__all__ = ["avg_pool2d", "max_pool2d"]


def _windows(x: Tensor, kernel: Sides, stride: Sides | None, padding: Sides, value: float) -> Tensor:
    """``*b k i j``: the k elements of each window."""
    sides = [
        rules.sides("pool", side, 2, "size", 0) for side in (kernel, kernel if stride is None else stride, padding)
    ]
    size, steps, edges = sides
    found = convolution.windows(convolution.padded(x, edges, value), size, steps, (1, 1))  # type: ignore[arg-type]
    return structure.reshape(found, (*x.shape[:-2], math.prod(size), *found.shape[-2:]))  # type: ignore[arg-type]


@composite(rules.pool2d, dtypes.numeric)
def max_pool2d(x: Tensor, kernel: Sides, stride: Sides | None = None, padding: Sides = 0) -> Tensor:
    """The largest value of each window; of values that tie the first, in row-major order, has the derivative.

    The stride is the kernel where it is not given. Padding is never the largest.

    Shapes: ``*b h w -> *b (h+2*padding-k)//stride+1 (w+2*padding-k)//stride+1``.

    >>> tl.max_pool2d(tl.tensor([[1.0, 2.0], [4.0, 3.0]]), 2)
    Tensor([[4.]], float64[1, 1])
    """
    lowest = -math.inf if x.dtype.kind == "f" else int(np.iinfo(x.dtype).min)
    found = _windows(x, kernel, stride, padding, lowest)
    best = statistics.argmax(found, -3, True)
    return structure.squeeze(indexing.take_along_axis(found, best, -3), -3)


@composite(rules.pool2d, dtypes.floating)
def avg_pool2d(x: Tensor, kernel: Sides, stride: Sides | None = None, padding: Sides = 0) -> Tensor:
    """The mean of each window; padding counts as zeros.

    The stride is the kernel where it is not given.

    Shapes: ``*b h w -> *b (h+2*padding-k)//stride+1 (w+2*padding-k)//stride+1``.

    >>> tl.avg_pool2d(tl.tensor([[1.0, 2.0], [4.0, 3.0]]), 2)
    Tensor([[2.5]], float64[1, 1])
    """
    return reduce.mean(_windows(x, kernel, stride, padding, 0), -3)
