"""Calls of the library's functions with ``*args`` and ``**kwargs``: checked as if each argument were written out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mypy.nodes import (
    ARG_NAMED,
    ARG_POS,
    ARG_STAR,
    ARG_STAR2,
    CallExpr,
    DictExpr,
    Expression,
    ListExpr,
    MemberExpr,
    RefExpr,
    StarExpr,
    StrExpr,
    TempNode,
    TupleExpr,
    TypeInfo,
)
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Instance, Type, TypedDictType, get_proper_type

from torchlean_mypy.calls.applied import Argument, call_of
from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.iteration import count_of
from torchlean_mypy.calls.spread import MOST, items_of, repeated_item
from torchlean_mypy.reports.codes import is_mistyped, report_unknown
from torchlean_mypy.syntax.names import PACKAGE
from torchlean_mypy.types.walk import mentions_dimensions

Hook = Callable[..., Type]


def written_out(hook: Hook) -> Hook:
    """The hook for a call, which then need not know of ``*`` and ``**``, nor of operators without their operand."""

    def call(ctx: FunctionContext | MethodContext, name: str) -> Type:
        for kinds in ctx.arg_kinds:
            if ARG_STAR in kinds or ARG_STAR2 in kinds:
                return _result(ctx, name)
        if ctx.arg_types and not ctx.arg_types[0] and name.startswith("__") and name != "__call__":
            return ctx.default_return_type  # mypy has said what is missing in x.__add__()
        return hook(ctx, name=name)

    return call


class _Unknown(Exception):
    """What a ``*`` or ``**`` stands for is not known."""


def _result(ctx: FunctionContext | MethodContext, name: str) -> Type:
    checker: Any = ctx.api
    call = ctx.context
    if not isinstance(call, CallExpr) or is_mistyped(checker, ctx.args):
        return ctx.default_return_type
    try:
        given = [*_arguments(checker, call)]
    except _Unknown:
        if _has_shapes(ctx):
            report_unknown(checker, f"{_dotted(call.callee, name)}: it is not known what * and ** stand for", call)
        return ctx.default_return_type
    whole = call_of(call.callee, given, call)
    result: Type = checker.expr_checker.accept(whole, checker.expr_checker.type_context[-1], allow_none_return=True)
    return result


def _dotted(callee: Expression, name: str) -> str:
    """The name in messages, with that of the class where it is called on one."""
    owner = callee.expr if isinstance(callee, MemberExpr) else None
    return f"{owner.node.name}.{name}" if isinstance(owner, RefExpr) and isinstance(owner.node, TypeInfo) else name


def _has_shapes(ctx: FunctionContext | MethodContext) -> bool:
    """Whether the call is about shapes: others have no less to say for what is not known."""
    result = get_proper_type(ctx.default_return_type)
    is_ours = isinstance(result, Instance) and result.type.fullname.startswith(f"{PACKAGE}.")
    return is_ours or any(mentions_dimensions(typ) for types in ctx.arg_types for typ in types)


def _arguments(api: Any, call: CallExpr) -> Iterator[Argument]:
    for expression, kind, name in zip(call.args, call.arg_kinds, call.arg_names, strict=True):
        if kind == ARG_STAR:
            yield from _items(api, expression)
        elif kind == ARG_STAR2:
            yield from _by_name(api, expression)
        else:
            yield expression, kind, name


def _items(api: Any, expression: Expression) -> Iterator[Argument]:
    if isinstance(expression, ListExpr | TupleExpr):
        for one in expression.items:
            yield (one.expr, ARG_STAR, None) if isinstance(one, StarExpr) else (one, ARG_POS, None)
        return
    typ = type_of(api, expression)
    types = items_of(api, expression, typ) if typ is not None else None
    if types is None and typ is not None:
        item, count = repeated_item(api, expression, typ), count_of(api, expression, typ)
        types = [item] * count if item is not None and isinstance(count, int) and count <= MOST else None
    if types is None:
        raise _Unknown
    yield from ((TempNode(given, context=expression), ARG_POS, None) for given in types)


def _by_name(api: Any, expression: Expression) -> Iterator[Argument]:
    typ = get_proper_type(type_of(api, expression))
    match expression:
        case DictExpr() if all(key is None or isinstance(key, StrExpr) for key, _ in expression.items):
            for key, value in expression.items:
                yield (value, ARG_NAMED, key.value) if isinstance(key, StrExpr) else (value, ARG_STAR2, None)
        case CallExpr(callee=RefExpr(fullname="builtins.dict")) if {*expression.arg_kinds} <= {ARG_NAMED}:
            yield from zip(expression.args, expression.arg_kinds, expression.arg_names, strict=True)
        case _ if isinstance(typ, TypedDictType) and typ.required_keys == typ.items.keys():
            yield from ((TempNode(one, context=expression), ARG_NAMED, name) for name, one in typ.items.items())
        case _:
            raise _Unknown
