"""How sums and largest elements are written: as products with ones, and along the axis where NumPy is fast."""

from __future__ import annotations

import numpy as np

from torchlean_typed.engine.writing import Uses, Write
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import make

_MANY_ROWS, _SHORT_ROW = 16, 32
_LAST = (-1, 1, (-1,), (1,))

# Up to this number of elements a sum by BLAS is about as exact as NumPy's, which adds pairwise.
_DOT_LIMIT = 1 << 14


def sum_of(node: Tensor, uses: Uses) -> Write | None:
    """Sums over the first or the last axis of a matrix, and over all elements, are products with ones."""
    (x,) = node._operands
    axis, keepdims = node._statics
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if x.dtype.kind != "f" or not axes or x.size == 0 or x.dtype == np.float16:
        return None
    factors = _factors(x, uses)
    if factors is not None and not keepdims:
        return Write("{0}.dot({1})", factors)
    if x.ndim == 1 and not keepdims and x.size <= _DOT_LIMIT:
        return Write("{0}.dot({1})", (x, make(np.ones(x.shape, x.dtype))))
    if x.ndim == 2 and len(axes) == 1:
        first = axes[0] % 2 == 0
        length = x.shape[0 if first else 1]
        shape = ((1, length) if first else (length, 1)) if keepdims else (length,)
        ones = make(np.ones(shape, x.dtype))
        pair = (ones, x) if first else (x, ones)
        return Write("{0}.dot({1})", pair, "{0}.dot({1}, {out})" if node.size else None)
    scope = {"add_reduce": np.add.reduce}
    into = "add_reduce({0}, {s0}, None, {out}, {s1})" if node.shape else None
    return Write("add_reduce({0}, {s0}, None, None, {s1})", (x,), into, (axis, keepdims), scope=scope)


def _factors(x: Tensor, uses: Uses) -> tuple[Tensor, Tensor] | None:
    """The two vectors whose product is summed, where it is used for nothing else."""
    if x._op is None or x.ndim != 1 or uses(x) > 1:
        return None
    if x._op.name == "square":
        return x._operands[0], x._operands[0]
    if x._op.name == "multiply" and x._operands[0].shape == x._operands[1].shape == x.shape:
        return x._operands[0], x._operands[1]
    return None


def maximum_of(node: Tensor, uses: Uses) -> Write | None:
    """NumPy goes from row to row, which for short rows takes longer than to exchange the axes first."""
    if not node.shape:
        return None
    (x,), (axis, _) = node._operands, node._statics
    scope = {"maximum_reduce": np.maximum.reduce}
    if x.ndim == 2 and axis in _LAST and x.shape[0] >= _MANY_ROWS and 1 < x.shape[1] <= _SHORT_ROW:
        turned = "maximum_reduce({0}.T.copy(), 0"
        return Write(
            f"{turned}).reshape({{s0}})", (x,), f"{turned}, None, {{out}}.ravel())", (node.shape,), scope=scope
        )
    result = "maximum_reduce({0}, {s0}, None, None, {s1})"
    into = "maximum_reduce({0}, {s0}, None, {out}, {s1})"
    return Write(result, (x,), into, node._statics, scope=scope)
