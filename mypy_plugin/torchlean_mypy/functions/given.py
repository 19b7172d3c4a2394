"""Functions that are given as arguments, of which not their types tell what they give: ``train(tl.tanh)``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mypy.nodes import Expression, LambdaExpr, MemberExpr
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Instance, TupleType, Type, UnionType, get_proper_type

from torchlean_mypy.calls.applied import result_of
from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.asked import apart, asked_of, declared_in, functions_in, is_by_protocol
from torchlean_mypy.calls.formals import Given, Matcher
from torchlean_mypy.library.callables import tells_no_shapes
from torchlean_mypy.types.convert import Types, tensor_of, unknown_type
from torchlean_mypy.types.erase import instantiated
from torchlean_mypy.types.generalise import names_in
from torchlean_typed.shapes.shape import Bindings
from torchlean_typed.shapes.unify import flexible_name


def functions_given(
    api: Any, formal: Type, actual: Type, expression: Expression | None
) -> list[tuple[Type, Type, Expression]]:
    """The functions in an argument whose types do not tell what they give, each after its formal and its type."""

    def typ(part: Expression) -> Type:
        return actual if part is expression else type_of(api, part) or unknown_type()

    if expression is None:
        return []
    found = functions_in(expression, formal, lambda part: _is_unsaid(api, typ(part), part))
    return [(asked, typ(part), part) for part, asked in found if asked is not None and _is_told(asked, api)]


def _is_told(formal: Type, api: Any) -> bool:
    """Whether it is known what a function will get: of ``Callable[..., T]`` it is not."""
    asked = asked_of(formal, api)
    return asked is not None and not any(kind.is_star() for kind in asked.arg_kinds)


def _is_unsaid(api: Any, function: Type, expression: Expression) -> bool:
    """Whether the type of a function does not tell what it gives; neither do those of a tensor's methods."""
    owner = type_of(api, expression.expr) if isinstance(expression, MemberExpr) else None
    return tells_no_shapes(function) or (owner is not None and tensor_of(owner) is not None)


def apply(ctx: FunctionContext | MethodContext, matcher: Matcher, told: frozenset[str], given: Given) -> None:
    """State what a function that is given gives for what it will get; of the names, some are ``told`` by arguments."""
    formal, actual, function, place = given
    asked = asked_of(formal, ctx.api)
    assert asked is not None
    bindings, types, own = matcher.solve(), Types(ctx.api), matcher.own
    # a protocol's names are any sizes, as are those of a callable that no argument could tell
    by_protocol = is_by_protocol(formal)
    free = own if by_protocol else _untold(formal, own - told, bindings)
    if not by_protocol and not _goes_with_any(ctx, given, own, free, bindings):
        free = frozenset()
    asked = apart(asked, free, "any", ctx.api)
    arguments = [instantiated(argument, own - free, bindings, types) for argument in asked.arg_types]
    result = result_of(ctx.api, function, actual, arguments, ctx.context, asked)
    if result is not None:
        matcher.own = own - free
        try:
            matcher.argument(asked.ret_type, result, None, f"the result of {place}")
        finally:
            matcher.own = own
        matcher.solve()


def of_one_size(
    ctx: FunctionContext | MethodContext, matcher: Matcher, formals: Iterable[Type], functions: Iterable[Given]
) -> frozenset[str]:
    """The names that nothing tells, of which not every size goes with the functions and the lambdas that are given."""
    found: frozenset[str] = frozenset()
    bindings = matcher.solve()
    lambdas = [
        (formal, unknown_type(), expression, "")
        for formal, given in zip(formals, ctx.args, strict=False)
        for expression in given
        if isinstance(expression, LambdaExpr)
    ]
    for one in (*functions, *lambdas):
        names = _untold(one[0], matcher.own, bindings)
        if not _goes_with_any(ctx, one, matcher.own, names, bindings):
            found |= names
    return found


def _untold(formal: Type, names: frozenset[str], bindings: Bindings) -> frozenset[str]:
    """Those of the names in what a function will get that nothing says."""
    asked = declared_in(formal)
    names = names_in(*asked.arg_types) & names if asked is not None else frozenset()
    return frozenset(name for name in names if flexible_name(name) not in bindings)


def _goes_with_any(
    ctx: FunctionContext | MethodContext, given: Given, own: frozenset[str], names: frozenset[str], bindings: Bindings
) -> bool:
    """Whether a function may be called whatever the sizes of these names are."""
    formal, actual, function, _ = given
    asked = asked_of(formal, ctx.api)
    if asked is None or not names:
        return True
    asked = apart(asked, names, "any", ctx.api)
    arguments = [instantiated(argument, own - names, bindings, Types(ctx.api)) for argument in asked.arg_types]
    checker: Any = ctx.api
    with checker.msg.filter_errors():
        return result_of(ctx.api, function, actual, arguments, ctx.context, asked) is not None


def told_by(formals: Iterable[Type]) -> frozenset[str]:
    """The names that arguments may tell; a function tells those of what it gives that it does not get."""
    found: frozenset[str] = frozenset()
    for formal in formals:
        asked = declared_in(formal)
        match get_proper_type(formal):
            case _ if asked is not None:
                found |= names_in(asked.ret_type) - names_in(*asked.arg_types)
            case Instance(args=parts) | TupleType(items=parts) | UnionType(items=parts) if any(map(declared_in, parts)):
                found |= told_by(parts)
            case _:
                found |= names_in(formal)
    return found
