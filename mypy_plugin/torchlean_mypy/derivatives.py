"""The specification's page: every function of ``autograd.model`` and ``autograd.fn``, by its rule of the same name."""

from __future__ import annotations

from typing import Any

from mypy.nodes import LambdaExpr
from mypy.plugin import FunctionContext, FunctionSigContext
from mypy.types import AnyType, CallableType, FunctionLike, Instance, Overloaded, Type, get_proper_type

from torchlean_mypy.codes import report, report_unknown
from torchlean_mypy.convert import dtype_marker, is_dimension, shape_of, unknown_type
from torchlean_mypy.erase import solved
from torchlean_mypy.formals import Matcher
from torchlean_mypy.kinds import KindTypes, has_params, instance_of, loss_kind, model_kind, pack_kind
from torchlean_mypy.names import FUNCTION_DERIVATIVES, MODEL_DERIVATIVES, PACK
from torchlean_typed.shapes import derivatives as rules
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.kinds import GradsKind, PackKind, RowsKind
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape

# --- autograd.model ---------------------------------------------------------------------------------------------------


def model_signature(ctx: FunctionSigContext, name: str) -> FunctionLike:
    """Packs of any shapes: whether they fit is said once, by us."""
    declared, types = ctx.default_signature, KindTypes(ctx.api)
    loose = types.named(PACK, [unknown_type(), unknown_type()])
    return declared.copy_modified(
        arg_types=[loose if instance_of(arg, PACK) is not None else arg for arg in declared.arg_types]
    )


def of_model(ctx: FunctionContext, name: str) -> Type:
    """A function of ``autograd.model``."""
    given = {parameter: types[0] for parameter, types in zip(ctx.callee_arg_names, ctx.arg_types, strict=True) if types}
    arguments: list[Any] = []
    for parameter, typ in given.items():
        kind = _kind(parameter or "", typ, given)
        if kind is None:
            return ctx.default_return_type
        arguments.append(kind)
    try:
        result = getattr(rules, name)(*arguments)
    except ShapeError as error:
        report(ctx.api, error, ctx.context)
        return _lost(ctx)
    except (Undetermined, TypeError) as reason:
        report_unknown(ctx.api, str(reason), ctx.context)
        return _lost(ctx)
    return _result(ctx, result, given)


def _kind(parameter: str, typ: Type, given: dict[str | None, Type]) -> Any:
    match parameter:
        case "model":
            kind = model_kind(typ)
            if kind is not None and not has_params(typ):
                pack = pack_kind(given.get("params"))
                return None if pack is None else _with_params(kind, pack)
            return kind
        case "loss":
            return loss_kind(typ)
        case "params" | "vparams":
            pack = pack_kind(typ)
            if pack is None and "model" in given and has_params(given["model"]):
                model = model_kind(given["model"])
                return None if model is None else model.params
            return pack
    return shape_of(typ) or (None if isinstance(get_proper_type(typ), AnyType) else shape_of(typ))


def _with_params(kind: Any, pack: PackKind) -> Any:
    from dataclasses import replace

    return replace(kind, params=pack)


def _lost(ctx: FunctionContext) -> Type:
    """The result after an error: of a kind that is known, of shapes that are not."""
    return ctx.default_return_type


def _result(ctx: FunctionContext, kind: Any, given: dict[str | None, Type]) -> Type:
    types = KindTypes(ctx.api)
    dtype = dtype_marker(given.get("x") or given.get("w"))
    default = get_proper_type(ctx.default_return_type)
    if isinstance(kind, GradsKind) and isinstance(default, Instance):
        args = [types.tensor(dtype, ()), types.pack(kind.dparams, dtype)]
        return default.copy_modified(args=[*args, types.tensor(dtype, kind.dx), types.tensor(dtype, kind.dtarget)])
    return _type_of(types, kind, dtype, ctx.default_return_type)


