"""How an operation is written in a program: NumPy functions that take ``out=``, views, and kernels for everything else.

Everything here is an optimisation of the plan: an operation that is not named runs its record's own kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from torchlean_typed.engine import kernels
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import make

Uses = Callable[[Tensor], int]

# Elementwise operations that are one NumPy ufunc; it writes into `out`, which may be one of its operands.
UFUNCS: dict[str, np.ufunc] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "negative": np.negative,
    "abs": np.absolute,
    "square": np.square,
    "reciprocal": np.reciprocal,
    "exp": np.exp,
    "expm1": np.expm1,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "sign": np.sign,
    "equal": np.equal,
    "not_equal": np.not_equal,
    "less": np.less,
    "less_equal": np.less_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
    "logical_not": np.logical_not,
}

# Kernels that always give an array of their own. Any other may give a view of an operand, or the operand itself.
FRESH = frozenset(
    {"softmax", "log_softmax", "logsumexp", "softplus", "sqrt", "log1p", "pow", "where", "concat", "unindex"}
)


@dataclass(frozen=True)
class Write:
    """One way to compute a node: the text of a call with the places of operands and, where it can, of a buffer.

    ``inplace`` says that the buffer may be one of the operands, ``fresh`` that the result never shares their memory.
    """

    function: Callable[..., Any]
    name: str
    operands: tuple[Tensor, ...]
    statics: tuple[Any, ...] = ()
    buffered: bool = False
    inplace: bool = False
    sequence: bool = False
    fresh: bool = True


def write(node: Tensor, uses: Uses) -> Write:
    """The best way to compute this node."""
    op = node._op
    assert op is not None
    special = _SPECIAL.get(op.name)
    found = special(node, uses) if special is not None else None
    if found is not None:
        return found
    if op.name in UFUNCS:
        operands = tuple(_unstretched(x) for x in node._operands)
        if all(x.shape != node.shape for x in operands) and node.shape:
            operands = node._operands  # the result's shape comes from a stretch
        return Write(UFUNCS[op.name], op.name, operands, buffered=True, inplace=True)
    assert op.kernel is not None
    fresh = op.name in FRESH
    return Write(op.kernel, f"{op.name}_kernel", node._operands, node._statics, sequence=op.sequence, fresh=fresh)


def _unstretched(x: Tensor) -> Tensor:
    """What NumPy's own broadcasting makes of a tensor to which only leading axes of size 1 were added, or a stretch."""
    if x._op is None:
        return x
    base = x._operands[0]
    leading = x._op.name == "reshape" and x.shape == (1,) * (x.ndim - base.ndim) + base.shape
    return _unstretched(base) if leading or x._op.name == "broadcast_to" else x


def _constant(value: Any) -> Tensor:
    return make(np.asarray(value))


def _relu(node: Tensor, uses: Uses) -> Write:
    zero = _constant(np.zeros((), node.dtype))
    return Write(np.maximum, "maximum", (*node._operands, zero), buffered=True, inplace=True)


def _sigmoid(node: Tensor, uses: Uses) -> Write | None:
    return Write(kernels.logistic, "logistic", node._operands, buffered=True, inplace=True) if node.shape else None


def _astype(node: Tensor, uses: Uses) -> Write | None:
    """A comparison as a number: the comparison writes it."""
    (x,) = node._operands
    if x._op is not None and x.dtype == np.bool_ and x._op.name in UFUNCS and node.dtype.kind == "f":
        return Write(UFUNCS[x._op.name], x._op.name, tuple(_unstretched(y) for y in x._operands), buffered=True)
    return None


def _product(node: Tensor, uses: Uses) -> Write:
    x, y = node._operands
    if x.ndim == 2 and y.ndim == 2:
        return Write(np.dot, "dot", node._operands, buffered=node.size > 0)
    return Write(np.matmul, "matmul", node._operands, buffered=True)


def _sum(node: Tensor, uses: Uses) -> Write | None:
    """A sum of products of all elements is ``vdot``; one over the first axis of a matrix a product with ones."""
    (x,) = node._operands
    axis, keepdims = node._statics
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if x.dtype.kind != "f" or x.ndim == 0 or x.size == 0:
        return None
    if node.ndim == 0 and len(axes) == x.ndim:
        factors = _factors(x, uses)
        return None if factors is None else Write(np.vdot, "vdot", factors)
    if x.ndim == 2 and tuple(a % 2 for a in axes) == (0,):
        ones = np.ones((1, x.shape[0]) if keepdims else x.shape[:1], x.dtype)
        return Write(np.dot, "dot", (_constant(ones), x), buffered=True)
    return Write(np.add.reduce, "add_reduce", (x,), (axis, None, None, keepdims))


def _factors(x: Tensor, uses: Uses) -> tuple[Tensor, Tensor] | None:
    """The two tensors of one shape whose product is summed, where it is used for nothing else."""
    if x._op is None or uses(x) > 1:
        return None
    if x._op.name == "square":
        return x._operands[0], x._operands[0]
    if x._op.name == "multiply" and x._operands[0].shape == x._operands[1].shape == x.shape:
        return x._operands[0], x._operands[1]
    return None


def _permute(node: Tensor, uses: Uses) -> Write:
    if node._statics[0] in ((1, 0), (-1, 0), (1, -2), (-1, -2)):
        return Write(_TRANSPOSED, "T", node._operands, fresh=False)
    return Write(np.transpose, "transpose", node._operands, node._statics, fresh=False)


# How the text of a transposed matrix is told from a call.
_TRANSPOSED = np.matrix_transpose

_SPECIAL: dict[str, Callable[[Tensor, Uses], Write | None]] = {
    "relu": _relu,
    "sigmoid": _sigmoid,
    "astype": _astype,
    "matrix_product": _product,
    "sum": _sum,
    "permute_dims": _permute,
}
