"""Models: the layers, ``nn.Seq`` and ``>>``, ``init`` and calls."""

from __future__ import annotations

from collections.abc import Sequence

from mypy.nodes import CallExpr, Expression
from mypy.plugin import AttributeContext, FunctionContext, MethodContext
from mypy.types import Instance, Type, UnionType, flatten_nested_unions

from torchlean_mypy.calls.arguments import UNDECIDED, is_complete, type_of, value_of
from torchlean_mypy.library.dims import shape_type
from torchlean_mypy.library.own_layers import own_layer
from torchlean_mypy.reports.codes import Reporting, is_mistyped, past_operator, report, report_unknown
from torchlean_mypy.syntax.names import LAYERS, SEQ, TRAINING, UPDATE_STATISTICS
from torchlean_mypy.types.convert import dtype_marker, shape_of, tensors_in
from torchlean_mypy.types.erase import any_pack
from torchlean_mypy.types.kinds import (
    KindTypes,
    check_variables,
    dtypes_of_entries,
    has_params,
    model_kind,
    output_dtype,
    pack_kind,
)
from torchlean_typed.ops.statics import numpy_dtype
from torchlean_typed.shapes import layers as rules
from torchlean_typed.shapes.derivative_dtypes import check_dtypes, check_input, require_parameters
from torchlean_typed.shapes.dim import UNKNOWN, Unknown
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.kinds import ModelKind
from torchlean_typed.shapes.models import apply_model
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, is_known, shape_names
from torchlean_typed.shapes.unify import is_flexible


def layer(ctx: FunctionContext, name: str) -> Type:
    """``nn.linear(64, 32)`` and its like: the layer's rule on the arguments."""
    if name == "layer":
        return own_layer(ctx)
    if name in rules.OF_MODELS:
        return _of_models(ctx, name)
    given = _given(ctx)
    if given is None:
        return _lost(ctx, f"{name}: an argument's value is not known")
    several, single = given
    unknown = [what for what, value in _named(several, single) if what not in rules.SHAPELESS and _is_unknown(value)]
    if unknown:
        report_unknown(ctx.api, f"{name}: {unknown[0]} is not known", ctx.context)
    if not is_complete(rules.RULES[name], name, *several, **single):
        return ctx.default_return_type
    try:
        return KindTypes(ctx.api).model(rules.RULES[name](name, *several, **single))
    except ShapeError as error:
        if not is_mistyped(ctx.api, ctx.args):
            report(ctx.api, error, ctx.context)
    except Undetermined as reason:
        return _lost(ctx, str(reason))
    return ctx.default_return_type


def _given(ctx: FunctionContext) -> tuple[list[object], dict[str, object]] | None:
    """The values of the arguments that the call gives: those of ``*sizes``, and the others by parameter."""
    several: list[object] = []
    single: dict[str, object] = {}
    for name, types, expressions in zip(ctx.callee_arg_names, ctx.arg_types, ctx.args, strict=True):
        if name is None:
            return None
        values = [value_of(ctx.api, expression, typ) for expression, typ in zip(expressions, types, strict=True)]
        if name in rules.SHAPELESS:
            values = [UNKNOWN if value is UNDECIDED else value for value in values]
        if any(value is UNDECIDED for value in values):
            return None
        if name in VARIADIC:
            several += values
        elif values:
            single[name] = values[0]
    return several, single


def _named(several: list[object], single: dict[str, object]) -> list[tuple[str, object]]:
    return [*((f"item {number} of sizes", value) for number, value in enumerate(several)), *single.items()]


def _is_unknown(value: object) -> bool:
    return any(map(_is_unknown, value)) if isinstance(value, tuple) else isinstance(value, Unknown)


def _lost(ctx: FunctionContext | MethodContext, reason: str) -> Type:
    report_unknown(ctx.api, reason, ctx.context)
    return ctx.default_return_type


