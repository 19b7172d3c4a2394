"""The page of the operation table, read off the records; ``python -m tests.docs.operations`` rewrites it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import torchlean_typed as tl
from torchlean_typed.ops.op import TABLE, Op
from torchlean_typed.tensor import Tensor
from torchlean_typed.trace import leaf
from torchlean_typed.transform.jvp import jvp

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
HEAD = """\
# The operations

Every operation is one record: a function, its shape rule, its NumPy kernel, and its derivatives. This page is read off
the records. Shapes are in jaxtyping's text. A derivative is the tangent of the result for tangents `dx`, `dy` ... of
the operands, where `out` is the result itself; *linear* says that the tangent is the operation at the tangent, one
operand at a time, and *parts* that the operation is written with others and has its derivatives from them.

Reverse mode, second derivatives and batches follow from the same records.

| operation | shapes | derivative |
|---|---|---|
"""
INFIX = {
    **{"add": "+", "subtract": "-", "multiply": "*", "scaled": "*", "divide": "/", "matrix_product": "@"},
    **{"greater": ">", "less": "<", "equal": "==", "logical_and": "and"},
}
STRENGTH = {"+": 1, "-": 1, ">": 0, "<": 0, "==": 0, "and": -1}
# Arithmetic of shapes and dtypes that says nothing about values.
SILENT = ("reshape", "broadcast_to", "astype", "alias", "above", "within", "squeeze")
# Composites whose derivative is longer, or another for other sizes, only say that it comes from their parts.
LONGEST = 90
DTYPES = {"condition": np.bool_, "indices": np.int64}
EXAMPLES: dict[str, dict[str, Any]] = {
    "clip": {"min": 0.0, "max": 1.0},
    "moveaxis": {"source": 0, "destination": 1},
    "pad": {"pad_width": 1},
    "roll": {"shift": 1},
    "swapaxes": {"axis1": 0, "axis2": 1},
    "take": {"axis": 0},
    "cumulative_sum": {"axis": 0},
}


def page() -> str:
    """The whole text."""
    return HEAD + "".join(row(op) for _, op in sorted(TABLE.items()))


def row(op: Op) -> str:
    """The line of one operation."""
    return f"| `{signature(op)}` | {shapes_in(op.doc, op.name)} | {derivative(op)} |\n"


def signature(op: Op) -> str:
    """The call as the user writes it."""
    function = getattr(tl, op.name, None) or getattr(tl.random, op.name)
    prefix = "" if hasattr(tl, op.name) else "random."
    return f"{prefix}{op.name}({parameters(function)})"


def parameters(function: Callable[..., Any]) -> str:
    """The parameters of a function with their defaults, as the user writes them."""
    parts = []
    for parameter in inspect.signature(function).parameters.values():
        star = "*" if parameter.kind is inspect.Parameter.VAR_POSITIONAL else ""
        default = parameter.default
        shown = default.__name__ if isinstance(default, type) else repr(default)
        parts.append(f"{star}{parameter.name}" + ("" if default is inspect.Parameter.empty else f"={shown}"))
    return ", ".join(parts)


def shapes_in(doc: str, name: str) -> str:
    """The docstring's line on shapes."""
    found = re.search(r"^Shapes:\s*(.*?)(?:\n\s*\n|\Z)", doc, re.DOTALL | re.MULTILINE)
    assert found is not None, f"{name} says nothing of its shapes"
    return " ".join(found.group(1).split()).removesuffix(".").replace("``", "`")


def derivative(op: Op) -> str:
    """How the result's tangent is made, as short as it is true."""
    if not op.differentiable or not op.tensors:
        return "none"
    if not op.composed and op.jvp is None:
        return "linear"
    try:
        texts = {formula(op, size) for size in (2, 3)}
    except TypeError:  # it takes no square matrices
        return "parts"
    found = texts.pop()
    if not set(re.findall(r"\w+", found)) & {*op.tensors, "out", "x", "y"}:
        return "linear"
    whole = not op.composed or len(found) <= LONGEST
    return f"`{found}`" if whole and not texts else "parts"


def formula(op: Op, size: int) -> str:
    """The tangent for square matrices of this size, recorded and printed."""
    tensors = op.tensors if not op.sequence else ("x", "y")
    operands = [leaf((size, size), np.dtype(DTYPES.get(name, np.float64))) for name in tensors]
    function = getattr(tl, op.name)
    output = function(*([operands] if op.sequence else operands), **EXAMPLES.get(op.name, {}))
    floating = [(name, x) for name, x in zip(tensors, operands, strict=True) if x.dtype.kind == "f"]
    tangents = [leaf(x.shape, x.dtype) for _, x in floating]
    (result,) = jvp([output], [x for _, x in floating], tangents)
    names = {x._order: name for name, x in zip(tensors, operands, strict=True)}
    names |= {t._order: f"d{name}" for (name, _), t in zip(floating, tangents, strict=True)}
    if not op.composed:
        names[output._order] = "out"
    return text(result, names)[0]


def text(node: Tensor, names: dict[int, str]) -> tuple[str, int]:
    """A recorded tensor as an expression, and how strongly it holds together."""
    if node._order in names:
        return names[node._order], 9
    if node._op is None or not node._order:
        values = np.unique(node.numpy())
        return (f"{values[0]:g}", 9) if values.size == 1 else ("constant", 9)
    name = node._op.name
    if name in SILENT:
        return text(node._operands[0], names)
    parts = [text(x, names) for x in node._operands]
    if name in INFIX:
        sign = INFIX[name]
        strength = STRENGTH.get(sign, 2)
        left = parts[0][0] if parts[0][1] >= strength else f"({parts[0][0]})"
        loose = parts[1][1] == strength and sign in ("+", "*", "@", "and")
        right = parts[1][0] if parts[1][1] > strength or loose else f"({parts[1][0]})"
        return f"{left} {sign} {right}", strength
    operands = [bracketed(part) for part in parts]
    if name == "negative":
        return f"-{operands[0]}", 2
    if name == "square":
        return f"{operands[0]}**2", 8
    if name == "pow":
        return f"{operands[0]}**{operands[1]}", 8
    if name == "permute_dims":
        return f"{operands[0]}.mT", 9
    return f"{name}({', '.join([part for part, _ in parts] + static_texts(node))})", 9


def bracketed(part: tuple[str, int]) -> str:
    return part[0] if part[1] >= 9 else f"({part[0]})"


def static_texts(node: Tensor) -> Sequence[str]:
    """Static parameters that differ from what they are if not given; axes and sizes say nothing here."""
    op: Any = node._op
    given = zip(op.statics, node._statics, op.defaults, strict=True)
    return [f"{name}={value!r}" for name, value, default in given if value != default and name in ("k", "lower")]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
