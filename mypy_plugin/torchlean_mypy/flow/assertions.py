"""Assertions about sizes: what ``==`` and ``%`` and ``tl.divides`` say where they are asserted."""

from __future__ import annotations

from functools import partial
from itertools import chain, pairwise
from typing import Any

from mypy.nodes import CallExpr, ComparisonExpr, Expression, IndexExpr, MemberExpr, NameExpr, OpExpr
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import AnyType, Instance, ProperType, TupleType, Type, TypeOfAny, UnionType, get_proper_type

from torchlean_mypy.calls.arguments import type_of, value_of, value_of_type
from torchlean_mypy.flow import ranks
from torchlean_mypy.flow.narrowing import Narrowed
from torchlean_mypy.reports.codes import report
from torchlean_mypy.syntax.names import DIM, NDARRAY, PACKAGE, SHAPE
from torchlean_mypy.types import facts
from torchlean_mypy.types.convert import Types, each_in, shape_of, tensor_of
from torchlean_mypy.types.facts import Asserted, Facts
from torchlean_typed.shapes.dim import UNKNOWN, Dimension, DimExpr, Unknown
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import ANY_SHAPE, Axis, Shape, Variadic
from torchlean_typed.shapes.vocabulary import exact_quotient


def remainder(ctx: MethodContext, name: str) -> Type:
    """``assert d % h == 0``."""
    if isinstance(ctx.context, OpExpr) and Facts.asserted(ctx.api, ctx.context) is not None:
        dividend, divisor = value_of_type(ctx.type), value_of(ctx.api, ctx.args[0][0], ctx.arg_types[0][0])
        if _is_size(dividend) and _is_size(divisor):
            facts.divides(ctx.api, ctx.context, _size(divisor), _size(dividend))
    return ctx.default_return_type


def divides(ctx: FunctionContext, name: str) -> Type:
    """``tl.divides(h, d)``, which raises where it does not."""
    if not all(ctx.arg_types):
        return ctx.default_return_type
    divisor, dividend = (
        value_of(ctx.api, given[0], types[0]) for given, types in zip(ctx.args, ctx.arg_types, strict=True)
    )
    if _is_size(divisor) and _is_size(dividend):
        try:
            exact_quotient(_size(dividend), _size(divisor), name, f"{divisor} does not divide {dividend}", ())
        except ShapeError as error:
            report(ctx.api, error, ctx.context)
        facts.divides(ctx.api, ctx.context, _size(divisor), _size(dividend))
    return ctx.default_return_type


def same(ctx: MethodContext, name: str) -> Type:
    """``assert x.shape == (3, 4)``, ``assert x.shape[0] == n`` and ``assert x.ndim == 2``."""
    api, node = ctx.api, ctx.context
    if not isinstance(node, ComparisonExpr):
        return ctx.default_return_type
    asserted = Facts.asserted(api, node)
    if asserted is not None and (len(node.operands) == 2 or {*node.operators} == {"=="}):
        values = [_side(api, side) for side in node.operands]
        for one, other in chain(*(_pairs(left, right) for left, right in pairwise(values))):
            if _is_size(one) and _is_size(other):
                facts.equal(api, node, _size(one), _size(other))
        if len(values) == 2 and asserted.condition:
            shorter = map(partial(_is_shorter, api), node.operands, reversed(values))
            asserted.never = facts.differ(*values) or any(shorter)
        if len(values) == 2 and not asserted.condition:
            for side, value in zip(node.operands, reversed(values), strict=True):
                _learn_rank(api, asserted, side, value)
                _narrow(api, side, value)
    return unnarrowed(ctx, name)


def unnarrowed(ctx: MethodContext, name: str) -> Type:
    """Keep mypy from narrowing what is compared: to mypy two names are never equal, and code where they are is dead."""
    if isinstance(ctx.context, ComparisonExpr):
        for operand in ctx.context.operands:
            if _has_names(type_of(ctx.api, operand)):
                checker: Any = ctx.api
                checker.store_type(operand, AnyType(TypeOfAny.special_form))
    return ctx.default_return_type


def _side(api: Any, side: Expression) -> object:
    """The value of a side of a comparison; a shape is that of its tensor, since mypy narrows ``x.shape`` itself."""
    shape = shape_of(type_of(api, side.expr)) if isinstance(side, MemberExpr) and side.name == "shape" else None
    if shape is None or any(isinstance(axis, Variadic) for axis in shape):
        return value_of(api, side, type_of(api, side))
    return facts.applied(shape)


def _has_names(typ: Type | None) -> bool:
    proper = get_proper_type(typ) if typ is not None else None
    items = proper.items if isinstance(proper, TupleType) else ()
    return any(isinstance(item, Instance) and item.type.fullname == DIM for item in map(get_proper_type, items))


def _is_size(value: object) -> bool:
    return isinstance(value, int | DimExpr) and not isinstance(value, bool)


def _pairs(left: object, right: object) -> list[tuple[object, object]]:
    if isinstance(left, tuple) and isinstance(right, tuple):
        return list(zip(left, right, strict=True)) if len(left) == len(right) else []
    return [(left, right)]


