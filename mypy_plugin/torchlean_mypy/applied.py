"""What a function gives for arguments of certain types, asked of the checker itself.

A function, a method, a lambda, ``functools.partial``, an object that can be called: a call of it is made up, and
checked as any other call is, with the same reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mypy.errors import ErrorWatcher
from mypy.nodes import ARG_POS, CallExpr, Context, Expression, LambdaExpr, RefExpr, TempNode
from mypy.types import CallableType, Type, get_proper_type

from torchlean_mypy.names import PACKAGE

COMPILE = f"{PACKAGE}.engine.compiled.compile"


def result_of(
    api: Any, function: Expression | None, typ: Type, arguments: Sequence[Type], context: Context
) -> Type | None:
    """The type of ``function(*arguments)``; None where nothing is known of it, also after an error in the call."""
    proper = get_proper_type(typ)
    if function is None or (isinstance(proper, CallableType) and proper.implicit):
        return None
    if isinstance(function, LambdaExpr) and len(function.arg_names) != len(arguments):
        return None  # mypy has said so
    if isinstance(function, CallExpr) and isinstance(function.callee, RefExpr) and function.callee.fullname == COMPILE:
        function = function.args[0]  # as mypy sees it, the function itself
    given: list[Expression] = [TempNode(argument, context=context) for argument in arguments]
    call = CallExpr(function, given, [ARG_POS] * len(given), [None] * len(given))
    call.set_line(context)
    with api.local_type_map, ErrorWatcher(api.msg.errors) as watcher:
        result: Type = api.expr_checker.accept(call, allow_none_return=True)
    return None if watcher.has_new_errors() else result
