"""The shape rule of basic indexing."""

from __future__ import annotations

from torchlean_typed.shapes.bounds import at_least
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
    """As in Python a bound beyond the end is the end; but a slice starts within the axis, and ends where it may."""
    start, stop, step = part.start, part.stop, part.step
    for value in (start, stop, step):
        if isinstance(value, (str, float, tuple, list)):
            fail(op, f"a slice takes ints, got {value!r}", [("operand", x)], expected="an int", got=repr(value))
        if not isinstance(value, int | DimExpr | Unknown | None):
            raise Undetermined(f"{op}: what {show(x)} is sliced by is not known")
    if isinstance(step, int) and step == 0:
        fail(op, "slice step is 0", [("operand", x)], expected="a step other than 0", got=0)
    if not isinstance(step, int | None):
        return UNKNOWN
    stride = 1 if step is None else step
    if stride > 0:
        _require_inside(op, size, part, x)
    if isinstance(size, int) and isinstance(start, int | None) and isinstance(stop, int | None):
        first, last, by = part.indices(size)
        return max(0, (last - first + by - (1 if by > 0 else -1)) // by)  # no range is as long as an int may be
    if stride < 0:
        return (size - stride - 1) // -stride if start is None and stop is None else UNKNOWN
    begin, end = _start(start, size), _stop(stop, size)
    return (end - begin + stride - 1) // stride


def _require_inside(op: str, size: Dimension, part: slice, x: Shape) -> None:
    """No slice is empty because it was cut short: so a type can say what its size is."""
    begin, end = _from_front(part.start, size, 0), _from_front(part.stop, size, size)
    problem = None
    if _is_negative(size - begin):
        problem = "starts beyond its end"
    elif _is_negative(end - begin):
        problem = "ends before it starts"
    elif same(size, 0) and any(isinstance(bound, int) and bound for bound in (part.start, part.stop)):
        problem = "takes what is not there"
    if problem is not None:
        text = ":".join("" if bound is None else str(bound) for bound in (part.start, part.stop))
        fail(
            op, f"slice {text} of an axis of size {size} {problem}", [("operand", x)], expected="a part of it", got=text
        )


def _is_negative(dim: Dimension) -> bool:
    return isinstance(dim, int) and dim < 0


def _from_front(value: Dimension | None, size: Dimension, default: Dimension) -> Dimension:
    """A bound counted from the front; unknown where it is not seen from which end it counts."""
    if value is None:
        return default
    if at_least(value, 0) or same(value, size - 1):  # of an empty axis that is -1, which is not there
        return value
    return size + value if at_least(-value, 1) else UNKNOWN


def _start(value: Dimension | None, size: Dimension) -> Dimension:
    """Where a slice begins; unknown where that may lie before the axis."""
    begin = _from_front(value, size, 0)
    return begin if at_least(begin, 0) or same(begin, size - 1) else UNKNOWN


def _stop(value: Dimension | None, size: Dimension) -> Dimension:
    """Where a slice ends; unknown where that may lie beyond the axis."""
    end = _from_front(value, size, size)
    return end if at_least(size - end, 0) or same(end, 1) else UNKNOWN
