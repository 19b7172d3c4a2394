"""The shape rules of rearrangements: axes moved, turned, cut and padded."""

from __future__ import annotations

from itertools import pairwise

from torchlean_typed.shapes.dim import Dimension, DimExpr, Unknown
from torchlean_typed.shapes.errors import Undetermined, show
from torchlean_typed.shapes.shape import Axis, Shape, Shapes, Variadic
from torchlean_typed.shapes.vocabulary import (
    axis_position,
    axis_positions,
    exact_quotient,
    fail,
    plain_dims,
    require_int,
    require_size,
    variadic_position,
)


def moved_axes(op: str, x: Shape, source: object, destination: object) -> tuple[int, ...]:
    """The places in ``x`` of the result's axes, in their order."""
    if not isinstance(source, (tuple, list)) and not isinstance(destination, (tuple, list)):
        start = axis_position(x, source, op, what="source")
        others = [index for index in range(len(x)) if index != start]
        rest = tuple(x[index] for index in others)
        others.insert(axis_position(rest, destination, op, extra=1, what="destination"), start)
        return tuple(others)
    plain_dims(x, op)
    starts, ends = axis_positions(x, source, op), axis_positions(x, destination, op)
    if len(starts) != len(ends):
        problem = f"{len(starts)} axes go to {len(ends)} places"
        fail(op, problem, [("operand", x)], expected=len(starts), got=len(ends))
    order = [index for index in range(len(x)) if index not in starts]
    for end, start in sorted(zip(ends, starts, strict=True)):
        order.insert(end, start)
    return tuple(order)


def moveaxis(op: str, x: Shape, source: object, destination: object) -> Shape:
    """``*s -> *s`` with axes in other places, the rest in their order."""
    return tuple(x[index] for index in moved_axes(op, x, source, destination))


def flip(op: str, x: Shape, axis: object = None) -> Shape:
    """``*s -> *s``."""
    axis_positions(x, axis, op)
    return x


def roll(op: str, x: Shape, shift: object, axis: object = None) -> Shape:
    """``*s -> *s``; as many shifts as axes, or one for all."""
    if isinstance(shift, (tuple, list)):
        axes = len(axis) if isinstance(axis, (tuple, list)) else 0 if axis is None else 1
        if len(shift) != axes:
            fail(op, f"{len(shift)} shifts for {axes} axes", [("operand", x)], expected=axes, got=len(shift))
    elif shift is None or isinstance(shift, (str, float, bool)):
        fail(op, f"shift must be an int, got {shift!r}", expected="an int", got=repr(shift))
    axis_positions(x, axis, op)
    return x


def split(op: str, x: Shape, indices_or_sections: object, axis: object = 0) -> Shapes:
    """``*a n *b -> *a k *b, *a k *b, ...``: equal parts, or parts that begin at the indices."""
    position = axis_position(x, axis, op)
    size = x[position]
    assert not isinstance(size, Variadic)
    parts = [(*x[:position], part, *x[position + 1 :]) for part in _parts(op, x, size, indices_or_sections, position)]
    return Shapes(parts)