def _type_of(types: KindTypes, kind: Any, dtype: str | None, default: Type) -> Type:
    if isinstance(kind, PackKind):
        return types.pack(kind, dtype)
    if isinstance(kind, RowsKind):
        return types.rows(kind, dtype)
    if isinstance(kind, tuple) and kind and all(part is None or isinstance(part, tuple | PackKind) for part in kind):
        return types.tuple([_part(types, part, dtype) for part in kind])
    return types.tensor(dtype, kind) if isinstance(kind, tuple) else default


def _part(types: KindTypes, kind: Any, dtype: str | None) -> Type:
    return types.named("builtins.float") if kind is None else _type_of_part(types, kind, dtype)


def _type_of_part(types: KindTypes, kind: Any, dtype: str | None) -> Type:
    return types.pack(kind, dtype) if isinstance(kind, PackKind) else types.tensor(dtype, kind)


# --- autograd.fn ------------------------------------------------------------------------------------------------------


def function_signature(ctx: FunctionSigContext, name: str) -> FunctionLike:
    """A function given by name takes and gives any shape, as far as mypy sees: we apply it to the shape of ``x``.

    A lambda keeps the signature, from which mypy infers what its parameter is.
    """
    declared = ctx.default_signature
    expression = ctx.args[0][0] if ctx.args and ctx.args[0] else None
    types = KindTypes(ctx.api)
    formals = list(declared.arg_types)
    anything = types.tensor(None, ANY_SHAPE)
    function = get_proper_type(formals[0])
    if isinstance(function, CallableType) and not isinstance(expression, LambdaExpr):
        formals[0] = function.copy_modified(arg_types=[unknown_type()], ret_type=anything)
    for index in range(2, len(formals)):
        formals[index] = anything
    return declared.copy_modified(arg_types=formals)


def of_function(ctx: FunctionContext, name: str) -> Type:
    """A function of ``autograd.fn``."""
    if len(ctx.arg_types) < 2 or not ctx.arg_types[0] or not ctx.arg_types[1]:
        return ctx.default_return_type
    x = shape_of(ctx.arg_types[1][0])
    others = [shape_of(types[0]) for types in ctx.arg_types[2:] if types]
    if x is None or None in others:
        return ctx.default_return_type
    dtype = dtype_marker(ctx.arg_types[1][0])
    try:
        output = output_of(ctx.api, ctx.arg_types[0][0], ctx.arg_types[1][0])
        kind = getattr(rules, name)(x, output, *others)
    except ShapeError as error:
        report(ctx.api, error, ctx.context)
        return ctx.default_return_type
    except Undetermined as reason:
        report_unknown(ctx.api, str(reason), ctx.context)
        return ctx.default_return_type
    return _type_of_function(KindTypes(ctx.api), kind, name, dtype, ctx.default_return_type)


def _type_of_function(types: KindTypes, kind: Any, name: str, dtype: str | None, default: Type) -> Type:
    if name in ("value_and_grad", "value_and_grad_scalar"):
        return types.tuple([_part(types, part, dtype) for part in kind])
    return types.rows(kind, dtype) if isinstance(kind, RowsKind) else types.tensor(dtype, kind)


def output_of(api: Any, function: Type, x: Type) -> Shape:
    """The shape of ``f(x)``, from the type of ``f``.

    Raises:
        ShapeError: where ``f`` does not take an ``x`` of this shape.
    """
    proper = get_proper_type(function)
    if isinstance(proper, Overloaded):
        return ANY_SHAPE
    if isinstance(proper, Instance):
        return ANY_SHAPE
    if not isinstance(proper, CallableType) or not proper.arg_types:
        return ANY_SHAPE
    own = [variable for variable in proper.variables if is_dimension(variable)]
    matcher = Matcher(api, proper.name.split(" ")[0] if proper.name else "f", own)
    matcher.argument(proper.arg_types[0], x, None, 'argument 1 ("x")')
    bindings = matcher.solve()
    return solved(shape_of(proper.ret_type) or ANY_SHAPE, matcher.own, bindings)


FUNCTIONS = {MODEL_DERIVATIVES: of_model, FUNCTION_DERIVATIVES: of_function}
SIGNATURES = {MODEL_DERIVATIVES: model_signature, FUNCTION_DERIVATIVES: function_signature}
