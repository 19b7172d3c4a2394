"""Partial derivatives that may be infinite or NaN, where nothing may come of it: ``where(x > 0, 1 / x, 0)`` at 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from torchlean_typed.ops.derivatives import batch_elementwise, stretched, unbroadcast
from torchlean_typed.ops.op import operation
from torchlean_typed.shapes import dtypes, rules

if TYPE_CHECKING:
    from torchlean_typed.tensor import Tensor


def scale(x: Any, factor: Any, out: Any = None) -> Any:
    """``x * factor`` of arrays, and 0 where ``x`` is, into ``out``, which is neither of the two."""
    with np.errstate(invalid="ignore"):
        product = np.multiply(x, factor, out)
        if not np.isnan(np.add.reduce(product, None)):
            return product
    zero = product.dtype.type(0)
    if out is None:
        return np.where(np.equal(x, 0), zero, product)
    np.copyto(out, zero, where=np.equal(x, 0))
    return out


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
    return scale(x, factor)  # type: ignore[no-any-return]
