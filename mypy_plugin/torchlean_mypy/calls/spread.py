"""The arguments of a call one by one, also those that are given as ``*args`` and ``**kwargs``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import (
    ARG_STAR,
    ARG_STAR2,
    CallExpr,
    Expression,
    GeneratorExpr,
    ListComprehension,
    ListExpr,
    OpExpr,
    RefExpr,
    StarExpr,
    TupleExpr,
)
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Instance, TupleType, Type, TypedDictType, UnionType, UnpackType, get_proper_type

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.iteration import repetition, written

# The type, the expression where there is one, and the name where it is given by name.
Actual = tuple[Type, Expression | None, str | None]


class Actuals:
    """The actual arguments of a call, formal by formal; what a ``*args`` holds goes to one formal after the other."""

    def __init__(self, ctx: FunctionContext | MethodContext, star: int) -> None:
        self.ctx, self.star = ctx, star
        self._taken: dict[int, int] = {}  # of each ``*args`` in the call, how many items

    def of(self, number: int) -> Iterator[Actual]:
        """The arguments that the formal of this number gets."""
        ctx, name = self.ctx, self.ctx.callee_arg_names[number]
        given = zip(ctx.arg_types[number], ctx.args[number], ctx.arg_kinds[number], ctx.arg_names[number], strict=True)
        for typ, expression, kind, arg_name in given:
            if kind == ARG_STAR:
                yield from self._starred(typ, expression, number == self.star)
            elif kind == ARG_STAR2:
                yield from _by_name(typ, expression, name)
            else:
                yield typ, expression, arg_name

    def _starred(self, typ: Type, expression: Expression, takes_all: bool) -> Iterator[Actual]:
        items = items_of(self.ctx.api, expression, typ)
        if items is None:
            item = repeated_item(self.ctx.api, expression, typ)
            if item is not None:
                yield item, None, None
            return
        start = self._taken.get(id(expression), 0)
        some = items[start:] if takes_all else items[start : start + 1]
        self._taken[id(expression)] = start + len(some)
        yield from ((one, None, None) for one in some)


def items_of(api: Any, expression: Expression | None, typ: Type) -> Sequence[Type] | None:
    """The types of the items of a tuple, or of a display of a list, where they can be counted."""
    expression = written(api, expression)
    if isinstance(expression, ListExpr | TupleExpr) and not any(isinstance(i, StarExpr) for i in expression.items):
        types = [type_of(api, item) for item in expression.items]
        return [item for item in types if item is not None] if None not in types else None
    if isinstance(expression, OpExpr) and (repeated := repetition(api, expression)) is not None:
        display, times = repeated
        items = items_of(api, display, typ)
        return [*items] * times if items is not None and isinstance(times, int) else None
    proper = get_proper_type(typ)
    if isinstance(proper, TupleType) and not any(isinstance(item, UnpackType) for item in proper.items):
        return proper.items
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
