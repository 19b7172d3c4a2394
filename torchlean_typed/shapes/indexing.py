"""The shape rule of basic indexing."""

from __future__ import annotations

from torchlean_typed.shapes.dim import UNKNOWN, Dimension, DimExpr, Unknown, same
from torchlean_typed.shapes.errors import Undetermined, show
from torchlean_typed.shapes.shape import Axis, Shape, Variadic
from torchlean_typed.shapes.vocabulary import fail, variadic_position


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
            allowed = "ints, slices, None or ..."
            fail(op, f"cannot index with {item!r}", [("operand", x)], expected=allowed, got=repr(item))
        elif not isinstance(item, (int, DimExpr, Unknown)):
            raise Undetermined(f"{op}: what {show(x)} is indexed with is not known")
        elif isinstance(item, int) and isinstance(size, int) and not -size <= item < size:
            problem = f"index {item} is out of range for an axis of size {size}"
            fail(op, problem, [("operand", x)], expected=size, got=item)
    return tuple(result)


def _slice_size(op: str, size: Dimension, part: slice, x: Shape) -> Dimension:
    """As in Python and NumPy, a bound beyond the end is the end."""
    start, stop, step = part.start, part.stop, part.step
    for value in (start, stop, step):
        if isinstance(value, (str, float, tuple, list)):
            fail(op, f"a slice takes ints, got {value!r}", [("operand", x)], expected="an int", got=repr(value))
    if isinstance(step, int) and step == 0:
        fail(op, "slice step is 0", [("operand", x)], expected="a step other than 0", got=0)
    if isinstance(size, int) and all(value is None or isinstance(value, int) for value in (start, stop, step)):
        return len(range(*part.indices(size)))
    if step is None or (isinstance(step, int) and step == 1):
        begin, end = _bound(start, size, 0), _bound(stop, size, 1)
        return UNKNOWN if begin is None or end is None else _between(begin, end, size)
    if start is None and stop is None and isinstance(step, int):
        return (size + (abs(step) - 1)) // abs(step)
    return UNKNOWN


# A bound of a slice as (from which end, offset): (0, 1) is index 1, (1, -1) the last index.
Bound = tuple[int, int]


def _bound(value: object, size: Dimension, default: int) -> Bound | None:
    """A bound that can be seen to lie within the axis, where a name is at least 1; else None."""
    if value is None:
        return (default, 0)
    if isinstance(value, int):
        return {0: (0, 0), 1: (0, 1), -1: (1, -1)}.get(value)
    return (1, 0) if isinstance(value, DimExpr) and same(value, size) else None


def _between(begin: Bound, end: Bound, size: Dimension) -> Dimension:
    length = end[1] - begin[1]
    if begin[0] == end[0]:
        return max(length, 0)
    return size + length if begin[0] < end[0] else 0  # from the back to the front: nothing, at sizes above 1
