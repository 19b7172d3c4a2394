"""The shape rules of operations that move elements and change none."""

from __future__ import annotations

from collections.abc import Sequence

from torchlean_typed.shapes.dim import Dimension, Unknown, same
from torchlean_typed.shapes.errors import Undetermined, show
from torchlean_typed.shapes.rules import drop_axes
from torchlean_typed.shapes.shape import Axis, Shape, Variadic, size_of
from torchlean_typed.shapes.vocabulary import (
    axis_position,
    axis_positions,
    exact_quotient,
    fail,
    plain_dims,
    require_axes,
    require_same,
    require_sizes,
    variadic_position,
)


def reshape(op: str, x: Shape, shape: object) -> Shape:
    """``*s -> *t`` with as many elements; one size may be -1."""
    new = list(require_axes(shape, op))
    free = [index for index, size in enumerate(new) if isinstance(size, int) and size == -1]
    if len(free) > 1:
        fail(op, f"shape {show(tuple(new))} has more than one -1", [("operand", x)], got=show(tuple(new)))
    negative = [size for size in new if isinstance(size, int) and size < -1]
    if negative:
        fail(op, f"size {negative[0]} is negative", [("operand", x)], got=negative[0])
    asked = tuple(axis for index, axis in enumerate(new) if index not in free)
    shown = [("operand", x), ("shape", tuple(new))]
    total, target = _elements(x, asked)
    if free:
        new[free[0]] = exact_quotient(total, target, op, f"{total} elements do not divide by {target}", shown)
    elif same(total, target) is False or _never_as_many(x, asked):
        counts = _count(x, total), _count(asked, target)
        fail(op, "{} elements do not fit {}".format(*counts), shown, expected=counts[0], got=counts[1])
    return tuple(new)


def _elements(x: Shape, shape: Shape) -> tuple[Dimension, Dimension]:
    """How many elements two shapes have, for comparison: a variadic that stands in both counts in neither."""
    common = {axis for axis in x if isinstance(axis, Variadic) and axis.name is not None} & set(shape)
    first, second = (tuple(axis for axis in one if axis not in common) for one in (x, shape))
    return size_of(first), size_of(second)


def _never_as_many(x: Shape, shape: Shape) -> bool:
    """Whether one of the two has a variadic that the other has not, ``*b``: that is any number of elements."""
    if any(isinstance(axis, Unknown) or axis == Variadic(None) for axis in (*x, *shape)):
        return False
    names = [{axis.name for axis in one if isinstance(axis, Variadic)} for one in (x, shape)]
    return any(not str(name).startswith("?") for name in names[0] ^ names[1])


def _count(shape: Shape, elements: Dimension) -> str:
    return "*".join(map(str, shape)) if any(isinstance(axis, Variadic) for axis in shape) else str(elements)


def flatten(op: str, x: Shape) -> Shape:
    """``*s -> n`` with n the number of elements."""
    return (size_of(x),)


def permute_dims(op: str, x: Shape, axes: object) -> Shape:
    """``*s -> *s`` in another order; each axis once."""
    if not isinstance(axes, (tuple, list)):
        raise Undetermined(f"{op}: the value of axes is not known")
    dims = plain_dims(x, op)
    positions = axis_positions(x, axes, op)
    if len(positions) != len(dims):
        problem = f"{len(positions)} axes for a tensor of rank {len(dims)}"
        fail(op, problem, [("operand", x)], expected=len(dims), got=len(positions), hint="name each axis once")
    return tuple(dims[index] for index in positions)


def swapaxes(op: str, x: Shape, axis1: object, axis2: object) -> Shape:
    """``*s -> *s`` with two axes exchanged."""
    i, j = axis_position(x, axis1, op), axis_position(x, axis2, op)
    new = list(x)
    new[i], new[j] = new[j], new[i]
    return tuple(new)


def matrix_transpose(op: str, x: Shape) -> Shape:
    """``*b n m -> *b m n``."""
    if len(x) < 2 and variadic_position(x) is None:
        fail(op, "needs at least two axes", [("operand", x)], expected="rank 2 or more", got=f"rank {len(x)}")
    return swapaxes(op, x, -1, -2)


