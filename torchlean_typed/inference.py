"""Shape and dtype of an operation's result, by its rules, and remembered: nothing is inferred twice."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from torchlean_typed.ops.op import Op
from torchlean_typed.ops.statics import check_statics
from torchlean_typed.shapes.errors import ShapeError, Undetermined, show
from torchlean_typed.shapes.shape import Shapes
from torchlean_typed.tensor import Tensor

# By signature: the shape, the dtype, and whether the result is recorded.
inferred: dict[Any, tuple[tuple[int, ...], np.dtype[Any], bool]] = {}
LIMIT = 100_000
KNOWN_LIMIT = 1000  # of kinds of operands, for each operation
_of = operator.attrgetter("__class__", "_shape", "_dtype")


def infer(op: Op, tensors: tuple[Tensor, ...], statics: tuple[Any, ...]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and dtype of the result, by the rules; remembered for each signature.

    Raises:
        ShapeError: where the rules say so.
    """
    shape, dtype, _ = remembered(op, tensors, statics)
    return shape, dtype


def signature(op: Op, tensors: tuple[Tensor, ...], statics: tuple[Any, ...]) -> Any:
    """What shape and dtype of the result, and whether it is recorded, depend on."""
    if statics is op.defaults:
        return (op, *map(_of, tensors))
    return (op, _distinct(statics), *map(_of, tensors))


def _distinct(value: Any) -> Any:
    """The value so that it can be looked up: 1, 1.0 and True are equal, but only one of them is right."""
    kind = type(value)
    if kind is tuple:
        return (*map(_distinct, value),)
    if kind is slice:  # not hashable before Python 3.12
        start, stop, step = value.start, value.stop, value.step
        return type(start), start, type(stop), stop, type(step), step
    return kind, value


def remembered(op: Op, tensors: tuple[Tensor, ...], statics: tuple[Any, ...]) -> tuple[Any, np.dtype[Any], bool]:
    """Shape and dtype of the result, and whether it is recorded."""
    key = signature(op, tensors, statics)
    try:
        return inferred[key]
    except KeyError:
        pass
    except TypeError:  # a list among the parameters is not hashable
        key = None
    shape, dtype = apply_rules(op, [x.shape for x in tensors], [x.dtype.name for x in tensors], statics)
    result = shape, dtype, any(x._order for x in tensors)
    if key is not None:
        if len(inferred) >= LIMIT:
            inferred.clear()
        inferred[key] = result
    return result


def shorten(op: Op, given: tuple[Any, ...], operands: tuple[Tensor, ...], statics: Any, result: Any) -> None:
    """Let the next call with constants of these kinds take the short way: for it one or two operands are alone."""
    if statics is not op.defaults or op.sequence or len(given) > (1 if statics else 2):
        return
    if len({x._dtype for x in operands}) == 1:
        if len(op.known) >= KNOWN_LIMIT:
            op.known.clear()
        key = [part for x in given for part in ((x._shape, x._dtype) if isinstance(x, Tensor) else (type(x),))]
        op.known[tuple(key)] = result


def apply_rules(op: Op, shapes: list[Any], names: list[Any], statics: tuple[Any, ...]) -> tuple[Any, np.dtype[Any]]:
    """Shape and dtype of the result for operands of these shapes and names of dtypes; of an absent operand, None."""
    check_statics(op.name, op.statics, op.annotations, statics)
    try:
        shape = op.rule(op.name, *op.arguments(shapes, statics))
    except Undetermined as reason:  # with integers for sizes only a parameter of a strange type is undetermined
        raise ShapeError(op.name, str(reason).removeprefix(f"{op.name}: ")) from None
    sizes = [size for part in shape for size in part] if isinstance(shape, Shapes) else shape
    if not all(type(size) is int for size in sizes):
        raise ShapeError(op.name, f"sizes must be ints, got {show(shape)}", expected="ints", got=show(shape))
    return shape, np.dtype(op.dtype(op.name, names, *statics))
