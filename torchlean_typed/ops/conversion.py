"""From one dtype to another, and from a variable to a constant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from torchlean_typed.ops.derivatives import batch_elementwise
from torchlean_typed.ops.op import operation
from torchlean_typed.shapes import dtypes, rules

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from torchlean_typed.tensor import Tensor

__all__ = ["astype", "detach"]


@operation(
    rules.unchanged,
    dtypes.converted,
    vjp=(lambda ct, out, x, dtype: astype(ct, x.dtype),),
    batch=batch_elementwise,
)
def astype(x: Tensor, dtype: DTypeLike) -> Tensor:
    """``x`` in another dtype; between floating dtypes it is differentiable.

    Shapes: ``*s -> *s``.

    >>> tl.astype(tl.tensor([1.0, 2.5]), np.int64)
    Tensor([1, 2], int64[2])
    """
    return np.asarray(x).astype(dtype)


@operation(rules.unchanged, differentiable=False, batch=batch_elementwise)
def detach(x: Tensor) -> Tensor:
    """``x`` as a constant: no derivative flows back through it.

    Shapes: ``*s -> *s``.

    >>> tl.autograd.fn.grad(lambda x: tl.sum(tl.detach(x) * x), tl.tensor([2.0, 3.0]))
    Tensor([2., 3.], float64[2])
    """
    return x


@operation(rules.unchanged, vjp=(lambda ct, out, x: ct,), batch=batch_elementwise, public=False)
def alias(x: Tensor) -> Tensor:
    """``x`` under another name: what an inner derivative is taken with respect to."""
    return x
