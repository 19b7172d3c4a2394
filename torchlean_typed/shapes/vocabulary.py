"""The small vocabulary that every shape rule is written in: it works alike on integers and on symbols.

A rule never compares dimensions itself. ``require_same`` and friends raise a ShapeError for a definite disagreement;
an unknown passes here and stays visible as an unknown dimension of the result; what cannot be decided at all raises
``Undetermined``, which only happens with symbols.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from torchlean_typed.shapes.dim import UNKNOWN, Dimension, DimExpr, Unknown, divide_exactly, same
from torchlean_typed.shapes.errors import ShapeError, Undetermined, show
from torchlean_typed.shapes.shape import Axis, Shape, Variadic

Operands = Sequence[tuple[str, Shape]]
IntLike = Dimension
BROADCAST_HINT = "broadcasting is explicit"


def fail(
    op: str,
    problem: str,
    operands: Operands = (),
    *,
    axis: int | None = None,
    expected: object = None,
    got: object = None,
    hint: str | None = None,
) -> NoReturn:
    """Raise the ShapeError of a broken rule."""
    raise ShapeError(op, problem, operands=operands, axis=axis, expected=expected, got=got, hint=hint)


def require_same(
    a: Dimension, b: Dimension, op: str, problem: str, operands: Operands, hint: str | None = None
) -> Dimension:
    """``a`` and ``b`` must be equal; gives the one that is known."""
    if same(a, b) is False:
        fail(op, f"{problem}: {a} and {b}", operands, expected=a, got=b, hint=hint)
    return b if isinstance(a, Unknown) else a


def variadic_position(shape: Shape) -> int | None:
    """Where the shape's variadic stands, if it has one."""
    return next((index for index, axis in enumerate(shape) if isinstance(axis, Variadic)), None)


def plain_dims(shape: Shape, op: str) -> tuple[Dimension, ...]:
    """The dimensions of a shape of known rank."""
    dims = tuple(axis for axis in shape if not isinstance(axis, Variadic))
    if len(dims) < len(shape):
        raise Undetermined(f"{op}: the rank of {show(shape)} is not known")
    return dims


def require_int(value: object, op: str, what: str) -> int:
    """A parameter whose value must be known to decide the shape."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if value is None or isinstance(value, (str, float, bool, tuple, list)):
        fail(op, f"{what} must be an int, got {value!r}", expected="an int", got=repr(value))
    raise Undetermined(f"{op}: the value of {what} is not known")


def require_size(value: object, op: str) -> Dimension:
    """A parameter that is a size: an int or a dimension; whether it may be negative is the rule's to say."""
    if value is None or isinstance(value, (str, float, bool, tuple, list)):
        fail(op, f"a size must be an int, got {value!r}", expected="an int", got=repr(value))
    if not isinstance(value, (int, DimExpr, Unknown)):
        raise Undetermined(f"{op}: the sizes are not known")
    return value


def require_axes(value: object, op: str) -> Shape:
    """A parameter that is a shape, or the one size of a vector; a symbolic shape may have a variadic."""
    sizes = value if isinstance(value, (tuple, list)) else (value,)
    axes = tuple(size if isinstance(size, Variadic) else require_size(size, op) for size in sizes)
    if sum(isinstance(axis, Variadic) for axis in axes) > 1:
        raise Undetermined(f"{op}: a shape with two variadic parts, {show(axes)}, cannot be told")
    return axes


def require_sizes(value: object, op: str) -> Shape:
    """As ``require_axes``, where no size is negative."""
    sizes = require_axes(value, op)
    for size in sizes:
        if isinstance(size, int) and size < 0:
            fail(op, f"size {size} is negative", [("shape", sizes)], expected="0 or more", got=size)
    return sizes


def require_number(value: object, op: str, what: str) -> None:
    """A parameter that is a number; its value need not be known."""
    if value is None or isinstance(value, (str, bool, tuple, list)):
        fail(op, f"{what} must be a number, got {value!r}", expected="a number", got=repr(value))


def require_flag(value: object, op: str, what: str) -> bool:
    """A parameter that is True or False, which must be known to decide the shape."""
    if isinstance(value, bool):
        return value
    if value is None or isinstance(value, (str, float, int, tuple, list)):
        fail(op, f"{what} must be True or False, got {value!r}", expected="True or False", got=repr(value))
    raise Undetermined(f"{op}: the value of {what} is not known")


def axis_position(shape: Shape, axis: object, op: str, extra: int = 0, what: str = "axis") -> int:
    """The place in ``shape`` of an axis counted from either end, checked; ``extra`` for an axis to be inserted."""
    number = require_int(axis, op, what)
    variadic = variadic_position(shape)
    if variadic is None:
        rank = len(shape) + extra
        if not -rank <= number < rank:
            allowed = f"an axis from {-rank} to {rank - 1}" if rank else "no axis: the operand is a scalar"
            fail(
                op, f"{what} {number} is out of range", [("operand", shape)], axis=number, expected=allowed, got=number
            )
        return number % rank
    if 0 <= number < variadic + extra:
        return number
    if number < 0 and -number <= len(shape) - variadic - 1 + extra:
        return len(shape) + extra + number
    raise Undetermined(f"{op}: which axis of {show(shape)} is axis {number} depends on {shape[variadic]}")


