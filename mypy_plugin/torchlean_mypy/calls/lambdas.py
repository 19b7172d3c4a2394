"""Lambdas as arguments, or within one, as in a list: what the other arguments say of the parameters of a callable.

It is said before mypy looks at the lambda.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mypy.nodes import Expression, GeneratorExpr, LambdaExpr, ListComprehension
from mypy.plugin import FunctionSigContext, MethodSigContext
from mypy.types import CallableType, Type

from torchlean_mypy.calls.formals import Matcher
from torchlean_mypy.syntax.expressions import written_in
from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.erase import erased, instantiated
from torchlean_mypy.types.walk import map_callables
from torchlean_typed.shapes.errors import ShapeError, Undetermined


def gets_lambda(ctx: FunctionSigContext | MethodSigContext) -> bool:
    """Whether an argument is a lambda: what its parameters are depends on the call."""
    return any(_is_lambda(expression) for given in ctx.args for expression in given)


def _is_lambda(expression: Expression) -> bool:
    """Whether it is a lambda, or a display, a conditional or a comprehension that has one in it."""
    for part in written_in(expression):
        match part:
            case LambdaExpr():
                return True
            case ListComprehension(generator=GeneratorExpr(left_expr=made)) | GeneratorExpr(left_expr=made):
                if _is_lambda(made):
                    return True
    return False


def with_parameters(
    formals: Sequence[Type],
    open_formals: Sequence[Type],
    own: Sequence[Type],
    ctx: FunctionSigContext | MethodSigContext,
) -> list[Type]:
    """The open formals, with the parameters of those that get a lambda known as far as the other arguments tell.

    The lambda's result is left open: the call is checked by our rules once mypy has found it.
    """
    lambdas = {number for number, given in enumerate(ctx.args[: len(formals)]) if any(map(_is_lambda, given))}
    if not lambdas:
        return list(open_formals)
    api: Any = ctx.api
    matcher = Matcher(api, "", own)
    try:
        with api.msg.filter_errors():
            for number, (formal, given) in enumerate(zip(formals, ctx.args, strict=False)):
                for expression in given if number not in lambdas else ():
                    matcher.argument(formal, api.get_expression_type(expression), expression, "")
        bindings = matcher.solve()
    except (ShapeError, Undetermined):
        return list(open_formals)  # the call will say what is wrong
    types = Types(api)
    return [
        _opened_results(instantiated(formal, matcher.own, bindings, types), types) if number in lambdas else open_formal
        for number, (formal, open_formal) in enumerate(zip(formals, open_formals, strict=True))
    ]


def _opened_results(formal: Type, types: Types) -> Type:
    """The formal with the results of the callables in it left open."""

    def change(function: CallableType) -> Type:
        return function.copy_modified(ret_type=erased(function.ret_type, types))

    return map_callables(formal, change)
