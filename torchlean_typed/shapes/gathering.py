"""The shape rules of what goes by an index that is a tensor, and of what finds or counts one."""

from __future__ import annotations

from torchlean_typed.shapes.dim import UNKNOWN, Dimension, same
from torchlean_typed.shapes.errors import Undetermined
from torchlean_typed.shapes.rearrangement import matrix_axes, require_shape
from torchlean_typed.shapes.rules import nonempty_reduction
from torchlean_typed.shapes.shape import Shape, Variadic
from torchlean_typed.shapes.vocabulary import (
    axis_position,
    fail,
    plain_dims,
    require_flag,
    require_int,
    require_sizes,
)


def the_axis(op: str, x: Shape, axis: object) -> int:
    """The place of ``axis``, which only a vector may leave out."""
    if axis is None:
        if len(plain_dims(x, op)) != 1:
            fail(op, f"a tensor of rank {len(x)} needs an axis", [("operand", x)], expected="an axis", got=None)
        return 0
    return axis_position(x, axis, op)


def take(op: str, x: Shape, indices: Shape, axis: object = None) -> Shape:
    """``*a n *b, *i -> *a *i *b``, n the size of ``axis``."""
    position = the_axis(op, x, axis)
    result = (*x[:position], *indices, *x[position + 1 :])
    if sum(isinstance(part, Variadic) for part in result) > 1:
        raise Undetermined(f"{op}: the ranks of the operand and of the indices are not known")
    return result


def take_along_axis(op: str, x: Shape, indices: Shape, axis: object = -1) -> Shape:
    """``*a n *b, *a k *b -> *a k *b``: the ranks are equal, and the sizes of all axes but one."""
    position = axis_position(x, axis, op)
    at = axis_position(indices, axis, op)
    operands = [("operand", x), ("indices", indices)]
    wanted = (*x[:position], *indices[at : at + 1], *x[position + 1 :])
    require_shape(op, indices, wanted, "indices", operands)
    return indices


def scatter_add(op: str, x: Shape, indices: Shape, updates: Shape, axis: object = 0) -> Shape:
    """``*a n *b, *i, *a *i *b -> *a n *b``, n the size of ``axis``."""
    operands = [("operand", x), ("indices", indices), ("updates", updates)]
    require_shape(op, updates, take(op, x, indices, axis_position(x, axis, op)), "updates", operands)
    return x


def one_hot(op: str, indices: Shape, num_classes: object, *parameters: object) -> Shape:
    """``*s -> *s k``, k the number of classes."""
    return (*indices, *require_sizes((num_classes,), op))


def index_reduction(op: str, x: Shape, axis: object = None, keepdims: object = False) -> Shape:
    """``*s -> *s`` without ``axis``, which is one axis or (None) all, and not empty."""
    if isinstance(axis, (tuple, list)):
        fail(op, f"takes one axis, got {tuple(axis)}", [("operand", x)], expected="one axis, or None", got=tuple(axis))
    return nonempty_reduction(op, x, axis, keepdims)


def cumulative(op: str, x: Shape, axis: object = None, include_initial: object = False) -> Shape:
    """``*a n *b -> *a n *b``, or ``n+1`` with the initial value."""
    position = the_axis(op, x, axis)
    if not require_flag(include_initial, op, "include_initial"):
        return x
    size = x[position]
    assert not isinstance(size, Variadic)
    return (*x[:position], size + 1, *x[position + 1 :])


def diagonal(op: str, x: Shape, offset: object = 0) -> Shape:
    """``*b n n -> *b n-k``, k how far the diagonal is from the main one; of ``n m`` the shorter side counts."""
    rows, columns = matrix_axes(op, x)
    shift = require_int(offset, op, "offset")
    rows, columns = (rows + shift, columns) if shift < 0 else (rows, columns - shift)
    length: Dimension = UNKNOWN
    if isinstance(rows, int) and isinstance(columns, int):
        length = min(rows, columns)
    elif same(*matrix_axes(op, x)):
        length = matrix_axes(op, x)[0] - abs(shift)
    if isinstance(length, int) and length < 0:
        fail(op, f"offset {shift} lies outside of the matrix", [("operand", x)], expected="a diagonal", got=shift)
    return (*x[:-2], length)


def trace(op: str, x: Shape, offset: object = 0) -> Shape:
    """``*b n n -> *b``."""
    return diagonal(op, x, offset)[:-1]
