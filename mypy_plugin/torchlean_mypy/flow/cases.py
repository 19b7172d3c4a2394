"""``match x.shape``: the cases that nobody comes to, since they fit none of the shapes, or others fit before them.

To mypy a size is an int, and a pattern fits it or does not. What stands in such a case is dead, and not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from mypy.nodes import Expression, IntExpr, MatchStmt
from mypy.patterns import AsPattern, OrPattern, Pattern, SequencePattern, StarredPattern, ValuePattern
from mypy.types import UnionType, get_proper_type

from torchlean_mypy.flow.questions import question
from torchlean_mypy.types.convert import shape_of
from torchlean_mypy.types.facts import applied, differ
from torchlean_typed.shapes.shape import Shape, Variadic


def follow(statement: MatchStmt, owner: Expression) -> None:
    """Have mypy ask at the beginning of each case; ``owner`` is the tensor."""
    earlier: list[Pattern] = []
    for pattern, guard, body in zip(statement.patterns, statement.guards, statement.bodies, strict=True):
        body.body.insert(0, question(body, partial(_begin, owner, pattern, [*earlier])))
        earlier += [pattern] if guard is None else []


def _begin(owner: Expression, pattern: Pattern, earlier: Sequence[Pattern], api: Any) -> None:
    with api.msg.filter_errors(), api.local_type_map:  # what was found of it before is what another case says
        typ = get_proper_type(api.expr_checker.accept(owner))
    shapes = [shape_of(item) for item in (typ.items if isinstance(typ, UnionType) else [typ])]
    if all(shape is not None and _is_dead(pattern, earlier, applied(shape)) for shape in shapes):
        api.binder.unreachable()


def _is_dead(pattern: Pattern, earlier: Sequence[Pattern], shape: Shape) -> bool:
    """Whether a tensor of this shape does not come to a case."""
    return _never_fits(pattern, shape) or any(_always_fits(other, shape) for other in earlier)


def _never_fits(pattern: Pattern, shape: Shape) -> bool:
    match pattern:
        case AsPattern(pattern=inner):
            return inner is not None and _never_fits(inner, shape)
        case OrPattern(patterns=alternatives):
            return all(_never_fits(one, shape) for one in alternatives)
        case SequencePattern(patterns=parts):
            pairs = _paired(parts, shape)
            is_open = any(isinstance(axis, Variadic) for axis in shape)
            if pairs is None:
                return not is_open or (len(parts) < len(shape) - 1 and not any(map(_is_starred, parts)))
            return any(isinstance(part, ValuePattern) and differ(_number(part), axis) for part, axis in pairs)
    return False


def _always_fits(pattern: Pattern, shape: Shape) -> bool:
    match pattern:
        case AsPattern(pattern=inner):
            return inner is None or _always_fits(inner, shape)
        case OrPattern(patterns=alternatives):
            return any(_always_fits(one, shape) for one in alternatives)
        case SequencePattern(patterns=parts):
            if any(isinstance(axis, Variadic) for axis in shape):
                is_long_enough = len(parts) <= len(shape) and any(map(_is_starred, parts))
                return is_long_enough and all(_is_starred(part) or _is_any(part) for part in parts)
            pairs = _paired(parts, shape)
            return pairs is not None and all(_is_any(part) or _number(part) == axis for part, axis in pairs)
    return False


def _paired(parts: Sequence[Pattern], shape: Shape) -> list[tuple[Pattern, object]] | None:
    """The parts of a pattern, each with its axis; None where there are not as many, or where that is not known."""
    if any(isinstance(axis, Variadic) for axis in shape):
        return None
    star = next((number for number, part in enumerate(parts) if _is_starred(part)), None)
    if star is None:
        return [*zip(parts, shape, strict=True)] if len(parts) == len(shape) else None
    behind = len(parts) - star - 1
    if len(shape) < star + behind:
        return None
    last = len(shape) - behind
    return [*zip(parts[:star], shape[:star], strict=True), *zip(parts[star + 1 :], shape[last:], strict=True)]


def _is_starred(part: Pattern) -> bool:
    return isinstance(part, StarredPattern)


def _is_any(part: Pattern) -> bool:
    return isinstance(part, AsPattern) and part.pattern is None


def _number(part: Pattern) -> int | None:
    return part.expr.value if isinstance(part, ValuePattern) and isinstance(part.expr, IntExpr) else None
