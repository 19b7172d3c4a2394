"""``2.0 * x`` where ``x`` may have one of several shapes: the reflected operator is a union's, and mypy asks nobody.

So the number's own operator is said to take such a union; what it gives is the operation's result. ``2.0**x`` is left
out: mypy takes an overloaded operator's union apart.
"""

from __future__ import annotations

from mypy.plugin import MethodContext, MethodSigContext
from mypy.types import CallableType, FunctionLike, Type, UnionType, get_proper_type

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.library.dims import ARITHMETIC, arithmetic
from torchlean_mypy.library.operations import reflected
from torchlean_mypy.library.refused import MIRRORED
from torchlean_mypy.types.convert import Types, tensor_of

OPERATORS = {**{f"__{name}__": f"__r{name}__" for name in ("add", "sub", "mul", "truediv")}, **MIRRORED}


def is_one_of_several(typ: Type | None) -> bool:
    """Whether a type is a union of tensors."""
    proper = get_proper_type(typ) if typ is not None else None
    return isinstance(proper, UnionType) and all(tensor_of(item) is not None for item in proper.items)


def signature(ctx: MethodSigContext, name: str) -> FunctionLike:
    """The number's operator, which takes the tensors too."""
    callee, given = ctx.default_signature, ctx.args
    if not isinstance(callee, CallableType) or not given or len(given[0]) != 1:
        return callee
    if not is_one_of_several(type_of(ctx.api, given[0][0])):
        return callee
    return callee.copy_modified(arg_types=[Types(ctx.api).named("builtins.object"), *callee.arg_types[1:]])


def operator(ctx: MethodContext, name: str) -> Type:
    """``2.0 * x`` and ``0 < x``."""
    if ctx.arg_types and ctx.arg_types[0] and is_one_of_several(ctx.arg_types[0][0]):
        return reflected(ctx, OPERATORS[name])
    return arithmetic(ctx, name) if name.strip("_") in ARITHMETIC else ctx.default_return_type


NAMES = [f"builtins.{cls}.{name}" for cls in ("int", "float") for name in OPERATORS]
METHOD_SIGNATURES = dict.fromkeys(NAMES, signature)
METHODS = dict.fromkeys(NAMES, operator)
