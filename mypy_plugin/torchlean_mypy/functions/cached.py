"""``functools.cache`` and ``lru_cache``: a call of what they make is a call of the function itself.

To mypy it takes anything that can be hashed. The function's type goes with that of its wrapper.
"""

from __future__ import annotations

from typing import Any

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import CallExpr, Decorator, Expression, MemberExpr
from mypy.plugin import FunctionContext, MethodContext
from mypy.typeops import bind_self
from mypy.types import CallableType, ExtraAttrs, Instance, Type, TypeType, get_proper_type

from torchlean_mypy.calls.applied import call_as
from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.functions.signatures import has_shapes
from torchlean_mypy.library.callables import is_library_function
from torchlean_mypy.types.class_arguments import bindings_of
from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.erase import instantiated
from torchlean_mypy.types.generalise import class_names

CACHE, LRU_CACHE, WRAPPER = "functools.cache", "functools.lru_cache", "functools._lru_cache_wrapper"
WRAPPED = "__wrapped__"


def wrapper(ctx: FunctionContext, name: str) -> Type:
    """``cache(f)``, ``lru_cache(f)``, and ``lru_cache(maxsize=8)``, whose call is one of ``cache``."""
    result = get_proper_type(ctx.default_return_type)
    if isinstance(result, CallableType):
        return result.copy_modified(name=CACHE)
    function = get_proper_type(ctx.arg_types[0][0]) if ctx.arg_types and ctx.arg_types[0] else None
    if (
        not isinstance(result, Instance)
        or function is None
        or not (has_shapes(function) or is_library_function(function))
    ):
        return result
    wrapped = result.copy_modified()
    wrapped.extra_attrs = ExtraAttrs({WRAPPED: function}, set(), None)
    return wrapped


def call(ctx: MethodContext, name: str) -> Type:
    """``cached(x)``."""
    node, wrapped = ctx.context, ctx.type.extra_attrs if isinstance(ctx.type, Instance) else None
    if wrapped is None or WRAPPED not in wrapped.attrs or not isinstance(node, CallExpr):
        return ctx.default_return_type
    function = _bound(ctx.api, node.callee, wrapped.attrs[WRAPPED])
    given = [*zip(node.args, node.arg_kinds, node.arg_names, strict=True)]
    return ctx.default_return_type if function is None else call_as(ctx.api, function, given, node)


def _bound(api: Any, callee: Expression, function: Type) -> Type | None:
    """The function as what is called here: of a method, without ``self``; None for a method called on its class."""
    if not isinstance(callee, MemberExpr) or not isinstance(function, CallableType):
        return function
    owner = get_proper_type(type_of(api, callee.expr))
    on_class = isinstance(owner, CallableType) and owner.is_type_obj()
    instance = get_proper_type(owner.ret_type) if isinstance(owner, CallableType) and on_class else owner
    info = instance.type.get_containing_type_info(callee.name) if isinstance(instance, Instance) else None
    method = info.names[callee.name].node if info is not None else None
    if info is None or not isinstance(instance, Instance) or not isinstance(method, Decorator):
        return function
    if method.func.is_static or (on_class and not method.func.is_class):
        return function if method.func.is_static else None
    sizes = bindings_of(map_instance_to_supertype(instance, info))
    method_type = instantiated(function, class_names(info), sizes, Types(api))
    assert isinstance(method_type, CallableType)
    receiver = TypeType.make_normalized(instance) if method.func.is_class else instance
    return bind_self(method_type, receiver, is_classmethod=method.func.is_class)


FUNCTIONS = {CACHE: wrapper, LRU_CACHE: wrapper}
METHODS = {f"{WRAPPER}.__call__": call}
