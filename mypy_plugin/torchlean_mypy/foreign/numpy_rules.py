"""The shapes of what NumPy's functions give: ours, where the two agree, and NumPy's own broadcasting.

A rule is called as those of the operation table are. What it cannot tell is ``Undetermined``; a ShapeError says that
NumPy raises, whatever the sizes are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from types import EllipsisType
from typing import Any

from torchlean_mypy.calls.iteration import length
from torchlean_typed.shapes import decomposition, gathering, rearrangement, rules, structure
from torchlean_typed.shapes.bounds import at_least
from torchlean_typed.shapes.dim import UNKNOWN, Dimension, DimExpr, Unknown, same
from torchlean_typed.shapes.dtypes import INTEGER, Dtype
from torchlean_typed.shapes.errors import Undetermined, show
from torchlean_typed.shapes.indexing import index
from torchlean_typed.shapes.shape import Axis, Shape, Variadic, is_known
from torchlean_typed.shapes.vocabulary import fail, plain_dims, require_sizes

Rule = Callable[..., Shape]


def broadcast(op: str, *shapes: Shape) -> Shape:
    """As NumPy does it, implicitly: from the last axis on, an axis of size 1 or none stretches."""
    result = shapes[0]
    for shape in shapes[1:]:
        result = _broadcast(op, result, shape)
    return result


def _broadcast(op: str, left: Shape, right: Shape) -> Shape:
    longer, shorter = (left, right) if len(left) >= len(right) else (right, left)
    if left == right or not shorter:
        return longer
    places = [place for place, axis in enumerate(longer[::-1]) if isinstance(axis, Variadic)]
    if any(isinstance(axis, Variadic) for axis in shorter) or any(place < len(shorter) for place in places):
        raise Undetermined(f"{op}: the ranks of the operands are not known")
    pairs = [*zip_longest(left[::-1], right[::-1], fillvalue=1)][::-1]
    return tuple(_stretched(op, pair, len(pairs) - place, left, right) for place, pair in enumerate(pairs))


def _stretched(op: str, pair: tuple[Axis, Axis], from_end: int, left: Shape, right: Shape) -> Axis:
    a, b = pair
    if isinstance(a, Variadic) or isinstance(b, Variadic):
        return a if isinstance(a, Variadic) else b
    if a == 1 or b == 1:
        return b if a == 1 else a
    known = [size for size in (a, b) if not isinstance(size, Unknown)]
    if len(known) < 2:
        return known[0] if known and isinstance(known[0], int) else UNKNOWN
    if same(a, b) is False:
        problem = f"the shapes do not broadcast: axis {-from_end} is {a} and {b}"
        fail(op, problem, [("left", left), ("right", right)], axis=-from_end, expected=a, got=b)
    return a if same(a, b) else UNKNOWN


def in_place(op: str, rule: Rule, left: Shape, right: Shape) -> Shape:
    """What an array becomes, which must keep its shape."""
    result = rule(op, left, right)
    if len(result) != len(left) or any(_differ(a, b) for a, b in zip(result, left, strict=True)):
        problem = "the result does not fit the array, which keeps its shape"
        fail(op, problem, [("left", left), ("right", right)], expected=left, got=result)
    return left


def setitem(array: Shape, key: object, value: Shape) -> Shape:
    """``array[key] = value``; axes of size 1 that the value has more before its own do not count."""
    place = getitem("setitem", array, key)
    while len(value) > len(place) and value[0] == 1:
        value = value[1:]
    return in_place("setitem", broadcast, place, value)


def _differ(a: Axis, b: Axis) -> bool:
    if isinstance(a, Variadic) or isinstance(b, Variadic):
        return a != b
    return same(a, b) is False


def matmul(op: str, left: Shape, right: Shape) -> Shape:
    """Of matrices and vectors; batches are broadcast."""
    if len(left) <= 2 or len(right) <= 2 or left[:-2] == right[:-2]:
        return rules.matmul(op, left, right)
    raise Undetermined(f"{op}: the batches may stretch")


def dot(op: str, left: Shape, right: Shape) -> Shape:
    """A product over the last axis and the last but one, each with each of what is before; with a scalar a multiple."""
    if not left or not right:
        return left or right
    if len(plain_dims(left, op)) <= 2 and len(plain_dims(right, op)) <= 2:
        return rules.matmul(op, left, right)
    place = -2 if len(right) > 1 else -1
    a, b = plain_dims(left, op)[-1], plain_dims(right, op)[place]
    if same(a, b) is False:
        problem = f"axis -1 of the left operand is {a}, axis {place} of the right is {b}"
        fail(op, problem, [("left", left), ("right", right)], axis=place, expected=a, got=b)
    return (*left[:-1], *right[:place], *right[len(right) + place + 1 :])


def getitem(op: str, x: Shape, key: object) -> Shape:
    """Basic indexing. A slice may lie outside, as Python's may: its size is known where it can be seen not to."""
    items = [*key] if isinstance(key, tuple) else [key]
    for item in items:
        if isinstance(item, bool) or not isinstance(item, int | DimExpr | Unknown | slice | None | EllipsisType):
            raise Undetermined(f"{op}: what {show(x)} is indexed with is not known")
    whole = [slice(None) if isinstance(item, slice) else item for item in items]
    result = [*index(op, x, tuple(whole))]
    at = items.index(...) if ... in items else len(items)
    for part, step in ((items[:at], 1), (items[at + 1 :][::-1], -1)):
        kept = [item for item in part if isinstance(item, slice | None)]
        for place, item in zip(range(len(result))[::step], kept, strict=False):
            if isinstance(item, slice):
                result[place] = _sliced(result[place], item)
    return tuple(result)


