"""What an argument is by itself.

mypy tells a generic function that is called within an argument what the call around it asks for: of ``f(copy(x))`` it
takes the type variable of ``copy`` for the formal's type, in which our signature hook has left the shape open, and no
more looks at ``x``. Such an argument is checked again, asked for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any, ClassVar

from mypy.checkexpr import has_uninhabited_component
from mypy.nodes import CallExpr, Expression, RefExpr
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import AnyType, CallableType, Instance, TupleType, Type, UnionType, UnpackType, get_proper_type

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.syntax.expressions import HOLDING, written_in
from torchlean_mypy.syntax.names import LOSS, PACK, ROWS, SEQ, TENSOR
from torchlean_mypy.types.convert import is_dimension

ASKED = {CallExpr, *HOLDING}
SHAPED = (TENSOR, PACK, SEQ, ROWS, LOSS)


class Asked:
    """The calls that are being looked at again: within one, each once."""

    now: ClassVar[set[int] | None] = None


def by_themselves(ctx: FunctionContext | MethodContext) -> FunctionContext | MethodContext:
    """The context, with the types of its arguments as they are when nothing is asked for."""
    for expressions in ctx.args:
        for expression in expressions:
            if type(expression) in ASKED and any(_lost_in(ctx.api, expression)):
                types = [
                    [*map(partial(_found, ctx.api), *given)] for given in zip(ctx.args, ctx.arg_types, strict=True)
                ]
                return ctx._replace(arg_types=types)
    return ctx


def _lost_in(api: Any, argument: Expression) -> Iterator[CallExpr]:
    """The calls in an argument of which something may be lost."""
    for call in written_in(argument):
        if isinstance(call, CallExpr) and _is_lost(type_of(api, call)) and _is_generic(call.callee):
            yield call


def _found(api: Any, argument: Expression, typ: Type) -> Type:
    for call in _lost_in(api, argument) if type(argument) in ASKED else ():
        again = _again(api, call)
        typ = again if call is argument and not has_uninhabited_component(again) else typ
    return typ


@lru_cache(maxsize=8192)
def _is_lost(typ: Type | None, within: bool = False) -> bool:
    """Whether something of a shape in the type is unknown."""
    match proper := get_proper_type(typ):
        case AnyType():
            return within
        case Instance():
            shaped = within or proper.type.fullname in SHAPED
            return any(_is_lost(arg, shaped) for arg in proper.args)
        case TupleType():
            return _is_lost(proper.partial_fallback, within) or any(_is_lost(item, within) for item in proper.items)
        case UnionType():
            return any(_is_lost(item, within) for item in proper.items)
        case UnpackType():
            return _is_lost(proper.type, within)
    return False


def _is_generic(callee: Expression) -> bool:
    """Whether a type variable may have been solved by what was asked for."""
    node = callee.node if isinstance(callee, RefExpr) else None
    declared = get_proper_type(getattr(node, "type", None))
    return not isinstance(declared, CallableType) or not all(map(is_dimension, declared.variables))


def _again(api: Any, call: CallExpr) -> Type:
    outermost = Asked.now is None
    asked = Asked.now = set() if Asked.now is None else Asked.now
    try:
        if id(call) in asked:
            found: Type = api.lookup_type(call)
            return found
        asked.add(id(call))
        with api.msg.filter_errors():
            again: Type = api.expr_checker.accept(call)
        return again
    finally:
        if outermost:
            Asked.now = None
