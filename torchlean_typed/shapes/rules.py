"""The shape rules: one small pure function each, from the arguments of an operation to the shape of its result.

A rule is called ``rule(op, *arguments)`` with the arguments of the public function in its order, each tensor replaced
by its shape. The run time calls it with integers, the mypy plugin with symbols.
"""

from __future__ import annotations

from torchlean_typed.shapes.dim import Dimension, same
from torchlean_typed.shapes.errors import Undetermined, show
from torchlean_typed.shapes.shape import Axis, Shape, Variadic
from torchlean_typed.shapes.vocabulary import (
    Operands,
    axis_position,
    axis_positions,
    broadcast,
    fail,
    plain_dims,
    require_flag,
    require_number,
    require_same,
)


def unchanged(op: str, x: Shape, *parameters: object) -> Shape:
    """``*s -> *s``."""
    return x


def elementwise(op: str, *operands: Shape) -> Shape:
    """``*s, *s -> *s``: equal shapes, only an axis of literal size 1 stretches, a scalar goes with anything."""
    labels = {1: ["operand"], 2: ["left", "right"]}.get(len(operands), [f"operand {i}" for i in range(len(operands))])
    return broadcast(op, list(zip(labels, operands, strict=True)))


def reduction(op: str, x: Shape, axis: object = None, keepdims: object = False) -> Shape:
    """``*s -> *s`` without the reduced axes (of size 1 with ``keepdims``)."""
    if axis is None and require_flag(keepdims, op, "keepdims"):
        plain_dims(x, op)
    return drop_axes(x, axis_positions(x, axis, op), require_flag(keepdims, op, "keepdims"))


def drop_axes(x: Shape, positions: tuple[int, ...], keepdims: bool = False) -> Shape:
    """``x`` without the axes at these places."""
    kept: list[Axis] = []
    for index, axis in enumerate(x):
        if index not in positions:
            kept.append(axis)
        elif keepdims:
            kept.append(1)
    return tuple(kept)


def nonempty_reduction(op: str, x: Shape, axis: object = None, keepdims: object = False) -> Shape:
    """As ``reduction``, of axes that are not empty."""
    result = reduction(op, x, axis, keepdims)
    for index in axis_positions(x, axis, op):
        size = x[index]
        if not isinstance(size, Variadic) and same(size, 0):
            fail(op, f"axis {index} is empty", [("operand", x)], axis=index, expected="at least one element", got=0)
    return result


def spread(op: str, x: Shape, axis: object = None, correction: object = 0.0, keepdims: object = False) -> Shape:
    """As ``nonempty_reduction``; how many elements the correction needs is a matter of values."""
    require_number(correction, op, "correction")
    return nonempty_reduction(op, x, axis, keepdims)


def along_axis(op: str, x: Shape, axis: object = -1) -> Shape:
    """``*s -> *s``; ``axis`` is one of its axes."""
    axis_position(x, axis, op)
    return x


def matmul(op: str, left: Shape, right: Shape) -> Shape:
    """``*b n k, *b k m -> *b n m``; a vector ``k`` counts as a row (left) or a column (right), which is dropped.

    The leading axes of the two are equal (a literal 1 stretches), or one of the two has none.
    """
    operands = [("left", left), ("right", right)]
    for label, shape in operands:
        if shape == ():
            fail(op, f"the {label} operand is a scalar", operands, hint="use * to scale")
    columns = right[-1:] if len(right) > 1 else ()
    for axis in columns:
        _known_axis(op, axis, "right", operands)
    inner_left = _known_axis(op, left[-1], "left", operands)
    inner_right = _known_axis(op, right[-2] if columns else right[-1], "right", operands)
    if same(inner_left, inner_right) is False:
        problem = f"inner dimensions differ: {inner_left} (left: {show(left)}) and {inner_right} (right: {show(right)})"
        fail(op, problem, expected=inner_left, got=inner_right, hint=_matmul_hint(left, right))
    if not right[:-2]:
        return (*left[:-1], *columns)
    if len(left) == 1:
        return (*right[:-2], *columns)
    rows = _known_axis(op, left[-2], "left", operands)
    leading = broadcast(op, [("left", left[:-2]), ("right", right[:-2])]) if left[:-2] else right[:-2]
    return (*leading, rows, *columns)


def _known_axis(op: str, axis: Axis, label: str, operands: Operands) -> Dimension:
    """One of the axes that are multiplied, which must be there whatever a variadic stands for."""
    if axis == Variadic(None):
        raise Undetermined(f"{op}: the last axes of the {label} operand are not known")
    if isinstance(axis, Variadic):
        fail(op, f"the rank of the {label} operand depends on {axis}", operands)
    return axis


def _matmul_hint(left: Shape, right: Shape) -> str | None:
    if len(right) > 1 and left[-1] == right[-1]:
        return "did you mean .mT on the right operand?"
    if len(left) > 1 and left[-2] == right[-2:][0]:
        return "did you mean .mT on the left operand?"
    if len(left) > 1 and len(right) > 1 and left[-2] == right[-1]:
        return "did you mean the operands the other way round?"
    return None


def where(op: str, condition: Shape, x: Shape, y: Shape) -> Shape:
    """``*s, *s, *s -> *s``, broadcast as elementwise operations are."""
    return broadcast(op, [("condition", condition), ("x", x), ("y", y)])


def layer_norm(op: str, x: Shape, weight: Shape, bias: Shape, eps: object = 1e-5) -> Shape:
    """``*b d, d, d -> *b d``."""
    operands = [("x", x), ("weight", weight), ("bias", bias)]
    if x == ():
        fail(op, "needs at least one axis", operands, expected="rank 1 or more", got="rank 0")
    for label, shape in operands[1:]:
        if len(plain_dims(shape, op)) != 1:
            fail(op, f"{label} must have rank 1", operands, expected=1, got=len(shape))
        if isinstance(x[-1], Variadic) or isinstance(shape[0], Variadic):
            raise Undetermined(f"{op}: the last axis of {show(x)} is not known")
        require_same(x[-1], shape[0], op, f"the last axis of x and {label} differ", operands)
    return x