def _of_models(ctx: FunctionContext, name: str) -> Type:
    """``nn.residual(inner)`` and its like: the models come first, what else there is has a plain value."""
    inner, expressions = ctx.arg_types[0], ctx.args[0]
    kinds = [kind for typ in inner if (kind := model_kind(typ)) is not None]
    if len(kinds) < len(inner):
        which = "the inner model's shapes" if name == "residual" else "the shapes of a branch"
        return _lost(ctx, f"{name}: {which} are not known")
    rest = zip(ctx.callee_arg_names[1:], ctx.args[1:], ctx.arg_types[1:], strict=True)
    others = {str(what): value_of(ctx.api, args[0], types[0]) for what, args, types in rest if args}
    if UNDECIDED in others.values():
        return _lost(ctx, f"{name}: an argument's value is not known")
    if not is_complete(rules.OF_MODELS[name], name, *kinds, **others):
        return ctx.default_return_type
    try:
        kind = rules.OF_MODELS[name](name, *kinds, **others)
    except ShapeError as error:
        report(ctx.api, error, ctx.context if error.position is None else expressions[error.position])
        return ctx.default_return_type
    except Undetermined as reason:
        return _lost(ctx, str(reason))
    return KindTypes(ctx.api).model(kind, all(has_params(typ) for typ in inner))


def sequence(ctx: FunctionContext, name: str) -> Type:
    """``nn.Seq(*layers)``: the layers chained; what does not fit is reported at the layer that does not."""
    return _chained(ctx, ctx.arg_types[0], ctx.args[0])


def shifted(ctx: MethodContext) -> Type:
    """``a >> b``."""
    return _chained(ctx, [ctx.type, ctx.arg_types[0][0]], [ctx.args[0][0], ctx.args[0][0]])


def _chained(ctx: FunctionContext | MethodContext, parts: Sequence[Type], expressions: Sequence[Expression]) -> Type:
    kinds = [model_kind(part) for part in parts]
    if any(kind is None for kind in kinds):
        return _lost(ctx, "Seq: the shapes of a layer are not known")
    try:
        kind = rules.chain("Seq", [kind for kind in kinds if kind is not None])
    except ShapeError as error:
        report(ctx.api, error, expressions[error.position or 0])
        return ctx.default_return_type
    except Undetermined as reason:
        return _lost(ctx, str(reason))
    return KindTypes(ctx.api).model(kind, all(has_params(part) for part in parts))


def initial(ctx: MethodContext) -> Type:
    """``model.init(seed, dtype=)``: a pack of the model's parameters."""
    kind = model_kind(ctx.type)
    if kind is None or not has_params(ctx.type):
        return ctx.default_return_type
    return KindTypes(ctx.api).pack(kind.params, _given_dtype(ctx))


def _given_dtype(ctx: MethodContext) -> str | None:
    index = ctx.callee_arg_names.index("dtype") if "dtype" in ctx.callee_arg_names else None
    if index is None or not ctx.args[index]:
        return "float64"
    value = value_of(ctx.api, ctx.args[index][0], ctx.arg_types[index][0])
    if not isinstance(value, str):
        return None
    with Reporting(ctx):
        given = numpy_dtype("init", value).name
        require_parameters("init", given)
        return given
    return None


def call(ctx: MethodContext) -> Type:
    """``model(params, x)``."""
    if not all(ctx.arg_types):
        return ctx.default_return_type
    (params,), (x,) = ctx.arg_types
    inputs, types = tensors_in(x), KindTypes(ctx.api)
    results: list[Type] = []
    for each in [x] if len(inputs) < 2 else _that_fit(ctx, params, inputs):
        output = _checked(ctx, "Seq", ctx.type, params, each)
        known = types.tensor(None, ANY_SHAPE) if output is None else types.tensor(output_dtype(params, each), output)
        results.append(known)
    return UnionType.make_union(list(dict.fromkeys(results)))


