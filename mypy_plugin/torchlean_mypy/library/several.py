"""Calls in which an argument has one of several shapes: each has to fit, and what the call gives is one for each."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from mypy.errors import ErrorInfo
from mypy.nodes import CallExpr, Expression, MemberExpr, OpExpr, TempNode
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import TupleType, Type, UnionType, get_proper_type

from torchlean_mypy.calls.applied import result_of_call
from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.supposed import first_error
from torchlean_mypy.library.alone import for_each_shape
from torchlean_mypy.library.evaluation import COMBINATIONS
from torchlean_mypy.reports.codes import WRONG, past_operator, report_again, report_unknown
from torchlean_mypy.types.contained import alternatives_in
from torchlean_mypy.types.walk import mentions_dimensions

Solve = Callable[[Any], Type]
Given = tuple[tuple[Type, ...], ...]  # the types of the arguments of each parameter


def for_each(ctx: FunctionContext | MethodContext, solve: Solve) -> Type:
    """What a call gives, or all that it gives for the combinations of its arguments' alternatives that fit.

    As with operations, every alternative has to fit beside some of the others.
    """
    parts = [[_alternatives(typ) for typ in types] for types in ctx.arg_types]
    if not any(len(some) > 1 for each in parts for some in each):
        return solve(ctx)
    products = itertools.product(*(itertools.product(*each) for each in parts))
    combinations = list(itertools.islice(products, COMBINATIONS + 1))
    if len(combinations) > COMBINATIONS:
        if (exact := for_each_shape(ctx.api, ctx.context)) is not None:
            return exact
        report_unknown(ctx.api, "the arguments have too many shapes", ctx.context)
        return solve(ctx)
    accepted: dict[Given, Type] = {}
    refused: dict[Given, ErrorInfo] = {}
    for given in combinations:
        result, error = _solved(ctx, given, solve)
        if error is None or error.code not in WRONG:
            accepted[given] = result
        else:
            refused[given] = error
        if error is not None and error.code not in WRONG:
            report_again(ctx.api, error, ctx.context)
    never = [error for given, error in refused.items() if _fits_never(ctx, given, [*accepted])]
    whole = UnionType.make_union([*dict.fromkeys([*accepted.values(), *([result] if never else [])])])
    if refused:
        with past_operator(ctx.api, ctx.context):
            return _together(ctx, [*never, *refused.values()][0], bool(never), whole)
    return whole


def _alternatives(typ: Type) -> list[Type]:
    proper = get_proper_type(typ)
    if isinstance(proper, TupleType):
        each = itertools.islice(itertools.product(*map(_alternatives, proper.items)), COMBINATIONS + 1)
        return [proper.copy_modified(items=[*items]) for items in each] if mentions_dimensions(typ) else [typ]
    return alternatives_in(typ) or [typ]


def _solved(ctx: Any, given: Given, solve: Solve) -> tuple[Type, ErrorInfo | None]:
    """What the call gives for these types, and the error that is told of it."""
    with ctx.api.msg.filter_errors(save_filtered_errors=True) as errors:
        result = solve(ctx._replace(arg_types=[[*types] for types in given]))
    return result, first_error(errors)


def _fits_never(ctx: Any, given: Given, accepted: list[Given]) -> bool:
    """Whether some argument is what it is in no combination that fits, nor fits another thing that may be called."""
    parts, others = _parts(given), [_parts(one) for one in accepted]
    if not any(all(other[number] != part for other in others) for number, part in enumerate(parts)):
        return False
    functions = _called(ctx)
    if not functions:
        return not isinstance(ctx.context, OpExpr) or not _items(ctx, ctx.context.left)
    arguments = [
        (TempNode(typ, context=ctx.context), kind, name)
        for each in zip(given, ctx.arg_kinds, ctx.arg_names, strict=True)
        for typ, kind, name in zip(*each, strict=True)
    ]
    with ctx.api.msg.filter_errors(), ctx.api.local_type_map:
        return all(result_of_call(ctx.api, function, arguments, ctx.context) is None for function in functions)


def _parts(given: Given) -> list[Type]:
    """The arguments, and for tuples their items."""
    waiting, found = [typ for types in given for typ in types], []
    while waiting:
        typ = waiting.pop()
        proper = get_proper_type(typ)
        if isinstance(proper, TupleType):
            waiting += proper.items
        else:
            found.append(typ)
    return found


def _called(ctx: Any) -> list[Expression]:
    """What is called, where that, or its object, is one of several things too: mypy asks of them one by one."""
    match ctx.context:
        case CallExpr(callee=MemberExpr(expr=owner, name=name)) if items := _items(ctx, owner):
            return [MemberExpr(TempNode(item, context=ctx.context), name) for item in items]
        case CallExpr(callee=function):
            return [TempNode(item, context=ctx.context) for item in _items(ctx, function)]
    return []


def _items(ctx: Any, expression: Expression) -> list[Type]:
    typ = get_proper_type(type_of(ctx.api, expression))
    return [*typ.items] if isinstance(typ, UnionType) else []


def _together(ctx: Any, error: ErrorInfo, is_certain: bool, whole: Type) -> Type:
    """What a call gives of which some alternatives do not go together: perhaps they are all of one variable."""
    exact = for_each_shape(ctx.api, ctx.context)
    if exact is not None:
        return exact
    if is_certain:
        report_again(ctx.api, error, ctx.context)
    else:
        report_unknown(ctx.api, f"some of the arguments' shapes do not go together: {error.message}", ctx.context)
    return whole
