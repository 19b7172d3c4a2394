"""One call of one operation of the table, written as a function, a method or an operator."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence

import torchlean_typed as tl
from tests.fuzz.operands import drawn_shapes, dtype_of, fitting, new_tensor
from tests.fuzz.program import Scope
from tests.fuzz.sizes import Size
from tests.fuzz.statics import DRAWERS, Call
from torchlean_typed.ops.op import TABLE, Op
from torchlean_typed.tensor import Tensor

INFIX = {
    **{"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "matmul": "@", "pow": "**", "less": "<"},
    **{"less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "==", "not_equal": "!="},
    **{"logical_and": "&", "logical_or": "|"},
}
PREFIX = {"negative": "-", "logical_not": "~"}
ATTRIBUTES = {"transpose": "T", "matrix_transpose": "mT"}
# How a scope gets an operand that no variable is: an expression, or in a function a new parameter.
Source = Callable[[Scope, Sequence[Size], str], str]


def operation(
    scope: Scope, formal: Sequence[Size], pool: Sequence[Size], source: Source, name: str | None = None
) -> str | None:
    """One more statement with an operation; gives the variable it was bound to.

    New operands have sizes of ``formal``, static parameters such of ``pool``, which Python can write.
    """
    rng = scope.rng
    record = TABLE[name or rng.choice(sorted(TABLE))]
    operands = drawn_operands(record, scope, formal, source)
    shapes = [scope.worlds[0].values[operand].shape for operand in operands]
    call = Call(rng, scope, record.name, shapes, operands, pool)
    statics = [
        (static, DRAWERS[static](call)) for static in record.statics if not omitted(record, static, rng.random())
    ]
    text = written(record, operands, statics, scope)
    return scope.attempt(text, record.name, keep_wrong=rng.random() < 0.6)


def omitted(record: Op, static: str, chance: float) -> bool:
    default = record.defaults[record.statics.index(static)]
    return default is not inspect.Parameter.empty and chance < 0.4


def drawn_operands(record: Op, scope: Scope, pool: Sequence[Size], source: Source) -> list[str]:
    """Variables for the operands: often ones that are there, else new ones."""
    rng = scope.rng
    labels = list(record.tensors)
    if record.sequence:
        labels = labels * rng.choice((1, 2, 2, 3))
    elif record.optional and rng.random() < 0.5:
        labels = labels[: -len(record.optional)]
    operands: list[str] = []
    there = scope.tensors(lambda tensor: tensor.dtype.name == "float64")
    for label, shape in zip(labels, drawn_shapes(record.name, len(labels), scope, pool), strict=True):
        dtype = dtype_of(record.name, label)
        if rng.random() < 0.04:
            dtype = rng.choice(("float32", "int64", "float64", "bool"))
        fits = fitting(scope, shape, dtype)
        if there and len(labels) == 1 and dtype == "float64" and rng.random() < 0.7:
            operands.append(rng.choice(there))
        elif fits and rng.random() < 0.8:
            operands.append(rng.choice(fits))
        else:
            operands.append(source(scope, shape, dtype))
    return operands


def made_here(scope: Scope, shape: Sequence[Size], dtype: str) -> str:
    """A new variable of this shape."""
    name = scope.attempt(new_tensor(scope.rng, shape, dtype), "made")
    if name is None:  # too large
        name = scope.attempt("tl.ones(2)", "made")
    assert name is not None
    return name


def written(record: Op, operands: list[str], statics: list[tuple[str, str]], scope: Scope) -> str:
    """The call as text: one of the ways to write it."""
    rng = scope.rng
    name = record.name
    if name == "getitem" and rng.random() < 0.9:
        return f"{operands[0]}[{statics[0][1]}]"
    if name in INFIX and rng.random() < 0.5:
        return f"{operands[0]} {INFIX[name]} {operands[1]}"
    if name in PREFIX and rng.random() < 0.5:
        return f"{PREFIX[name]}{operands[0]}"
    if name in ATTRIBUTES and rng.random() < 0.5:
        return f"{operands[0]}.{ATTRIBUTES[name]}"
    if record.spread:
        return f"tl.{name}({', '.join([text for _, text in statics] + operands)})"
    arguments = [f"[{', '.join(operands)}]"] if record.sequence else list(operands)
    by_keyword = len(operands) < len(record.tensors) and not record.sequence
    for index, (static, text) in enumerate(statics):
        if name == "getitem":
            text = f"({text},)" if ":" not in text else "..."
        by_keyword = by_keyword or rng.random() < 0.5 or static != record.statics[index]
        arguments.append(f"{static}={text}" if by_keyword else text)
    if not record.sequence and hasattr(Tensor, name) and rng.random() < 0.4:
        return f"{arguments[0]}.{name}({', '.join(arguments[1:])})"
    module = "tl" if hasattr(tl, name) else "tl.random"
    return f"{module}.{name}({', '.join(arguments)})"
