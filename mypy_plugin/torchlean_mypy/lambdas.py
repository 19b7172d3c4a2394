"""Lambdas as arguments: what the other arguments say of a callable's parameters, before mypy looks at the lambda."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mypy.nodes import LambdaExpr
from mypy.plugin import FunctionSigContext, MethodSigContext
from mypy.types import CallableType, Type, get_proper_type

from torchlean_mypy.convert import Types
from torchlean_mypy.erase import erased, instantiated
from torchlean_mypy.formals import Matcher
from torchlean_typed.shapes.errors import ShapeError, Undetermined


def gets_lambda(ctx: FunctionSigContext | MethodSigContext) -> bool:
    """Whether an argument is a lambda: what its parameters are depends on the call."""
    return any(isinstance(expression, LambdaExpr) for given in ctx.args for expression in given)


def with_parameters(
    formals: Sequence[Type],
    open_formals: Sequence[Type],
    own: Sequence[Type],
    ctx: FunctionSigContext | MethodSigContext,
) -> list[Type]:
    """The open formals, with the parameters of those that get a lambda known as far as the other arguments tell.

    The lambda's result is left open: the call is checked by our rules once mypy has found it.
    """
    lambdas = {
        number
        for number, given in enumerate(ctx.args[: len(formals)])
        if given
        and all(isinstance(expression, LambdaExpr) for expression in given)
        and isinstance(get_proper_type(formals[number]), CallableType)
    }
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
        _opened_result(instantiated(formal, matcher.own, bindings, types), types) if number in lambdas else open_formal
        for number, (formal, open_formal) in enumerate(zip(formals, open_formals, strict=True))
    ]


def _opened_result(formal: Type, types: Types) -> Type:
    proper = get_proper_type(formal)
    assert isinstance(proper, CallableType)
    return proper.copy_modified(ret_type=erased(proper.ret_type, types))