def axis_positions(shape: Shape, axis: object, op: str) -> tuple[int, ...]:
    """The places of one axis, several, or (None) all of them; a repeated axis is an error."""
    if axis is None:
        return tuple(range(len(shape)))
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    positions = tuple(axis_position(shape, item, op) for item in axes)
    if len(set(positions)) < len(positions):
        fail(op, f"axis {show(axes)} names one axis twice", [("operand", shape)], got=show(axes))
    return positions


def broadcast_axes(a: Axis, b: Axis) -> Axis | None:
    """Two axes of one place: equal, or one of them the literal 1. None where they disagree."""
    if isinstance(a, Variadic) or isinstance(b, Variadic):
        return a if a == b else None
    if isinstance(a, int) and a == 1:
        return b
    if isinstance(b, int) and b == 1:
        return a
    if same(a, b) is False:
        return None
    if isinstance(a, Unknown) and isinstance(b, Unknown):
        return UNKNOWN
    # an unknown axis may be 1 or the other size: then the result is the other size either way
    return b if isinstance(a, Unknown) else a


def broadcast(op: str, operands: Operands) -> Shape:
    """The common shape, broadcast rank-explicitly: equal ranks, only a literal 1 stretches, scalars go with all."""
    shapes = [shape for _, shape in operands if shape != ()]
    if not shapes:
        return ()
    result = shapes[0]
    for shape in shapes[1:]:
        result = _broadcast_two(op, result, shape, operands)
    return result


def _broadcast_two(op: str, a: Shape, b: Shape, operands: Operands) -> Shape:
    anonymous = (Variadic(None),)
    if a == b and anonymous[0] not in a:
        return a
    if anonymous[0] in a or anonymous[0] in b:
        return _broadcast_unknown(op, a, b, operands)
    if len(a) != len(b) or variadic_position(a) != variadic_position(b):
        fail(op, "ranks differ", operands, expected=show(a), got=show(b), hint=_rank_hint(a, b))
    axes: list[Axis] = []
    for index, (x, y) in enumerate(zip(a, b, strict=True)):
        axis = broadcast_axes(x, y)
        if axis is None:
            problem = f"axis {index} differs: {x} and {y}"
            fail(op, problem, operands, axis=index, expected=x, got=y, hint=_axis_hint(a, b))
        axes.append(axis)
    return tuple(axes)


def _broadcast_unknown(op: str, a: Shape, b: Shape, operands: Operands) -> Shape:
    """Where the rank of one is unknown: what stands at the right end must agree all the same."""
    tail: list[Axis] = []
    for x, y in zip(reversed(a), reversed(b), strict=False):
        if isinstance(x, Variadic) or isinstance(y, Variadic):
            break
        axis = broadcast_axes(x, y)
        if axis is None:
            fail(op, f"axis {-len(tail) - 1} differs: {x} and {y}", operands, axis=-len(tail) - 1, expected=x, got=y)
        tail.insert(0, axis)
    if variadic_position(a) is None or variadic_position(b) is None:
        known, other = (a, b) if variadic_position(a) is None else (b, a)
        if len(other) - 1 > len(known):
            fail(op, "ranks differ", operands, expected=show(a), got=show(b))
        head = known[: len(known) - len(tail)]
        return (*(UNKNOWN if same(axis, 1) else axis for axis in head if not isinstance(axis, Variadic)), *tail)
    return (Variadic(None), *tail)


def _rank_hint(a: Shape, b: Shape) -> str:
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    missing = len(longer) - len(shorter)
    if variadic_position(longer) is None and variadic_position(shorter) is None and missing:
        # a place where the axes are equal is likelier meant than one where they stretch; else NumPy's own, at the right
        starts = range(missing, -1, -1)
        windows = [(start, longer[start : start + len(shorter)]) for start in starts]
        equal = [start for start, window in windows if window == shorter]
        fitting = [start for start, window in windows if all(map(_stretches, window, shorter))]
        for start in (equal + fitting)[:1]:
            index = ["None"] * start + [":"] * len(shorter) + ["None"] * (missing - start)
            reduced = ", or keepdims=True where it was reduced" if start == 0 and longer[-1] != 1 else ""
            return f"{BROADCAST_HINT}: did you mean [{', '.join(index)}] on {show(shorter)}{reduced}?"
    if longer[: len(shorter)] == shorter and missing:  # both with the same variadic
        places = ", ".join(["...", *["None"] * missing])
        return f"{BROADCAST_HINT}: did you mean [{places}] on {show(shorter)}, or keepdims=True where it was reduced?"
    return f"{BROADCAST_HINT}: both operands need the same rank"


def _stretches(a: Axis, b: Axis) -> bool:
    return broadcast_axes(a, b) is not None


def _axis_hint(a: Shape, b: Shape) -> str | None:
    if len(a) == len(b) >= 2 and a == (*b[:-2], b[-1], b[-2]):
        return f"did you mean {'.T' if len(a) == 2 else '.mT'} on one of them?"
    return f"{BROADCAST_HINT}: only an axis of size 1 stretches"


def exact_quotient(a: Dimension, b: Dimension, op: str, problem: str, operands: Operands) -> Dimension:
    """``a / b`` where ``b`` divides ``a``; an error where it never does, unknown where that depends on the names."""
    if isinstance(a, int) and isinstance(b, int):
        if b == 0 or a % b:
            fail(op, problem, operands, expected=f"a multiple of {b}", got=a)
        return a // b
    quotient = divide_exactly(a, b)
    return UNKNOWN if quotient is None else quotient
