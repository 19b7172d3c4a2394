"""Copies with other fields, ``dataclasses.replace(net, w=w)`` and ``layer._replace(w=w)``.

They are matched as the constructor's call with the fields that are not given.
"""

from __future__ import annotations

from typing import Any

from mypy.expandtype import expand_type_by_instance
from mypy.plugin import FunctionContext, FunctionSigContext, MethodContext, MethodSigContext
from mypy.plugins.default import DefaultPlugin
from mypy.types import CallableType, FunctionLike, Instance, TupleType, Type, TypeVarType, get_proper_type
from mypy.typevars import fill_typevars

from torchlean_mypy.calls.formals import Matcher
from torchlean_mypy.classes.dimensions import has_expressions
from torchlean_mypy.library.several import for_each
from torchlean_mypy.reports.codes import Reporting
from torchlean_mypy.types.class_arguments import bindings_of, with_own_names
from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.erase import erased, instantiated
from torchlean_mypy.types.generalise import class_names
from torchlean_mypy.types.generic_kinds import marked
from torchlean_mypy.types.walk import mentions_dimensions
from torchlean_typed.shapes.arguments import place_of


def signature(ctx: FunctionSigContext, name: str) -> FunctionLike:
    """The signature without shapes, for mypy to check the rest: the new object's sizes may be others."""
    hook = DefaultPlugin(ctx.api.options).get_function_signature_hook("dataclasses.replace")
    callee = hook(ctx) if hook is not None else ctx.default_signature
    typ = get_proper_type(callee.arg_types[0]) if isinstance(callee, CallableType) and callee.arg_types else None
    old = get_proper_type(typ.upper_bound) if isinstance(typ, TypeVarType) else typ
    return _without_shapes(callee, old, "__init__", ctx.api)


def method_signature(ctx: MethodSigContext, name: str) -> FunctionLike:
    """That of ``layer._replace(w=w)``."""
    typ = get_proper_type(ctx.type)
    old = typ.partial_fallback if isinstance(typ, TupleType) else None
    return _without_shapes(ctx.default_signature, old, "__new__", ctx.api)


def _without_shapes(callee: FunctionLike, old: Type | None, constructor: str, api: Any) -> FunctionLike:
    types = Types(api)
    if not isinstance(callee, CallableType) or not isinstance(old, Instance) or _made_of(old, constructor) is None:
        return callee
    formals = [erased(arg, types) for arg in callee.arg_types]
    return callee.copy_modified(arg_types=formals, ret_type=erased(callee.ret_type, types))


def replace(ctx: FunctionContext, name: str) -> Type:
    """The new object, with the sizes that its fields have together."""
    typ = get_proper_type(ctx.arg_types[0][0]) if ctx.arg_types and len(ctx.arg_types[0]) == 1 else None
    old = get_proper_type(typ.upper_bound) if isinstance(typ, TypeVarType) else typ
    if not isinstance(old, Instance) or "dataclass" not in old.type.metadata:
        return ctx.default_return_type
    if isinstance(typ, TypeVarType):  # Self: the sizes stay as they are
        return for_each(ctx, lambda alone: _copy(alone, old, "__init__", old, frozenset(), typ))
    new, own = with_own_names(old), class_names(old.type)
    return for_each(ctx, lambda alone: _copy(alone, old, "__init__", new, own, old))


def method(ctx: MethodContext, name: str) -> Type:
    """``layer._replace(w=w)`` of a NamedTuple."""
    typ = get_proper_type(ctx.type)
    old = typ.partial_fallback if isinstance(typ, TupleType) else None
    if old is None:
        return ctx.default_return_type
    new, own = fill_typevars(old.type), class_names(old.type)
    return for_each(ctx, lambda alone: _copy(alone, old, "__new__", new, own, ctx.type))


def _copy(
    ctx: FunctionContext | MethodContext,
    old: Instance,
    constructor: str,
    new: Type,
    own: frozenset[str],
    default: Type,
) -> Type:
    """The new object's type, whose ``own`` names its fields solve: those that are given, and those of the old one."""
    signature = _made_of(old, constructor)
    if signature is None:
        return default
    types = Types(ctx.api)
    variables = [Types.argument_of(variable) for variable in old.type.defn.type_vars] if own else []
    matcher = Matcher(ctx.api, old.type.name, variables)
    given = dict(zip(ctx.callee_arg_names, zip(ctx.arg_types, ctx.args, strict=True), strict=True))
    named = with_own_names(old) if own else old
    formals = marked([expand_type_by_instance(declared, named) for declared in signature.arg_types[1:]], types)
    fields = zip(signature.arg_names[1:], signature.arg_types[1:], formals, strict=True)
    with Reporting(ctx):
        for number, (field, declared, formal) in enumerate(fields, 1):
            actuals, expressions = given.get(field, ([], []))
            actual = actuals[0] if actuals else _kept(declared, old, types)
            matcher.argument(formal, actual, expressions[0] if expressions else None, place_of(number, field))
        bindings = matcher.solve()
        return instantiated(new, own, bindings, types) if own else default
    return default


def _made_of(old: Instance, constructor: str) -> CallableType | None:
    """The constructor's signature, where a field has a shape."""
    made = old.type.get_method(constructor)
    signature = get_proper_type(made.type) if made is not None else None
    return signature if isinstance(signature, CallableType) and mentions_dimensions(signature) else None


def _kept(declared: Type, old: Instance, types: Types) -> Type:
    """The type that a field has in the object."""
    own = class_names(old.type)
    if has_expressions(own, declared):
        return instantiated(declared, own, bindings_of(old), types)
    return expand_type_by_instance(declared, old)


SIGNATURES = {"dataclasses.replace": signature}
FUNCTIONS = {"dataclasses.replace": replace}