def _parts(op: str, x: Shape, size: Dimension, sections: object, axis: int) -> list[Dimension]:
    operands = [("operand", x)]
    if not isinstance(sections, (tuple, list)):
        count = require_int(sections, op, "indices_or_sections")
        if count < 1:
            fail(op, f"{count} parts are none", operands, axis=axis, expected="1 or more", got=count)
        problem = f"axis {axis} of size {size} has no {count} equal parts"
        part = exact_quotient(size, count, op, problem, operands)
        return [size // count if isinstance(part, Unknown) else part] * count
    bounds: list[Dimension] = [0, *(require_size(index, op) for index in sections), size]
    sizes = [end - start for start, end in pairwise(bounds)]
    if any(isinstance(part, int) and part < 0 for part in sizes):
        inner = ", ".join(map(str, bounds[1:-1]))
        problem = f"the indices [{inner}] do not rise from 0 to {size}"
        fail(op, problem, operands, axis=axis, expected=f"rising indices from 0 to {size}", got=inner)
    return sizes


def pad_widths(op: str, x: Shape, pad_width: object) -> tuple[tuple[Dimension, Dimension], ...]:
    """How much is put before and after each axis."""
    if isinstance(pad_width, (int, DimExpr, Unknown)):
        pad_width = (pad_width, pad_width)
    if not isinstance(pad_width, (tuple, list)):
        raise Undetermined(f"{op}: the value of pad_width is not known")
    dims = plain_dims(x, op)
    pairs = list(pad_width)
    if len(pairs) == 2 and not any(isinstance(width, (tuple, list)) for width in pairs):
        _widths(op, x, pairs)
        pairs = [pairs] * len(dims)
    if len(pairs) != len(dims):
        problem = f"{len(pairs)} pairs of widths for a tensor of rank {len(dims)}"
        fail(op, problem, [("operand", x)], expected=len(dims), got=len(pairs))
    return tuple(_widths(op, x, pair) for pair in pairs)


def _widths(op: str, x: Shape, pair: object) -> tuple[Dimension, Dimension]:
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        fail(op, f"a width is a pair (before, after), got {pair!r}", [("operand", x)], expected=2, got=repr(pair))
    before, after = (require_size(width, op) for width in pair)
    for width in (before, after):
        if isinstance(width, int) and width < 0:
            fail(op, f"width {width} is negative", [("operand", x)], expected="0 or more", got=width)
    return before, after


def pad(op: str, x: Shape, pad_width: object, constant_values: object = 0) -> Shape:
    """``n m -> p+n+q r+m+s``."""
    widths = pad_widths(op, x, pad_width)
    return tuple(before + size + after for (before, after), size in zip(widths, plain_dims(x, op), strict=True))


def matrix_axes(op: str, x: Shape) -> tuple[Dimension, Dimension]:
    """The last two axes."""
    rows, columns = last_axes(op, x, 2, "two axes")
    return rows, columns


def last_axes(op: str, x: Shape, count: int, what: str) -> tuple[Dimension, ...]:
    """The last axes of a tensor that has so many at least."""
    axes = x[-count:]
    if len(x) < count and variadic_position(x) is None:
        fail(op, f"needs at least {what}", [("operand", x)], expected=f"rank {count} or more", got=f"rank {len(x)}")
    if len(x) < count or any(isinstance(axis, Variadic) for axis in axes):
        raise Undetermined(f"{op}: the last axes of the operand are not known")
    return plain_dims(axes, op)


def triangle(op: str, x: Shape, k: object = 0) -> Shape:
    """``*b n m -> *b n m``."""
    matrix_axes(op, x)
    if k is None or isinstance(k, (str, float, bool, tuple, list)):
        fail(op, f"k must be an int, got {k!r}", expected="an int", got=repr(k))
    return x


def require_shape(op: str, got: Shape, wanted: Shape, what: str, operands: list[tuple[str, Shape]]) -> None:
    """``got`` must be ``wanted``, axis by axis."""
    if Variadic(None) in got or Variadic(None) in wanted:
        return
    if len(got) != len(wanted) or variadic_position(got) != variadic_position(wanted):
        rest = next((f", whose rank depends on {axis}" for axis in (*wanted, *got) if isinstance(axis, Variadic)), "")
        problem = f"{what} must have shape {show(wanted)}, got {show(got)}{rest}"
        fail(op, problem, operands, expected=show(wanted), got=show(got))
    for index, (a, b) in enumerate(zip(wanted, got, strict=True)):
        if _differ(a, b):
            fail(op, f"axis {index} of {what} differs: {a} and {b}", operands, axis=index, expected=a, got=b)


def _differ(a: Axis, b: Axis) -> bool:
    if isinstance(a, (Variadic, Unknown)) or isinstance(b, (Variadic, Unknown)):
        return isinstance(a, Variadic) and isinstance(b, Variadic) and a != b
    return a != b
