"""``nn.layer``: a layer of a user's own function, compared with what its annotations say or a lambda gives."""

from __future__ import annotations

from inspect import Parameter, Signature

from mypy.nodes import (
    ARG_NAMED,
    ARG_NAMED_OPT,
    ARG_OPT,
    ARG_POS,
    ARG_STAR,
    ARG_STAR2,
    DictExpr,
    Expression,
    StrExpr,
)
from mypy.plugin import FunctionContext
from mypy.types import CallableType, Type, get_proper_type

from torchlean_mypy.calls.applied import result_of
from torchlean_mypy.calls.arguments import UNDECIDED, value_of
from torchlean_mypy.reports.codes import Reporting, report_unknown
from torchlean_mypy.syntax.lookups import lambda_of
from torchlean_mypy.types.convert import shape_of
from torchlean_mypy.types.kinds import KindTypes, pack_kind
from torchlean_typed.shapes import layers as rules
from torchlean_typed.shapes.chaining import plain_shape
from torchlean_typed.shapes.kinds import ModelKind, PackKind
from torchlean_typed.shapes.models import apply_model, require_shape
from torchlean_typed.shapes.shape import ANY_SHAPE, print_shape
from torchlean_typed.shapes.user_functions import layer_arguments, refuse_tensor, require_arguments, require_pack


def own_layer(ctx: FunctionContext) -> Type:
    """``nn.layer(fn, params="32 64", input="*b 64")``; shapes left out are read off the function's type."""
    expressions = dict(zip(ctx.callee_arg_names, ctx.args, strict=True))
    names: tuple[str, ...] = ()
    params: object = ""
    if given := expressions.get("params"):
        named = _named_texts(given[0])
        if named is not None:
            names, params = tuple(named), tuple(named.values())
        else:
            params = value_of(ctx.api, given[0], ctx.arg_types[ctx.callee_arg_names.index("params")][0])
    fn = get_proper_type(ctx.arg_types[0][0]) if ctx.arg_types[0] else None
    takes, number = layer_arguments(bool(params))
    own: dict[str, object] = dict(zip(("input", "output"), _annotated(fn, number), strict=True))
    for what in own:
        if given := expressions.get(what):
            own[what] = value_of(ctx.api, given[0], ctx.arg_types[ctx.callee_arg_names.index(what)][0])
    if params is UNDECIDED or UNDECIDED in own.values():
        report_unknown(ctx.api, "layer: a text is not known", ctx.context)
        return ctx.default_return_type
    with Reporting(ctx):
        if (signature := _signature(fn)) is not None:
            require_arguments("layer", _name(fn, ctx), signature, takes, number)
        kind = rules.layer("layer", params, own["input"], own["output"], names)
        if params and isinstance(fn, CallableType) and fn.arg_types:
            refuse_tensor("layer", _name(fn, ctx), _annotated(fn, 1)[0])
            require_pack("layer", pack_kind(fn.arg_types[0]), kind.params)
        _check_lambda(ctx, kind)
        return KindTypes(ctx.api).model(kind)
    return ctx.default_return_type


def _check_lambda(ctx: FunctionContext, kind: ModelKind) -> None:
    """What a lambda gives for the declared input, which no annotation says, is the declared output."""
    fn = lambda_of(ctx.api, ctx.args[0][0])
    if fn is None or ANY_SHAPE in (kind.input, kind.output):
        return
    types, x = KindTypes(ctx.api), plain_shape(kind.input)
    arguments: list[Type] = [types.tensor(None, x)]
    if kind.params.shapes:
        bare_names = tuple(name.partition(".")[2] for name in kind.params.names)
        arguments.insert(0, types.pack(PackKind(kind.params.shapes, bare_names)))
    shape = shape_of(result_of(ctx.api, fn, ctx.arg_types[0][0], arguments, fn))
    if shape is not None:
        declared = apply_model("layer", kind, kind.params, x)
        require_shape("layer", "the function's result", shape, "the declared output", declared)


def _named_texts(expression: Expression) -> dict[str, str] | None:
    if not isinstance(expression, DictExpr):
        return None
    pairs = [(key, value) for key, value in expression.items if isinstance(key, StrExpr) and isinstance(value, StrExpr)]
    return {key.value: value.value for key, value in pairs} if len(pairs) == len(expression.items) else None


def _annotated(fn: Type | None, number: int) -> tuple[str | None, str | None]:
    """The shapes of the parameter with this number and of the result, as texts, where the function's type has them."""
    if not isinstance(fn, CallableType) or len(fn.arg_types) < number:
        return None, None
    shapes = [shape_of(fn.arg_types[number - 1]), shape_of(fn.ret_type)]
    texts = [None if shape is None or shape == ANY_SHAPE else print_shape(shape) for shape in shapes]
    return texts[0], texts[1]


_KINDS = {
    ARG_POS: Parameter.POSITIONAL_OR_KEYWORD,
    ARG_OPT: Parameter.POSITIONAL_OR_KEYWORD,
    ARG_STAR: Parameter.VAR_POSITIONAL,
    ARG_NAMED: Parameter.KEYWORD_ONLY,
    ARG_NAMED_OPT: Parameter.KEYWORD_ONLY,
    ARG_STAR2: Parameter.VAR_KEYWORD,
}


def _signature(fn: Type | None) -> Signature | None:
    """What the function takes, where all of its parameters have names."""
    if not isinstance(fn, CallableType) or fn.is_ellipsis_args or fn.is_type_obj() or None in fn.arg_names:
        return None
    return Signature(
        [
            Parameter(str(name), _KINDS[kind], default=None if kind.is_optional() else Parameter.empty)
            for name, kind in zip(fn.arg_names, fn.arg_kinds, strict=True)
        ]
    )


def _name(fn: Type | None, ctx: FunctionContext) -> str:
    """How the run time calls the function."""
    expression = ctx.args[0][0]
    if lambda_of(ctx.api, expression) is not None:
        return "<lambda>"
    definition = fn.definition if isinstance(fn, CallableType) else None
    return definition.name if definition is not None else getattr(expression, "name", "it")
