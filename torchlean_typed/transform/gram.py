"""Products that are symmetric, ``X D X^T`` with weights that are never negative: BLAS computes one half of them."""

from __future__ import annotations

import numpy as np

from torchlean_typed.ops import elementwise, linalg
from torchlean_typed.tensor import Tensor
from torchlean_typed.transform.rewrite import Builder, is_constant, op_name
from torchlean_typed.transform.signs import sign

# Below, and in float32, half of the work takes longer than all of it.
_LEAST_SIZE, _LEAST_SUMMED = 64, 96


def gram(builder: Builder, x: Tensor, y: Tensor) -> Tensor | None:
    """``S S^T`` with ``S = X sqrt(D)`` for a product that comes to ``X D X^T`` or ``-X D X^T``.

    Shapes: ``X: k m``, ``D: m``, a diagonal. Element i, j of ``X D X^T`` is the sum over l of ``x_il d_l x_jl``. Where
    no ``d_l`` is negative this is the sum of ``(x_il sqrt(d_l)) (x_jl sqrt(d_l))``, whose terms differ from the others
    by roundings alone, and NumPy multiplies a matrix with its own transpose by BLAS's ``syrk``. The Hessian of a sum of
    losses of linear functions has this form.
    """
    if x.ndim != 2 or y.ndim != 2 or x.shape != y.shape[::-1] or x.dtype != np.float64:
        return None
    if x.shape[0] < _LEAST_SIZE or x.shape[1] < _LEAST_SUMMED or builder.transposed(x) is y:
        return None
    (left, left_weights), (right, right_weights) = _weighted(builder, x, 1), _weighted(builder, y, 0)
    if (left_weights is None) == (right_weights is None):
        return None
    weights = left_weights if left_weights is not None else right_weights
    assert weights is not None
    weighted, turned = sign(weights), _turned(builder, left, right)
    if weighted == 0 or turned == 0:
        return None
    if weighted < 0:
        weights = builder.call(elementwise.negative, weights)
    root = builder.reshaped(builder.call(elementwise.sqrt, weights), (1, x.shape[1]))
    scaled = builder.call(elementwise.multiply, left, root)
    product = builder.call(linalg.matrix_product, scaled, builder.transposed(scaled))
    return product if weighted == turned else builder.call(elementwise.negative, product)


def _weighted(builder: Builder, x: Tensor, axis: int) -> tuple[Tensor, Tensor | None]:
    """The matrix as another one and the weights that it is multiplied by along an axis, if it is."""
    if op_name(x) == "permute_dims" and x._operands[0].ndim == 2:
        matrix, weights = _weighted(builder, x._operands[0], 1 - axis)
        return (x, None) if weights is None else (builder.transposed(matrix), weights)
    inner = x._operands[0] if op_name(x) == "reshape" else x
    if op_name(inner) != "multiply" or tuple(size for size in inner.shape if size > 1) != x.shape:
        return x, None
    for full, other in (inner._operands, inner._operands[::-1]):
        aligned = (1,) * (inner.ndim - other.ndim) + other.shape
        place = [i for i, size in enumerate(inner.shape) if size > 1][axis]
        if full.shape == inner.shape and all((size > 1) == (i == place) for i, size in enumerate(aligned)):
            return builder.reshaped(full, x.shape), other
    return x, None


def _turned(builder: Builder, x: Tensor, y: Tensor) -> int:
    """1 where ``y`` is the transpose of ``x``, -1 where it is that of its negative, 0 where neither is known."""
    if is_constant(x) and is_constant(y):
        found, expected = x._array, y._array.T  # type: ignore[union-attr]
        return 1 if np.array_equal(found, expected) else -1 if np.array_equal(found, -expected) else 0  # type: ignore[arg-type]
    return int(builder.transposed(x) is y or builder.transposed(y) is x)
