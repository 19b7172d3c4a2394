"""How an operation is written in a program: NumPy calls that write into a buffer, views, and kernels for the rest.

Everything here is an optimisation of the plan: an operation that is not named runs its record's own kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from torchlean_typed.engine import kernels
from torchlean_typed.engine.reductions import maximum_of, sum_of
from torchlean_typed.engine.text import index_text
from torchlean_typed.engine.writing import Uses, Write
from torchlean_typed.ops import unbounded
from torchlean_typed.ops.placement import Places
from torchlean_typed.tensor import Tensor
from torchlean_typed.transform.rewrite import is_constant, op_name

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
    "positive_log": np.log,
    "positive_log1p": np.log1p,
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
_FUNCTION_NAMES = {"positive_log": "log", "positive_log1p": "log1p"}

# On numbers Python's operators are ten times as fast as ufuncs.
_OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}

# Kernels that always give an array of their own. Any other may give a view of an operand, or the operand itself.
FRESH = frozenset({"softmax", "log_softmax", "logsumexp", "softplus", "sqrt", "pow", "where", "concat", "unindex"})


def write(node: Tensor, uses: Uses) -> Write:
    """The best way to compute this node."""
    op = node._op
    assert op is not None
    special = _SPECIAL.get(op.name)
    found = special(node, uses) if special is not None else None
    if found is not None:
        return found
    if op.name in UFUNCS:
        return _ufunc(node)
    name, places = f"{op.name}_kernel", [f"{{{i}}}" for i in range(len(node._operands))]
    statics = [f"{{s{i}}}" for i in range(len(node._statics))]
    shown = [f"[{', '.join(places)}]"] if op.sequence else places
    shown = [*statics, *shown] if op.spread else [*shown, *statics]
    scope, fresh = {name: op.kernel}, op.name in FRESH
    return Write(f"{name}({', '.join(shown)})", node._operands, None, node._statics, fresh=fresh, scope=scope)


def _ufunc(node: Tensor) -> Write:
    assert node._op is not None
    name = node._op.name
    operands = tuple(_unstretched(x) for x in node._operands)
    if all(x.shape != node.shape for x in operands) and node.shape:
        operands = node._operands  # the result's shape comes from a stretch
    if not node.shape and name in _OPERATORS and node.dtype.kind == "f":
        return _on_numbers(_OPERATORS[name], operands)
    function = _FUNCTION_NAMES.get(name, name)
    places = ", ".join(f"{{{i}}}" for i in range(len(operands)))
    out = "out={out}" if name in ("maximum", "minimum") else "{out}"
    scope = {function: UFUNCS[name]}
    return Write(f"{function}({places})", operands, f"{function}({places}, {out})", inplace=True, scope=scope)


def _on_numbers(operator: str, operands: tuple[Tensor, ...]) -> Write:
    """Python's operator on numbers, of which the constants are literals."""
    variables = tuple(x for x in operands if x._order)
    numbers = tuple(x.item() for x in operands if not x._order)
    places = [f"{{{i}}}" for i in range(len(variables))], [f"{{s{i}}}" for i in range(len(numbers))]
    shown = [places[0 if x._order else 1].pop(0) for x in operands]
    return Write(f" {operator} ".join(shown), variables, None, numbers)


def _unstretched(x: Tensor) -> Tensor:
    """What NumPy's own broadcasting makes of a tensor to which only leading axes of size 1 were added."""
    if x._op is None:
        return x
    base = x._operands[0]
    leading = x._op.name == "reshape" and x.shape == (1,) * (x.ndim - base.ndim) + base.shape
    return _unstretched(base) if leading else x


def _sigmoid(node: Tensor, uses: Uses) -> Write | None:
    """Where the exponential is infinite the result is 0, as it should: the kernel ignores overflow."""
    if not node.shape:
        return None
    (x,) = node._operands
    name = "logistic"
    if op_name(x) == "negative":  # 1 / (1 + exp(x)), without the sign
        (x,), name = x._operands, "falling_logistic"
    scope = {name: getattr(kernels, name)}
    return Write(f"{name}({{0}})", (x,), f"{name}({{0}}, {{out}})", inplace=True, scope=scope)


