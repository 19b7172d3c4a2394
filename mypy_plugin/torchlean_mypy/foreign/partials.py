"""``functools.partial``: a call of it is the call of the function with all the arguments.

mypy knows of a partial what is left of the signature, in which the sizes that were given are lost, and which says
nothing of an operation's shapes; so the whole call is made up from where the partial was made, and checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mypy.nodes import (
    ARG_NAMED,
    ARG_POS,
    CallExpr,
    FloatExpr,
    IntExpr,
    LambdaExpr,
    StrExpr,
    TempNode,
    TupleExpr,
    UnaryExpr,
)
from mypy.plugin import MethodContext
from mypy.plugins.functools import PARTIAL, partial_call_callback
from mypy.types import AnyType, Type, TypeOfAny

from torchlean_mypy.calls.applied import Argument, call_of
from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.reports.codes import has_error, report_unknown
from torchlean_mypy.syntax.lookups import made_by
from torchlean_mypy.types.convert import shape_of
from torchlean_typed.shapes.shape import ANY_SHAPE

WRITTEN = (IntExpr, FloatExpr, StrExpr, UnaryExpr, TupleExpr, LambdaExpr)


def call(ctx: MethodContext, name: str) -> Type:
    """``partial(tl.sum, axis=0)(x)``."""
    checker: Any = ctx.api
    node = ctx.context
    if not isinstance(node, CallExpr):
        return partial_call_callback(ctx)
    made = made_by(checker.tree, node.callee, PARTIAL)
    if made is None or made.arg_kinds[:1] != [ARG_POS]:
        result = partial_call_callback(ctx)
        if shape_of(result) == ANY_SHAPE:
            report_unknown(checker, "partial: it is not seen here what it was made of", node)
        return result
    if has_error(checker, made):
        return AnyType(TypeOfAny.from_error)
    given = [*_bound(checker, made, node), *zip(node.args, node.arg_kinds, node.arg_names, strict=True)]
    whole: Type = checker.expr_checker.accept(call_of(made.args[0], given, node))
    return whole


def _bound(api: Any, made: CallExpr, node: CallExpr) -> Iterator[Argument]:
    """The arguments of the partial that the call does not give anew, as they were when it was made."""
    for expression, kind, name in list(zip(made.args, made.arg_kinds, made.arg_names, strict=True))[1:]:
        if kind != ARG_NAMED or name not in node.arg_names:
            typ = None if isinstance(expression, WRITTEN) else type_of(api, expression)
            yield (expression if typ is None else TempNode(typ, context=made)), kind, name


METHODS = {f"{PARTIAL}.__call__": call}
