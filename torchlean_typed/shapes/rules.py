"""The shape rules: one small pure function each, from the arguments of an operation to the shape of its result.

A rule is called ``rule(op, *arguments)`` with the arguments of the public function in its order, each tensor replaced
by its shape. The run time calls it with integers, the mypy plugin with symbols.
"""

from __future__ import annotations

from collections.abc import Sequence

from torchlean_typed.shapes.dim import UNKNOWN, Dimension, DimExpr, Unknown, same
from torchlean_typed.shapes.errors import Undetermined, show
from torchlean_typed.shapes.shape import Axis, Shape, Variadic, size_of
from torchlean_typed.shapes.vocabulary import (
    axis_position,
    axis_positions,
    broadcast,
    broadcast_axes,
    exact_quotient,
    fail,
    plain_dims,
    require_same,
    variadic_position,
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
    if axis is None and not keepdims:
        return ()
    if axis is None:
        plain_dims(x, op)
    return drop_axes(op, x, axis_positions(x, axis, op), keepdims)


def drop_axes(op: str, x: Shape, positions: tuple[int, ...], keepdims: object) -> Shape:
    """``x`` without the axes at these places."""
    if not isinstance(keepdims, bool):
        raise Undetermined(f"{op}: the value of keepdims is not known")
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
    if Variadic(None) in (left[-1], right[-1]) or (len(right) > 1 and Variadic(None) in right[-2:]):
        raise Undetermined(f"{op}: the last axes of {show(left)} @ {show(right)} are not known")
    vector_left, vector_right = _is_vector(left), _is_vector(right)
    for (label, shape), vector in zip(operands, (vector_left, vector_right), strict=True):
        if not vector and (len(shape) < 2 or any(isinstance(axis, Variadic) for axis in shape[-2:])):
            if Variadic(None) in shape[-2:]:
                raise Undetermined(f"{op}: the last axes of {show(shape)} are not known")
            if label == "right" or isinstance(shape[-1], Variadic):
                fail(op, f"the rank of the {label} operand depends on {next(a for a in shape if isinstance(a, Variadic))}", operands)
    inner_left = left[-1]
    inner_right = right[-1] if vector_right else right[-2]
    if isinstance(inner_left, Variadic) or isinstance(inner_right, Variadic):
        raise Undetermined(f"{op}: the inner dimensions of {show(left)} @ {show(right)} are not known")
    if same(inner_left, inner_right) is False:
        problem = f"inner dimensions differ: {inner_left} (left: {show(left)}) and {inner_right} (right: {show(right)})"
        fail(op, problem, expected=inner_left, got=inner_right, hint=_matmul_hint(left, right))
    rows = () if vector_left else left[-2:-1]
    columns = () if vector_right else right[-1:]
    return (*_leading(op, left[:-2], right[:-2], operands), *rows, *columns)


def _is_vector(shape: Shape) -> bool:
    return len(shape) == 1 and not isinstance(shape[0], Variadic)


def _matmul_hint(left: Shape, right: Shape) -> str | None:
    if len(right) >= 2 and not isinstance(right[-1], Variadic) and not isinstance(left[-1], Variadic):
        if same(left[-1], right[-1]):
            return "did you mean .mT on the right operand?"
    if len(left) >= 2 and not isinstance(left[-2], Variadic) and not isinstance(right[-2:][0], Variadic):
        if same(left[-2], right[-2:][0]):
            return "did you mean .mT on the left operand?"
    return None


def _leading(op: str, a: Shape, b: Shape, operands: list[tuple[str, Shape]]) -> Shape:
    if not a or not b:
        return a or b
    return broadcast(op, [(label, shape[:-2]) for label, shape in operands])


def where(op: str, condition: Shape, x: Shape, y: Shape) -> Shape:
    """``*s, *s, *s -> *s``, broadcast as elementwise operations are."""
    return broadcast(op, [("condition", condition), ("x", x), ("y", y)])


def reshape(op: str, x: Shape, shape: object) -> Shape:
    """``*s -> *t`` with as many elements; one size may be -1."""
    sizes = list(shape) if isinstance(shape, (tuple, list)) else [shape]
    new: list[Dimension] = [_size(op, size) for size in sizes]
    free = [index for index, size in enumerate(new) if isinstance(size, int) and size == -1]
    if len(free) > 1:
        fail(op, f"shape {show(tuple(new))} has more than one -1", [("operand", x)], got=show(tuple(new)))
    negative = [size for size in new if isinstance(size, int) and size < -1]
    if negative:
        fail(op, f"size {negative[0]} is negative", [("operand", x)], got=negative[0])
    total = size_of(x)
    target: Dimension = 1
    for index, size in enumerate(new):
        target = target * (1 if index in free else size)
    shown = ("shape", tuple(new))
    if free:
        problem = f"{total} elements do not divide by {target}"
        new[free[0]] = exact_quotient(total, target, op, problem, [("operand", x), shown])
    elif same(total, target) is False:
        fail(op, f"{total} elements do not fit {target}", [("operand", x), shown], expected=total, got=target)
    return tuple(new)


def _size(op: str, size: object) -> Dimension:
    if isinstance(size, (str, float, bool, list, tuple)) or size is None:
        fail(op, f"a size must be an int, got {size!r}", expected="an int", got=repr(size))
    if not isinstance(size, (DimExpr, Unknown)) and not hasattr(size, "__index__"):
        raise Undetermined(f"{op}: the sizes are not known")
    return size  # type: ignore[return-value]


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
        fail(op, f"needs rank 2, got rank {len(x)}", [("operand", x)], expected=2, got=len(x), hint="use .mT or permute_dims")
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
    return drop_axes(op, x, positions, False)


def broadcast_to(op: str, x: Shape, shape: object) -> Shape:
    """``*s -> *t``: equal ranks; an axis of size 1 is stretched."""
    if not isinstance(shape, (tuple, list)):
        shape = (shape,)
    target: Shape = tuple(_size(op, size) for size in shape)
    operands = [("operand", x), ("shape", target)]
    if x == ():
        return target
    if len(plain_dims(x, op)) != len(target):
        fail(op, "ranks differ", operands, expected=len(target), got=len(x), hint="insert axes of size 1 with None")
    for index, (a, b) in enumerate(zip(x, target, strict=True)):
        stretched = broadcast_axes(a, b)
        if stretched is None or (not isinstance(b, (Variadic, Unknown)) and b != 1 and stretched != b) or (b == 1 and a != 1):
            fail(op, f"axis {index} of size {a} does not stretch to {b}", operands, axis=index, expected=b, got=a)
    return target


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
                result[index] = require_same(a, b, op, f"axis {index} differs", operands)
    return tuple(result)


def creation(op: str, shape: object, *parameters: object) -> Shape:
    """``-> *shape``."""
    sizes = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    new = tuple(_size(op, size) for size in sizes)
    for size in new:
        if isinstance(size, int) and size < 0:
            fail(op, f"size {size} is negative", [("shape", new)], expected="0 or more", got=size)
    return new


def eye(op: str, n_rows: object, n_cols: object = None, *parameters: object) -> Shape:
    """``-> n m``, m = n where it is not given."""
    return creation(op, (n_rows, n_rows if n_cols is None else n_cols))


def arange(op: str, start: object, stop: object = None, step: object = 1, *parameters: object) -> Shape:
    """``-> ceil((stop - start)/step)`` elements."""
    if stop is None:
        start, stop = 0, start
    if all(isinstance(value, (int, float)) for value in (start, stop, step)):
        if step == 0:
            fail(op, "step is 0", expected="a step other than 0", got=0)
        count = -((start - stop) // step)  # type: ignore[operator]
        return (max(0, int(count)),)
    if isinstance(step, int) and step == 1 and not isinstance(stop, float) and not isinstance(start, float):
        return (_size(op, stop) - _size(op, start),)
    return (UNKNOWN,)


def linspace(op: str, start: object, stop: object, num: object, *parameters: object) -> Shape:
    """``-> num``."""
    return creation(op, num)


def index(op: str, x: Shape, key: object) -> Shape:
    """Basic indexing: an int drops its axis, a slice keeps it, None inserts one, ``...`` stands for the rest."""
    items = list(key) if isinstance(key, tuple) else [key]
    consuming = [item for item in items if item is not None and item is not Ellipsis]
    if sum(item is Ellipsis for item in items) > 1:
        fail(op, "an index may have only one ...", [("operand", x)])
    variadic = variadic_position(x)
    if variadic is None and len(consuming) > len(x):
        problem = f"{len(consuming)} indices for a tensor of rank {len(x)}"
        fail(op, problem, [("operand", x)], expected=len(x), got=len(consuming))
    if Ellipsis not in items:
        items.append(Ellipsis)
    at = items.index(Ellipsis)
    before = sum(item is not None for item in items[:at])
    after = sum(item is not None for item in items[at + 1 :])
    if variadic is not None and (before > variadic or after > len(x) - variadic - 1):
        raise Undetermined(f"{op}: which axes of {show(x)} are indexed depends on {x[variadic]}")
    head, middle, tail = x[:before], x[before : len(x) - after], x[len(x) - after :]
    return (*_index_axes(op, head, items[:at], x), *middle, *_index_axes(op, tail, items[at + 1 :], x))


def _index_axes(op: str, axes: Shape, items: list[object], x: Shape) -> Shape:
    result: list[Axis] = []
    remaining = list(axes)
    for item in items:
        if item is None:
            result.append(1)
            continue
        size = remaining.pop(0)
        assert not isinstance(size, Variadic)
        if isinstance(item, slice):
            result.append(_slice_size(op, size, item, x))
        elif isinstance(item, (bool, str, float, list, tuple)):
            fail(op, f"cannot index with {item!r}", [("operand", x)], expected="ints, slices, None or ...", got=repr(item))
        elif isinstance(item, int) and isinstance(size, int) and not -size <= item < size:
            fail(op, f"index {item} is out of range for an axis of size {size}", [("operand", x)], expected=size, got=item)
    return tuple(result)


def _slice_size(op: str, size: Dimension, part: slice, x: Shape) -> Dimension:
    """As in Python and NumPy, a bound beyond the end is the end."""
    start, stop, step = part.start, part.stop, part.step
    if step is not None and isinstance(step, int) and step == 0:
        fail(op, "slice step is 0", [("operand", x)])
    known = all(value is None or isinstance(value, int) for value in (start, stop, step))
    if known and isinstance(size, int):
        return len(range(*part.indices(size)))
    if step is None or (isinstance(step, int) and step == 1):
        begin, end = _bound(start, size, 0), _bound(stop, size, size)
        if begin is None or end is None:
            return UNKNOWN
        length = end - begin
        return max(length, 0) if isinstance(length, int) else length
    if start is None and stop is None and isinstance(step, int) and abs(step) >= 1:
        return (size + (abs(step) - 1)) // abs(step)
    return UNKNOWN


def _bound(value: object, size: Dimension, default: Dimension) -> Dimension | None:
    """A slice bound counted from the front, where it can be seen to lie within the axis (a name is at least 1)."""
    if value is None:
        return default
    if isinstance(size, Unknown) or isinstance(value, Unknown):
        return None
    if isinstance(value, int):
        if value in (0, 1, -1):
            return value if value >= 0 else size + value
        return value if isinstance(size, int) and 0 <= value <= size else None
    return value if not isinstance(value, (str, float)) and same(value, size) else None  # type: ignore[arg-type, return-value]


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