def _astype(node: Tensor, uses: Uses) -> Write | None:
    if not node.shape or not np.can_cast(node._operands[0].dtype, node.dtype, "same_kind"):
        return None
    scope = {"copyto": np.copyto}
    return Write("{0}.astype({s0})", node._operands, "copyto({out}, {0})", (node.dtype,), scope=scope)


def _broadcast_to(node: Tensor, uses: Uses) -> Write:
    base = _unstretched(node._operands[0])
    scope = {"copyto": np.copyto, "broadcast_to": np.broadcast_to}
    return Write("broadcast_to({0}, {s0})", (base,), "copyto({out}, {0})", (node.shape,), fresh=False, scope=scope)


# From here on memory decides what an outer product costs, and BLAS goes through the result twice.
_OUTER_BYTES = 1 << 23


def _product(node: Tensor, uses: Uses) -> Write:
    x, y = node._operands
    if x.ndim == 2 and y.ndim == 2:
        if x.shape[1] == 1 and node.size * node.dtype.itemsize > _OUTER_BYTES and node.dtype.kind == "f":
            text = "einsum('ij,jk->ik', {0}, {1}"
            return Write(f"{text})", node._operands, f"{text}, out={{out}})", scope={"einsum": np.einsum})
        return Write("{0}.dot({1})", node._operands, "{0}.dot({1}, {out})" if node.size > 0 else None)
    return Write("matmul({0}, {1})", node._operands, "matmul({0}, {1}, {out})", scope={"matmul": np.matmul})


def _scaled(node: Tensor, uses: Uses) -> Write | None:
    if not node.shape:
        return None
    return Write("scaled({0}, {1})", node._operands, "scaled({0}, {1}, {out})", scope={"scaled": unbounded.scale})


def _permute(node: Tensor, uses: Uses) -> Write:
    axes = tuple(axis % node.ndim for axis in node._statics[0])
    text = "{0}.T" if axes == tuple(range(node.ndim))[::-1] else "{0}.transpose({s0})"
    return Write(text, node._operands, None, (axes,), view=True, fresh=False)


def _reshape(node: Tensor, uses: Uses) -> Write:
    (x,) = node._operands
    if node.ndim == 2 and x.ndim == 2 and node.shape == x.shape[::-1] and 1 in x.shape:
        return Write("{0}.T", (x,), view=True, fresh=False)
    sizes = ", ".join(map(str, node.shape)) or "()"
    return Write(f"{{0}}.reshape({sizes})", (x,), view=True, fresh=False)


def _getitem(node: Tensor, uses: Uses) -> Write | None:
    if not node.shape:  # a number, not a view
        return None
    return Write(f"{{0}}[{index_text(node._statics[0])}]", node._operands, view=True, fresh=False)


def _place(node: Tensor, uses: Uses) -> Write:
    """Slices are assigned, those that lie on others added; what an addition adds to where nothing lies is 0 first."""
    covered = np.zeros(node.size, bool)
    lines = ["flat = {out}.ravel()"]
    statics: list[Any] = []

    def shown(places: Places, value: Tensor) -> str:
        if len(places) == 1 and not value.shape:
            return str(places.indices[0])
        if isinstance(places.index, slice):
            return index_text(places.index)
        statics.append(places.indices)
        return f"{{s{len(statics) - 1}}}"

    for i, (x, where) in enumerate(zip(node._operands, node._statics[1], strict=True)):
        new = Places(where.indices[~covered[where.indices]])
        adds = len(new) < len(where)
        value = f"{{{i}}}"
        if is_constant(x) and not x.shape:
            statics.append(x.item())
            value = f"{{s{len(statics) - 1}}}"
        if len(new):
            lines.append(f"flat[{shown(new, x)}] = {'0' if adds else value}")
        if adds:
            lines.append(f"flat[{shown(where, x)}] += {value}")
        covered[where.indices] = True
    return Write("", node._operands, "\n".join(lines), tuple(statics), zeroed=True)


_SPECIAL: dict[str, Callable[[Tensor, Uses], Write | None]] = {
    "sigmoid": _sigmoid,
    "astype": _astype,
    "broadcast_to": _broadcast_to,
    "matrix_product": _product,
    "scaled": _scaled,
    "sum": sum_of,
    "max": maximum_of,
    "permute_dims": _permute,
    "reshape": _reshape,
    "getitem": _getitem,
    "place": _place,
}
