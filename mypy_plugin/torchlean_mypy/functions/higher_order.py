"""Functions over tensors given to a user's generic function, ``def timed(f: Callable[P, R], *args: P.args) -> R``.

mypy infers the result from what the function's signature says, which of the library's functions is nothing: the call is
checked again with a function that gives what this one gives for the arguments that it will get.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mypy.nodes import ARG_POS, CallExpr, Decorator, Expression, FuncDef, LambdaExpr, TempNode
from mypy.plugin import FunctionContext, MethodContext
from mypy.subtypes import is_same_type
from mypy.types import CallableType, ParamSpecType, Type, TypeVarType, UninhabitedType, get_proper_type

from torchlean_mypy.calls.applied import Argument, call_of, checked, result_of, result_of_call
from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.functions.signatures import is_applied
from torchlean_mypy.library.callables import is_library_function
from torchlean_mypy.reports.codes import error_count, is_mistyped
from torchlean_mypy.types.convert import unknown_type


def takes_functions(signature: Type | None) -> bool:
    """Whether a function is generic in what a function gives that it takes."""
    declared = get_proper_type(signature)
    return isinstance(declared, CallableType) and any(_is_generic(formal) for formal in declared.arg_types)


def _is_generic(formal: Type) -> bool:
    proper = get_proper_type(formal)
    return isinstance(proper, CallableType) and isinstance(get_proper_type(proper.ret_type), TypeVarType)


def call(ctx: FunctionContext | MethodContext) -> Type | None:
    """What a call gives to which one of the library's functions is given; None for any other call."""
    node, api = ctx.context, ctx.api
    inferred = get_proper_type(type_of(api, node.callee)) if isinstance(node, CallExpr) else None
    declared = written_signature(inferred)
    if not isinstance(node, CallExpr) or not isinstance(inferred, CallableType) or not takes_functions(declared):
        return None
    if declared is None or is_mistyped(api, ctx.args):
        return None
    replaced: dict[int, Expression] = {}
    before = error_count(api)
    for number, formal in enumerate(declared.arg_types[: len(ctx.args)]):
        given = ctx.args[number][0] if _is_generic(formal) and ctx.args[number] else None
        function = get_proper_type(type_of(api, given)) if given is not None else None
        if given is None or function is None or isinstance(given, LambdaExpr | TempNode) or not is_applied(function):
            continue
        if is_same_type(formal, declared.ret_type) and is_library_function(function):
            return function
        concrete = _concrete(api, given, function, formal, inferred.arg_types[number], declared, node)
        if concrete is None and error_count(api) > before:
            return unknown_type()
        if concrete is not None:
            replaced[id(given)] = TempNode(concrete, context=given)
    if not replaced:
        return None
    arguments: list[Argument] = [
        (replaced.get(id(expression), expression), kind, name)
        for expression, kind, name in zip(node.args, node.arg_kinds, node.arg_names, strict=True)
    ]
    checker: Any = api
    context = checker.expr_checker.type_context[-1]
    return checked(checker, call_of(node.callee, arguments, node), context)


def written_signature(function: Type | None) -> CallableType | None:
    """The signature as it is written."""
    definition = function.definition if isinstance(function, CallableType) else None
    written = definition.func if isinstance(definition, Decorator) else definition
    signature = get_proper_type(written.type) if isinstance(written, FuncDef) else None
    return signature if isinstance(signature, CallableType) else None


def _concrete(
    api: Any,
    given: Expression,
    function: Type,
    formal: Type,
    inferred: Type,
    declared: CallableType,
    node: CallExpr,
) -> CallableType | None:
    """A function of the arguments that ``given`` will get, which gives what that gives; None where it is not known."""
    shape, known = get_proper_type(formal), get_proper_type(inferred)
    if not isinstance(shape, CallableType) or not isinstance(known, CallableType):
        return None
    if shape.param_spec() is None:
        types = [*known.arg_types]
        result = None if any(map(_is_open, types)) else result_of(api, given, function, types, node)
        return known.copy_modified(ret_type=result) if result is not None else None
    if not any(isinstance(get_proper_type(typ), ParamSpecType) for typ in declared.arg_types):
        return None
    before: list[Argument] = [
        (TempNode(typ, context=node), ARG_POS, None) for typ in shape.arg_types[:-2]
    ]  # of Concatenate
    result = result_of_call(api, given, [*before, *_passed_on(declared, node)], node)
    return known.copy_modified(ret_type=result) if result is not None else None


def _is_open(typ: Type) -> bool:
    return isinstance(get_proper_type(typ), TypeVarType | UninhabitedType)


def _passed_on(declared: CallableType, node: CallExpr) -> Iterator[Argument]:
    """The arguments that ``*args: P.args`` and ``**kwargs: P.kwargs`` get."""
    own = [not isinstance(get_proper_type(typ), ParamSpecType) for typ in declared.arg_types].index(False)
    for number, (expression, kind, name) in enumerate(zip(node.args, node.arg_kinds, node.arg_names, strict=True)):
        if (name is None and number >= own) or (name is not None and name not in declared.arg_names):
            yield expression, kind, name
