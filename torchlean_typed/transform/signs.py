"""What the graph tells of the signs of values, whatever the values of the inputs are."""

from __future__ import annotations

import numpy as np

from torchlean_typed.tensor import Tensor
from torchlean_typed.transform.rewrite import is_constant, op_name

_MOST_STEPS = 8  # how far to look
_MOVES = frozenset({"reshape", "permute_dims", "broadcast_to", "getitem", "gather", "alias", "detach"})
_NEVER_NEGATIVE = frozenset({"square", "abs", "exp", "relu", "softplus", "sqrt"})


def sign(x: Tensor, steps: int = _MOST_STEPS) -> int:
    """1 where no element can be below 0, -1 where none can be above, 0 where neither is known. Any may be NaN.

    Each case holds for floating-point numbers as for real ones, because rounding keeps order and 0 is not rounded:
    products have the product of the signs, a square that of equal signs, sums the sign that all terms have, and
    ``1 - y`` is at least 0 where y is at most 1.
    """
    if is_constant(x):
        values = x._array
        return 1 if np.all(np.greater_equal(values, 0)) else -1 if np.all(np.less_equal(values, 0)) else 0  # type: ignore[arg-type]
    name, operands = op_name(x), x._operands
    if name in _NEVER_NEGATIVE or (name == "multiply" and operands[0] is operands[1]) or _is_fraction(x, steps):
        return 1
    if steps == 0 or not (name in _MOVES or name in ("negative", "multiply", "add", "sum", "where")):
        return 0
    signs = [sign(y, steps - 1) for y in operands if y.dtype.kind == "f"]
    if name in ("negative", "multiply"):
        return int(np.prod(signs)) * (-1 if name == "negative" else 1)
    return signs[0] if len(set(signs)) == 1 else 0


def _is_fraction(x: Tensor, steps: int) -> bool:
    """Whether each element is from 0 to 1, or NaN: the sigmoid, ``1 / (1 + e)`` with e >= 0, and products."""
    if is_constant(x):
        values = x._array
        return bool(np.all(np.greater_equal(values, 0) & np.less_equal(values, 1)))  # type: ignore[arg-type]
    name, operands = op_name(x), x._operands
    if name in ("sigmoid", "softmax"):
        return True
    if name == "subtract":  # 1 - y
        operands = operands[1:] if is_constant(operands[0]) and bool(np.all(operands[0]._array == 1)) else ()
    elif name not in _MOVES and name != "multiply":
        return False
    return bool(operands) and steps > 0 and all(_is_fraction(y, steps - 1) for y in operands if y.dtype.kind == "f")