def transpose(op: str, x: Shape) -> Shape:
    """``n m -> m n``; for a matrix only."""
    if len(plain_dims(x, op)) != 2:
        fail(
            op,
            f"needs rank 2, got rank {len(x)}",
            [("operand", x)],
            expected=2,
            got=len(x),
            hint="use .mT or permute_dims",
        )
    return x[::-1]


def expand_dims(op: str, x: Shape, axis: object = 0) -> Shape:
    """``*s -> *s`` with an axis of size 1 inserted at ``axis``."""
    position = axis_position(x, axis, op, extra=1)
    return (*x[:position], 1, *x[position:])


def squeeze(op: str, x: Shape, axis: object) -> Shape:
    """``*s -> *s`` without the axes ``axis``, each of size 1."""
    positions = axis_positions(x, axis, op)
    for index in positions:
        size = x[index]
        if isinstance(size, Variadic) or same(size, 1) is False:
            fail(op, f"axis {index} has size {size}, not 1", [("operand", x)], axis=index, expected=1, got=size)
    return drop_axes(x, positions)


def broadcast_to(op: str, x: Shape, shape: object) -> Shape:
    """``*s -> *t``: equal ranks; an axis of size 1 is stretched."""
    target = require_sizes(shape, op)
    operands = [("operand", x), ("shape", target)]
    if x == () or Variadic(None) in (*x, *target):
        return target
    if len(x) != len(target) or variadic_position(x) != variadic_position(target):
        fail(op, "ranks differ", operands, expected=len(target), got=len(x), hint="insert axes of size 1 with None")
    for index, (a, b) in enumerate(zip(x, target, strict=True)):
        if not _stretches(a, b):
            fail(op, f"axis {index} of size {a} does not stretch to {b}", operands, axis=index, expected=b, got=a)
    return target


def _stretches(a: Axis, b: Axis) -> bool:
    """Whether an axis may become another: one of size 1 any, and a variadic none but itself."""
    if isinstance(a, Variadic) or isinstance(b, Variadic):
        return a == b
    return same(a, 1) is True or same(a, b) is not False


def _sequence(op: str, arrays: object) -> Sequence[Shape]:
    if not isinstance(arrays, (tuple, list)):
        raise Undetermined(f"{op}: the number of tensors is not known")
    if not arrays:
        fail(op, "needs at least one tensor", got="an empty sequence")
    return arrays


def concat(op: str, arrays: object, axis: object = 0) -> Shape:
    """``*a n *b, *a m *b, ... -> *a n+m+... *b``: equal but for ``axis``."""
    shapes = _sequence(op, arrays)
    return _joined(op, shapes, axis_position(shapes[0], axis, op))


def stack(op: str, arrays: object, axis: object = 0) -> Shape:
    """``*s, *s, ... -> k *s`` with the new axis of size k at ``axis``."""
    shapes = _sequence(op, arrays)
    common = _joined(op, shapes, None)
    position = axis_position(shapes[0], axis, op, extra=1)
    return (*common[:position], len(shapes), *common[position:])


def _axis_hint(first: Shape, shape: Shape, summed: int | None) -> str | None:
    """Where two differ in one axis alone, that is the one to join them along."""
    differing = [index for index, (a, b) in enumerate(zip(first, shape, strict=True)) if a != b]
    return f"did you mean axis={differing[0]}?" if summed is not None and len(differing) == 1 else None


def _joined(op: str, shapes: Sequence[Shape], summed: int | None) -> Shape:
    """The common shape of all, with the sizes of one axis summed."""
    first, *others = shapes
    result = list(first)
    for number, shape in enumerate(others, 1):
        operands = [("item 0", first), (f"item {number}", shape)]
        if Variadic(None) in (*shape, *first):
            raise Undetermined(f"{op}: the rank of item {number} or of item 0 is not known")
        if len(shape) != len(result) or variadic_position(shape) != variadic_position(first):
            fail(op, f"item {number} has another rank than item 0", operands, expected=len(first), got=len(shape))
        for index, (a, b) in enumerate(zip(result, shape, strict=True)):
            if isinstance(a, Variadic) or isinstance(b, Variadic):
                if a != b:
                    fail(op, f"axis {index} differs: {a} and {b}", operands, axis=index, expected=a, got=b)
            elif index == summed:
                result[index] = a + b
            else:
                result[index] = require_same(
                    a, b, op, f"axis {index} differs", operands, _axis_hint(first, shape, summed)
                )
    return tuple(result)
