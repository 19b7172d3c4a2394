"""``dataclasses.replace(net, w=w)``: matched as the constructor's call with the fields that are not given."""

from __future__ import annotations

from mypy.expandtype import expand_type_by_instance
from mypy.plugin import FunctionContext, FunctionSigContext
from mypy.plugins.default import DefaultPlugin
from mypy.types import CallableType, FunctionLike, Instance, Type, TypeVarType, get_proper_type

from torchlean_mypy.classes import bindings_of, has_expressions, with_own_names
from torchlean_mypy.codes import report, report_unknown
from torchlean_mypy.convert import Types
from torchlean_mypy.erase import erased, instantiated
from torchlean_mypy.formals import Matcher
from torchlean_mypy.generalise import class_names
from torchlean_mypy.kind_formals import marked
from torchlean_mypy.walk import mentions_dimensions
from torchlean_typed.shapes.arguments import place_of
from torchlean_typed.shapes.errors import ShapeError, Undetermined


def signature(ctx: FunctionSigContext, name: str) -> FunctionLike:
    """The signature without shapes, for mypy to check the rest: the new object's sizes may be others."""
    types = Types(ctx.api)
    hook = DefaultPlugin(ctx.api.options).get_function_signature_hook("dataclasses.replace")
    callee = hook(ctx) if hook is not None else ctx.default_signature
    if not isinstance(callee, CallableType) or not mentions_dimensions(callee):
        return callee
    formals = [erased(arg, types) for arg in callee.arg_types]
    return callee.copy_modified(arg_types=formals, ret_type=erased(callee.ret_type, types))


def replace(ctx: FunctionContext, name: str) -> Type:
    """The new object, with the sizes that its fields have together."""
    typ = get_proper_type(ctx.arg_types[0][0]) if ctx.arg_types and len(ctx.arg_types[0]) == 1 else None
    is_itself = isinstance(typ, TypeVarType)  # Self: the sizes stay as they are
    old = get_proper_type(typ.upper_bound) if isinstance(typ, TypeVarType) else typ
    constructor = _constructor(old)
    if not isinstance(old, Instance) or constructor is None:
        return ctx.default_return_type
    types = Types(ctx.api)
    own = frozenset[str]() if is_itself else class_names(old.type)
    new = old if is_itself else with_own_names(old)
    variables = [Types.argument_of(variable) for variable in old.type.defn.type_vars] if own else []
    matcher = Matcher(ctx.api, old.type.name, variables)
    given = dict(zip(ctx.callee_arg_names, zip(ctx.arg_types, ctx.args, strict=True), strict=True))
    fields = zip(constructor.arg_names[1:], constructor.arg_types[1:], strict=True)
    try:
        for number, (field, declared) in enumerate(fields, 1):
            actuals, expressions = given.get(field, ([], []))
            actual = actuals[0] if actuals else _kept(declared, old, types)
            formal = marked(expand_type_by_instance(declared, new), types)
            matcher.argument(formal, actual, expressions[0] if expressions else None, place_of(number, field))
        bindings = matcher.solve()
    except ShapeError as error:
        report(ctx.api, error, ctx.context)
        return ctx.default_return_type
    except Undetermined as reason:
        report_unknown(ctx.api, str(reason), ctx.context)
        return ctx.default_return_type
    return ctx.default_return_type if is_itself else instantiated(new, own, bindings, types)


def _constructor(typ: Type | None) -> CallableType | None:
    """The constructor of a dataclass that has shapes in its fields."""
    info = typ.type if isinstance(typ, Instance) else None
    method = info.get_method("__init__") if info is not None and "dataclass" in info.metadata else None
    signature = get_proper_type(method.type) if method is not None else None
    return signature if isinstance(signature, CallableType) and mentions_dimensions(signature) else None


def _kept(declared: Type, old: Instance, types: Types) -> Type:
    """The type that a field has in the object."""
    own = class_names(old.type)
    if has_expressions(own, declared):
        return instantiated(declared, own, bindings_of(old), types)
    return expand_type_by_instance(declared, old)


SIGNATURES = {"dataclasses.replace": signature}
FUNCTIONS = {"dataclasses.replace": replace}
