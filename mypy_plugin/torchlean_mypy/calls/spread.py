"""The arguments of a call one by one, also those that are given as ``*args`` and ``**kwargs``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import (
    ARG_POS,
    ARG_STAR,
    ARG_STAR2,
    CallExpr,
    Expression,
    GeneratorExpr,
    ListComprehension,
    ListExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    StarExpr,
    SymbolNode,
    TupleExpr,
)
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Instance, TupleType, Type, TypedDictType, UnionType, UnpackType, get_proper_type

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.iteration import repetition, written
from torchlean_mypy.calls.supposed import type_where
from torchlean_mypy.syntax.lookups import nodes
from torchlean_mypy.types.contained import alternatives_in

# The type, the expression where there is one, and the name where it is given by name.
Actual = tuple[Type, Expression | None, str | None]
WRITTEN = (ListExpr, TupleExpr, ListComprehension, GeneratorExpr, OpExpr)
Step = dict[SymbolNode | None, Type]  # of a loop: what its variables are


class Actuals:
    """The actual arguments of a call, formal by formal; what a ``*args`` holds goes to one formal after the other."""

    def __init__(self, ctx: FunctionContext | MethodContext, stars: Sequence[object]) -> None:
        self.ctx, self.stars = ctx, stars  # the numbers of the formals that take all
        self._taken: dict[int, int] = {}  # of each ``*args`` in the call, how many items

    def of(self, number: int) -> Iterator[Actual]:
        """The arguments that the formal of this number gets."""
        ctx, name = self.ctx, self.ctx.callee_arg_names[number]
        given = zip(ctx.arg_types[number], ctx.args[number], ctx.arg_kinds[number], ctx.arg_names[number], strict=True)
        for typ, expression, kind, arg_name in given:
            if kind == ARG_STAR:
                yield from self._starred(typ, expression, number in self.stars)
            elif kind == ARG_STAR2:
                found = [*_by_name(typ, expression, name)]
                several = number in self.stars and len(found) == 1
                yield from ((one, None, name) for one in alike(found[0][0])) if several else found
            else:
                yield typ, expression, arg_name

    def _starred(self, typ: Type, expression: Expression, takes_all: bool) -> Iterator[Actual]:
        items = items_of(self.ctx.api, expression, typ)
        if items is None:
            each = each_item(self.ctx.api, expression, typ)
            yield from ((one, None, None) for one, _ in (each if takes_all else each[:1]))
            return
        start = self._taken.get(id(expression), 0)
        some = items[start:] if takes_all else items[start : start + 1]
        self._taken[id(expression)] = start + len(some)
        yield from ((one, None, None) for one in some)


MOST = 1000  # items that are looked at one by one


def alike(item: Type) -> list[Type]:
    """One for all items of this type, or two, where they may have several shapes and need not be alike."""
    return [item, item] if alternatives_in(item) else [item]


def each_item(api: Any, expression: Expression | None, typ: Type | None) -> list[tuple[Type, Expression | None]]:
    """The items of a list or the like, with what stands there; for those that have one type, see ``alike``."""
    expression = written(api, expression)
    match expression:
        case ListExpr(items=items) | TupleExpr(items=items):
            return [pair for item in items for pair in _each_of_display(api, item)]
        case OpExpr(op="*") if (repeated := repetition(api, expression)) is not None:
            return each_item(api, repeated[0], typ)
        case OpExpr(op="+", left=left, right=right):
            return [pair for side in (left, right) for pair in each_item(api, side, type_of(api, side))]
    if typ is None:
        return []
    if (found := items_of(api, expression, typ)) is not None:
        return [(one, None) for one in found]
    item, made = repeated_item(api, expression, typ), getattr(expression, "generator", expression)
    part = made.left_expr if isinstance(made, GeneratorExpr) else None
    return [(one, part) for one in alike(item)] if item is not None else []


def _each_of_display(api: Any, item: Expression) -> list[tuple[Type, Expression | None]]:
    if isinstance(item, StarExpr):
        return each_item(api, item.expr, type_of(api, item.expr))
    typ = type_of(api, item)
    return [(typ, item)] if typ is not None else []


def items_of(api: Any, expression: Expression | None, typ: Type) -> Sequence[Type] | None:
    """The types of the items of a tuple, of a display of a list or of a comprehension, where they can be counted."""
    if isinstance(expression, ListComprehension | GeneratorExpr):
        return _each_made(api, expression if isinstance(expression, GeneratorExpr) else expression.generator)
    expression = written(api, expression)
    if isinstance(expression, ListExpr | TupleExpr) and not any(isinstance(i, StarExpr) for i in expression.items):
        types = [type_of(api, item) for item in expression.items]
        return [item for item in types if item is not None] if None not in types else None
    if isinstance(expression, OpExpr) and (repeated := repetition(api, expression)) is not None:
        display, times = repeated
        items = items_of(api, display, typ)
        return [*items] * times if items is not None and isinstance(times, int) and times <= MOST else None
    proper = get_proper_type(typ)
    if isinstance(proper, TupleType) and not any(isinstance(item, UnpackType) for item in proper.items):
        return proper.items
    return None


def _each_made(api: Any, made: GeneratorExpr) -> list[Type] | None:
    """What a comprehension makes of each item that it goes through, where these differ and can be counted."""
    if len(made.indices) != 1 or made.condlists != [[]] or made.is_async != [False]:
        return None
    names = {name.node: name for name in nodes(made.indices[0], NameExpr)}
    steps = steps_of(api, made.indices[0], made.sequences[0])
    if not steps or all(step == steps[0] for step in steps):
        return None
    found = [type_where(api, made.left_expr, [(names[node], typ) for node, typ in step.items()]) for step in steps]
    types = [typ for typ, error in found if typ is not None and error is None]
    return types if len(types) == len(steps) else None


def steps_of(api: Any, target: Expression, over: Expression) -> list[Step] | None:
    """What the variables of ``for target in over`` are at each step; None where its items cannot be counted."""
    match target, over:
        case _, CallExpr(callee=RefExpr(fullname="builtins.list" | "builtins.tuple"), args=[held]):
            return steps_of(api, target, held)
        case TupleExpr(items=[_, rest]), CallExpr(callee=RefExpr(fullname="builtins.enumerate"), args=[held, *_]):
            return steps_of(api, rest, held)
        case TupleExpr(items=targets), CallExpr(callee=RefExpr(fullname="builtins.zip"), args=given):
            given = [one for one, kind in zip(given, over.arg_kinds, strict=True) if kind == ARG_POS]
            if len(given) != len(targets):
                return None
            parts = [steps_of(api, *pair) for pair in zip(targets, given, strict=True)]
            known = [steps for steps in parts if steps is not None]
            together = [{k: v for step in steps for k, v in step.items()} for steps in zip(*known, strict=False)]
            return together if known else None
        case NameExpr(node=node), _:
            typ = type_of(api, over)
            items = items_of(api, over, typ) if typ is not None else None
            return None if items is None else [{node: item} for item in items]
    return None


def repeated_item(api: Any, expression: Expression | None, typ: Type) -> Type | None:
    """The type of each item of a list, a comprehension or the like."""
    expression = written(api, expression)
    if isinstance(expression, ListComprehension | GeneratorExpr):
        made = expression.generator if isinstance(expression, ListComprehension) else expression
        return type_of(api, made.left_expr)  # a display has been given the type that is asked for
    if isinstance(expression, OpExpr) and (repeated := repetition(api, expression)) is not None:
        items = items_of(api, repeated[0], typ) or ()
        return items[0] if len(items) == 1 else UnionType.make_union([*items]) if items else None
    if isinstance(expression, CallExpr) and isinstance(expression.callee, RefExpr) and len(expression.args) == 1:
        if expression.callee.fullname in ("builtins.list", "builtins.tuple") and type_of(api, expression.args[0]):
            return repeated_item(api, expression.args[0], type_of(api, expression.args[0]) or typ)
    proper = get_proper_type(typ)
    if not isinstance(proper, Instance):
        return None
    iterable = next((base for base in proper.type.mro if base.fullname == "typing.Iterable"), None)
    return map_instance_to_supertype(proper, iterable).args[0] if iterable is not None else None


def _by_name(typ: Type, expression: Expression, name: str | None) -> Iterator[Actual]:
    proper = get_proper_type(typ)
    if isinstance(proper, TypedDictType) and name in proper.items:
        yield proper.items[name], None, name
    elif isinstance(proper, Instance) and len(proper.args) == 2:
        yield proper.args[1], None, name
