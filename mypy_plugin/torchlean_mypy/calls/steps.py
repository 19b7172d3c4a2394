"""``x[i : i + 1]`` in ``for i in range(x.shape[0])``: one item, where a slice by itself may reach beyond its axis."""

from __future__ import annotations

from typing import Any

from mypy.nodes import CallExpr, Expression, IntExpr, NameExpr, OpExpr, RefExpr, SliceExpr, StarExpr, TupleExpr

from torchlean_mypy.calls.arguments import type_of, value_of
from torchlean_mypy.syntax.lookups import loops_of
from torchlean_typed.shapes.dim import UNKNOWN, DimExpr
from torchlean_typed.shapes.shape import Shape


def stepped(api: Any, expression: Expression | None, key: object, shape: Shape | None) -> object:
    """The key, with ``i, None`` for each ``i : i + 1`` of which ``i`` is known to be within its axis."""
    parts = expression.items if isinstance(expression, TupleExpr) else [expression]
    values = key if isinstance(key, tuple) else (key,)
    if shape is None or not any(isinstance(part, SliceExpr) and part.begin_index is not None for part in parts):
        return key
    if len(parts) != len(values) or any(isinstance(part, StarExpr) for part in parts):
        return key
    found: list[object] = []
    axis = 0
    for part, value in zip(parts, values, strict=True):
        if not (value is None or value is UNKNOWN or isinstance(value, slice | int | DimExpr)):
            return key
        is_one = isinstance(part, SliceExpr) and axis < len(shape) and _is_step(api, part, shape[axis])
        found += [UNKNOWN, None] if is_one else [value]
        axis += value is not None
    return tuple(found) if len(found) > len(values) else key


def _is_step(api: Any, part: SliceExpr, size: object) -> bool:
    match part:
        case SliceExpr(
            begin_index=NameExpr() as index,
            end_index=OpExpr(op="+", left=NameExpr(node=again), right=IntExpr(value=1)),
            stride=None,
        ) if again is index.node and isinstance(size, int | DimExpr):
            loops = loops_of(api.tree, index)
            return bool(loops) and all(_is_within(api, loop, size) for loop in loops)
    return False


def _is_within(api: Any, loop: Expression, size: int | DimExpr) -> bool:
    """Whether what a loop goes over are indices of an axis of this size."""
    match loop:
        case CallExpr(callee=RefExpr(fullname="builtins.range"), args=[*start, bound]) if len(start) < 2:
            first, end = [value_of(api, one, type_of(api, one)) for one in [*(start or [IntExpr(0)]), bound]]
            left = size - end if isinstance(end, int | DimExpr) else None
            return isinstance(first, int) and first >= 0 and isinstance(left, int) and left >= 0
    return False
