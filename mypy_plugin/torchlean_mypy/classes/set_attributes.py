"""``setattr(net, "w", w)`` and ``object.__setattr__(self, "w", w)``, of which mypy says nothing: an assignment."""

from __future__ import annotations

from typing import Any

from mypy.message_registry import INCOMPATIBLE_TYPES_IN_ASSIGNMENT
from mypy.nodes import CallExpr, MemberExpr, StrExpr
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Type

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.types.contained import has_shapes


def call(ctx: FunctionContext | MethodContext, name: str) -> Type:
    """The value has to have the shape of the attribute."""
    checker: Any = ctx.api
    match ctx.context:
        case CallExpr(args=[owner, StrExpr(value=attribute), value]):
            with checker.msg.filter_errors():
                declared = checker.expr_checker.analyze_ordinary_member_access(MemberExpr(owner, attribute), True)
            given = type_of(checker, value)
            if given is not None and has_shapes(declared):
                problem = INCOMPATIBLE_TYPES_IN_ASSIGNMENT, "expression has type", "variable has type"
                checker.check_subtype(given, declared, ctx.context, *problem)
    return ctx.default_return_type


FUNCTIONS = {"builtins.setattr": call}
METHODS = {"builtins.object.__setattr__": call}