def taken(op: str, x: Shape, indices: Shape, dtype: Dtype) -> Shape:
    """The rows that an array of ints names; how many one of bools does is a matter of values."""
    if dtype not in INTEGER or not x or isinstance(x[0], Variadic) or not (is_known(x) or is_known(indices)):
        raise Undetermined(f"{op}: what {show(x)} is indexed with is not known")
    return gathering.take(op, x, indices, 0)


def _sliced(size: Axis, part: slice) -> Dimension:
    bounds = (part.start, part.stop, part.step)
    assert not isinstance(size, Variadic)
    if isinstance(size, int) and all(bound is None or isinstance(bound, int) for bound in bounds):
        return length(range(size)[part])
    if part.step in (None, 1, -1) and part.start is None and part.stop is None:
        return size
    begin, end = _bound(part.start, size, 0), _bound(part.stop, size, size)
    if part.step not in (None, 1) or not at_least(begin, 0) or not at_least(end - begin, 0):
        return UNKNOWN
    return end - begin if at_least(size - end, 0) else UNKNOWN


def _bound(value: object, size: Dimension, default: Dimension) -> Dimension:
    if not isinstance(value, int | DimExpr):
        return default if value is None else UNKNOWN
    return size + value if isinstance(value, int) and value < 0 else value


def cumulative(op: str, x: Shape, axis: object = None) -> Shape:
    """As long as the axis; without one, of all elements."""
    return structure.flatten(op, x) if axis is None else rules.along_axis(op, x, axis)


def along(op: str, x: Shape, axis: object = -1) -> Shape:
    """As ``cumulative``, along the last axis by default."""
    return cumulative(op, x, axis)


def squeeze(op: str, x: Shape, axis: object = None) -> Shape:
    """Without an axis of size 1, or all of them."""
    if axis is not None:
        return structure.squeeze(op, x, axis)
    if not all(isinstance(axis, int) for axis in x):
        raise Undetermined(f"{op}: which axes have size 1 is not known")
    return tuple(axis for axis in x if axis != 1)


def transpose(op: str, x: Shape, axes: object = None) -> Shape:
    """The axes in another order, by default the reverse."""
    return plain_dims(x, op)[::-1] if axes is None else structure.permute_dims(op, x, axes)


def vstack(op: str, arrays: Sequence[Shape]) -> Shape:
    """Vectors are rows."""
    return structure.concat(op, [(1, *x) if len(plain_dims(x, op)) == 1 else x for x in arrays], 0)


def column_stack(op: str, arrays: Sequence[Shape]) -> Shape:
    """Vectors are columns."""
    return structure.concat(op, [(*x, 1) if len(plain_dims(x, op)) == 1 else x for x in arrays], 1)


def hstack(op: str, arrays: Sequence[Shape]) -> Shape:
    """Along the second axis, vectors along the only one."""
    return structure.concat(op, arrays, min(1, len(plain_dims(arrays[0], op)) - 1) if arrays else 0)


def outer(op: str, a: Shape, b: Shape) -> Shape:
    """Of all elements with all."""
    return (*structure.flatten(op, a), *structure.flatten(op, b))


def norm(op: str, x: Shape, ord: object = None, axis: object = None, keepdims: object = False) -> Shape:
    """Over an axis or all."""
    return rules.reduction(op, x, axis, keepdims)


def diff(op: str, a: Shape, n: object = 1, axis: object = -1) -> Shape:
    """One less along the axis."""
    if n != 1 or not isinstance(axis, int) or len(plain_dims(a, op)) == 0:
        raise Undetermined(f"{op}: how often is not known")
    rules.along_axis(op, a, axis)
    sizes = [*plain_dims(a, op)]
    size = sizes[axis]
    sizes[axis] = max(0, size - 1) if isinstance(size, int) else size - 1 if at_least(size, 1) else UNKNOWN
    return tuple(sizes)


def solve(op: str, a: Shape, b: Shape) -> Shape:
    """Of one system."""
    if len(plain_dims(a, op)) != 2 or len(plain_dims(b, op)) > 2:
        raise Undetermined(f"{op}: the batches may stretch")
    return decomposition.solve(op, a, b)


def broadcast_to(op: str, x: Shape, shape: object) -> Shape:
    """A shape that the array stretches to."""
    target = require_sizes(shape, op)
    if len(target) < len(plain_dims(x, op)):
        fail(op, "the array has more axes", [("operand", x), ("shape", target)], expected=len(target), got=len(x))
    padded = (*target[: len(target) - len(x)], *x)
    return structure.broadcast_to(op, padded, target)


def unchanged(op: str, x: Shape, *others: Any) -> Shape:
    """The shape of the first."""
    return x


reduction, reshape, flatten, swapaxes = rules.reduction, structure.reshape, structure.flatten, structure.swapaxes
expand_dims, concat, stack, moveaxis = structure.expand_dims, structure.concat, structure.stack, rearrangement.moveaxis
index_reduction, square = gathering.index_reduction, decomposition.square
matrix_transpose = structure.matrix_transpose