def _that_fit(ctx: MethodContext, params: Type, inputs: Sequence[Instance]) -> Sequence[Instance]:
    """Those of several inputs that this model takes, and the first that none takes of the models called here."""
    callee = type_of(ctx.api, ctx.context.callee) if isinstance(ctx.context, CallExpr) else None
    models = [item for item in flatten_nested_unions([callee or ctx.type]) if model_kind(item) is not None]
    fitting = [x for x in inputs if _fits(ctx.type, params, x)]
    if not fitting or (models and models[0] != ctx.type):
        return fitting or inputs[:1]
    wrong = [x for x in inputs if x not in fitting and not any(_fits(model, params, x) for model in models)]
    return [*fitting, *wrong[:1]]


def _fits(model: Type, params: Type, x: Instance) -> bool:
    try:
        _applied("Seq", model, params, shape_of(x) or ())
    except ShapeError:
        return False
    except Undetermined:
        pass
    return True


def update_statistics(ctx: FunctionContext, name: str) -> Type:
    """``nn.update_statistics(model, params, x)``: a pack as ``params``."""
    if not all(ctx.arg_types):
        return ctx.default_return_type
    (model,), (params,), (x,) = ctx.arg_types
    return any_pack(KindTypes(ctx.api)) if _checked(ctx, name, model, params, x) is None else params


def _checked(ctx: FunctionContext | MethodContext, op: str, model: Type, params: Type, x: Type) -> Shape | None:
    """The output's shape; None for what does not fit, which is reported."""
    shape = ANY_SHAPE if (known := shape_of(x)) is None else known
    output = ANY_SHAPE
    with Reporting(ctx) as reporting:
        check_variables(op, model, params, "params", "the model")
        output = _applied(op, model, params, shape)
        check_dtypes(op, [*dtypes_of_entries("params", params), ("x", "x", dtype_marker(x))])
        check_input(op, model_kind(model) or ModelKind(ANY_SHAPE, ANY_SHAPE), dtype_marker(x))
        if is_known(shape) and not is_known(output) and model_kind(model) is not None:
            report_unknown(ctx.api, f"{op}: the shape of the model's output is not known", ctx.context)
    return None if reporting.refused else output


def _applied(op: str, model: Type, params: Type, x: Shape) -> Shape:
    """The output's shape; parameters of which nothing is known are taken to fit."""
    kind, pack = model_kind(model), pack_kind(params)
    if kind is None:
        return ANY_SHAPE
    return apply_model(op, kind, pack if pack is not None and has_params(model) else kind.params, x)


def _method(ctx: MethodContext, name: str) -> Type:
    match name:
        case "init":
            return initial(ctx)
        case "__call__":
            return call(ctx)
        case "__rshift__":
            with past_operator(ctx.api, ctx.context):
                return shifted(ctx)
    return ctx.default_return_type


def attribute(ctx: AttributeContext, name: str) -> Type:
    """``model.param_shapes`` and its like, as far as they are known."""
    kind, types = model_kind(ctx.type), KindTypes(ctx.api)
    if kind is None:
        return ctx.default_attr_type
    match name:
        case "param_shapes" if has_params(ctx.type):
            return types.tuple([shape_type(shape, types) for shape in kind.params.shapes])
        case "param_names" if kind.params.names:
            return types.texts(kind.params.names)
        case "in_shape" | "out_shape":
            whole = kind.input if name == "in_shape" else kind.output
            sample = [axis for axis in whole if axis != rules.BATCH]
            if is_known(tuple(sample)) and not any(map(is_flexible, shape_names(tuple(sample)))):
                return shape_type(tuple(sample), types)
    return ctx.default_attr_type


VARIADIC = ("sizes",)  # parameters that take any number of values


def training(ctx: FunctionContext, name: str) -> Type:
    """``nn.training(model)``: what is known of the model, wherever it stands."""
    return ctx.arg_types[0][0] if ctx.arg_types[0] and model_kind(ctx.arg_types[0][0]) else ctx.default_return_type


FUNCTIONS = {LAYERS: layer, SEQ: sequence, UPDATE_STATISTICS: update_statistics, TRAINING: training}
ATTRIBUTES = {f"{SEQ}.{name}": attribute for name in ("in_shape", "out_shape", "param_shapes", "param_names")}
METHODS = {f"{SEQ}.": _method}
