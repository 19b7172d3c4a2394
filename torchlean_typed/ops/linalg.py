"""Linear algebra."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops import derivatives, structure
from torchlean_typed.ops.op import composite, operation
from torchlean_typed.shapes import dtypes, rules

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor


def _left_cotangent(ct: Tensor, out: Tensor, x: Tensor, y: Tensor) -> Tensor:
    return derivatives.unbroadcast(matrix_product(ct, structure.matrix_transpose(y)), x.shape)


def _right_cotangent(ct: Tensor, out: Tensor, x: Tensor, y: Tensor) -> Tensor:
    if y.ndim == 2 and x.ndim > 2:  # one matrix for all rows: contract the leading axes in one product
        count = math.prod(x.shape[:-1])
        rows, ct = structure.reshape(x, (count, x.shape[-1])), structure.reshape(ct, (count, ct.shape[-1]))
        return matrix_product(structure.matrix_transpose(rows), ct)
    return derivatives.unbroadcast(matrix_product(structure.matrix_transpose(x), ct), y.shape)


def batch_product(op: Any, operands: Any, batched: Any, size: int, statics: Any) -> Tensor:
    """Two stacks of matrices, or a stack and a plain matrix."""
    ranks = [x.ndim - is_batched for x, is_batched in zip(operands, batched, strict=True)]
    if all(batched) or max(ranks) > 2:
        # a plain matrix goes with any leading axes; everything else is lined up
        keep = [not is_batched and rank == 2 for rank, is_batched in zip(ranks, batched, strict=True)]
        lined = derivatives.aligned(operands, batched)
        operands = [x if kept else new for x, new, kept in zip(operands, lined, keep, strict=True)]
    return op(*operands, **statics)


@operation(
    rules.matmul,
    dtypes.numeric,
    vjp=(_left_cotangent, _right_cotangent),
    batch=batch_product,
    public=False,
)
def matrix_product(x: Tensor, y: Tensor) -> Tensor:
    """``matmul`` of operands that have two axes at least."""
    return np.matmul(x, y)


@composite(rules.matmul, dtypes.numeric)
def matmul(x: Tensor, y: Tensor) -> Tensor:
    """Matrix product ``x @ y`` over the last two axes; a vector counts as a row (left) or a column (right).

    Shapes: ``*b n k, *b k m -> *b n m``; one of the two may be a plain matrix for all of the other's leading axes.

    >>> tl.matmul(tl.tensor([[1.0, 2.0]]), tl.tensor([3.0, 4.0]))
    Tensor([11.], float64[1])
    """
    if x.ndim > 1 and y.ndim > 1:
        return matrix_product(x, y)
    rows = x if x.ndim > 1 else structure.expand_dims(x, 0)
    columns = y if y.ndim > 1 else structure.expand_dims(y, 1)
    product = matrix_product(rows, columns)
    dropped = ((-2,) if x.ndim == 1 else ()) + ((-1,) if y.ndim == 1 else ())
    return structure.squeeze(product, dropped)