def _is_shorter(api: Any, side: Expression, rank: object) -> bool:
    """Whether ``len(x.shape)`` is compared with less than it may be."""
    match side:
        case CallExpr(args=[MemberExpr(name="shape", expr=owner)], callee=NameExpr(fullname="builtins.len")):
            shape = shape_of(type_of(api, owner)) or ()
            return isinstance(rank, int) and rank < sum(not isinstance(axis, Variadic) for axis in shape)
    return False


def _learn_rank(api: Any, asserted: Asserted, side: Expression, rank: object) -> None:
    """Learn that ``*b`` is no axes, where a tensor of the shape ``*b n`` has the rank 1."""
    match side:
        case MemberExpr(name="ndim", expr=owner) | CallExpr(args=[MemberExpr(name="shape", expr=owner)]):
            typ = get_proper_type(type_of(api, owner))
            items = typ.items if isinstance(typ, UnionType) else [typ]  # mypy may be about to narrow it
            shape, *others = {shape_of(Narrowed.before(item)) or () for item in items}
            named = [axis for axis in shape if isinstance(axis, Variadic) and axis.name is not None]
            if named and not others and len(shape) - 1 == rank:
                Facts.learn(api, asserted.region, named[0].key, ())


def _narrow(api: Any, side: Expression, value: object) -> None:
    """Give a tensor whose sizes are not known those that one side of the comparison says."""
    match side:
        case MemberExpr(name="shape", expr=owner) if isinstance(value, tuple):
            _put(api, owner, tuple(axis if isinstance(axis, Variadic) else _known(axis) for axis in value))
        case MemberExpr(name="ndim", expr=owner) | CallExpr(args=[MemberExpr(name="shape", expr=owner)]) if isinstance(
            value, int
        ):
            _put(api, owner, (UNKNOWN,) * value)
        case IndexExpr(base=MemberExpr(name="shape", expr=owner), index=index) if _is_size(value):
            old, number = shape_of(type_of(api, owner)), value_of(api, index, type_of(api, index))
            if old is not None and isinstance(number, int) and not any(isinstance(axis, Variadic) for axis in old):
                new: list[Axis] = [UNKNOWN] * len(old)
                if -len(old) <= number < len(old):
                    new[number] = _known(value)
                    _put(api, owner, tuple(new))


def _known(value: object) -> Dimension:
    return _size(value) if _is_size(value) else UNKNOWN


def _size(value: object) -> Dimension:
    assert isinstance(value, int | DimExpr | Unknown)
    return value


def _put(api: Any, owner: Expression, said: Shape) -> None:
    """From here on, what is not known of a tensor's shape is as is said, and it has none of the shapes that are not."""
    typ = type_of(api, owner)
    proper = get_proper_type(typ) if typ is not None else None
    if proper is None or not isinstance(owner, NameExpr | MemberExpr):
        return
    old = each_in(proper)
    new = [one for item in old for one in _told(api, item, said)]
    new = [*dict.fromkeys(new)]
    if len(new) > 1 and {*(exact := [*dict.fromkeys(_as_said(api, one, said) for one in new)])} <= {*new}:
        new = exact  # it is what is said, whichever of these it was
    if new and new != old:
        Narrowed.put(api, owner, UnionType.make_union(new), proper)


def _as_said(api: Any, typ: ProperType, said: Shape) -> ProperType:
    """The same with the sizes that are said, where the rank is known."""
    known = shape_of(typ)
    if not isinstance(typ, Instance) or known is None or any(isinstance(axis, Variadic) for axis in (*known, *said)):
        return typ
    sizes = zip(known, said, strict=True)
    return Types(api).with_shape(typ, tuple(one if isinstance(other, Unknown) else other for one, other in sizes))


def _told(api: Any, item: ProperType, said: Shape) -> list[ProperType]:
    """What is left of one type."""
    known, array = shape_of(item), tensor_of(item)
    if array is None and isinstance(item, Instance) and item.type.fullname == NDARRAY:
        array = item
    if known is None or array is None:
        return [item]
    if known == ANY_SHAPE:
        return [Types(api).with_shape(array, said)]
    if any(isinstance(axis, Variadic) for axis in said):  # of any rank, perhaps this one
        return [item]
    opened = ranks.expanded(known, said)
    if opened is None:
        return []
    if opened == known and UNKNOWN not in known:
        return [item]
    sizes = zip(opened, said, strict=True)
    return [Types(api).with_shape(array, tuple(other if isinstance(one, Unknown) else one for one, other in sizes))]


FUNCTIONS = {f"{PACKAGE}.sizes.divides": divides}
METHODS = (
    {f"{cls}.__mod__": remainder for cls in ("builtins.int", DIM)}
    | {f"builtins.{cls}.__contains__": unnarrowed for cls in ("list", "tuple", "set", "frozenset", "dict")}
    | {
        f"{cls}.{compare}": same
        for cls in ("builtins.int", DIM, "builtins.tuple", SHAPE)
        for compare in ("__eq__", "__ne__")
    }
)
