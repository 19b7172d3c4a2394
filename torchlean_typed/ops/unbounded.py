"""Partial derivatives that may be infinite or NaN, where nothing may come of it: ``where(x > 0, 1 / x, 0)`` at 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from torchlean_typed.ops.derivatives import batch_elementwise, stretched, unbroadcast
from torchlean_typed.ops.op import operation
from torchlean_typed.shapes import dtypes, rules

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor


def unbounded(factor: Tensor) -> Callable[[Tensor], Tensor]:
    """A partial derivative that need not be finite: a tangent or cotangent of 0 stays 0."""
    return lambda t: scaled(t, factor)


@operation(
    rules.elementwise,
    dtypes.numeric,
    jvp=(
        lambda t, out, x, factor: stretched(scaled(t, factor), out),
        lambda t, out, x, factor: stretched(scaled(x, t), out),
    ),
    vjp=(
        lambda ct, out, x, factor: unbroadcast(scaled(ct, factor), x.shape),
        lambda ct, out, x, factor: unbroadcast(scaled(x, ct), factor.shape),
    ),
    batch=batch_elementwise,
    public=False,
)
def scaled(x: Tensor, factor: Tensor) -> Tensor:
    """``x * factor``, and 0 where ``x`` is, whatever the factor is there."""
    with np.errstate(invalid="ignore"):
        product = np.multiply(x, factor)
        if np.isnan(np.sum(product)):
            return np.where(np.equal(x, 0), product.dtype.type(0), product)
    return product
