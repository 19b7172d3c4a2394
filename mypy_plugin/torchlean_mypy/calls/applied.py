"""What a function gives for arguments of certain types, asked of the checker itself.

A function, a method, a lambda, ``functools.partial``, an object that can be called: a call of it is made up, and
checked as any other call is, with the same reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mypy.errors import ErrorWatcher
from mypy.nodes import (
    ARG_NAMED,
    ARG_POS,
    ArgKind,
    CallExpr,
    Context,
    Expression,
    LambdaExpr,
    NameExpr,
    RefExpr,
    TempNode,
)
from mypy.types import CallableType, Type, get_proper_type

from torchlean_mypy.syntax.lookups import lambda_of
from torchlean_mypy.syntax.names import PACKAGE

COMPILE = f"{PACKAGE}.engine.compiled.compile"


# An argument of a call: its expression, its kind, and its name where it is given by name.
Argument = tuple[Expression, ArgKind, str | None]


def call_of(function: Expression, given: Sequence[Argument], context: Context) -> CallExpr:
    """The call ``function(*given)``, made up at the place of another."""
    kinds, names = [kind for _, kind, _ in given], [name for _, _, name in given]
    call = CallExpr(function, [expression for expression, _, _ in given], kinds, names)
    call.set_line(context)
    return call


def checked(api: Any, call: CallExpr, context: Type | None = None, *, allow_none_return: bool = False) -> Type:
    """What mypy makes of a call that was made up of what stands in another.

    It may be trying the members of a union for what stands there, and would forget that it does.
    """
    overrides = api.expr_checker.type_overrides
    held = {**overrides}
    result: Type = api.expr_checker.accept(call, context, allow_none_return=allow_none_return)
    overrides.update(held)
    return result


def call_as(api: Any, typ: Type, given: Sequence[Argument], context: Context) -> Type:
    """What a call of a function of this type gives, which stands behind what is called here."""
    proper = get_proper_type(typ)
    definition = proper.definition if isinstance(proper, CallableType) else None
    function = NameExpr(definition.name if definition is not None else getattr(proper, "name", None) or "call")
    is_ours = definition is not None and definition.fullname.startswith(f"{PACKAGE}.")
    function.fullname = definition.fullname if definition is not None and is_ours else function.name  # for the hooks
    function.set_line(context)
    checker = api.expr_checker
    checker.type_overrides[function] = typ
    try:
        result: Type = checker.accept(
            call_of(function, given, context), checker.type_context[-1], allow_none_return=True
        )
    finally:
        del checker.type_overrides[function]
    return result


def result_of(
    api: Any,
    function: Expression | None,
    typ: Type,
    arguments: Sequence[Type],
    context: Context,
    asked: CallableType | None = None,
) -> Type | None:
    """The type of ``function(*arguments)``; None where nothing is known of it, also after an error in the call.

    Where a signature is ``asked`` of the function, it says which arguments are given by name.
    """
    proper = get_proper_type(typ)
    if isinstance(proper, CallableType) and proper.implicit:
        function = lambda_of(api, function)
    if function is None:
        return None
    if isinstance(function, LambdaExpr) and len(function.arg_names) != len(arguments):
        return None  # mypy has said so
    if isinstance(function, CallExpr) and isinstance(function.callee, RefExpr) and function.callee.fullname == COMPILE:
        function = function.args[0]  # as mypy sees it, the function itself
    names = [_keyword(asked, number) for number in range(len(arguments))]
    given: list[Argument] = [
        (TempNode(argument, context=context), ARG_POS if name is None else ARG_NAMED, name)
        for argument, name in zip(arguments, names, strict=True)
    ]
    return result_of_call(api, function, given, context)


def _keyword(asked: CallableType | None, number: int) -> str | None:
    """The name by which an argument has to be given; None for one that has a place."""
    return asked.arg_names[number] if asked is not None and asked.arg_kinds[number].is_named() else None


def result_of_call(api: Any, function: Expression, given: Sequence[Argument], context: Context) -> Type | None:
    """The type of ``function(*given)``; None after an error in the call."""
    call = call_of(function, given, context)
    with api.local_type_map, ErrorWatcher(api.msg.errors) as watcher:
        result = checked(api, call, allow_none_return=True)
    return None if watcher.has_new_errors() else result
