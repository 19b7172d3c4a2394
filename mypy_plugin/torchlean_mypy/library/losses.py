"""Losses: ``loss.mse()`` and its like, ``OutputLoss(fn)``, and calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mypy.errors import ErrorWatcher
from mypy.nodes import Expression, LambdaExpr, NameExpr
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import CallableType, Type, get_proper_type

from torchlean_mypy.calls.applied import result_of
from torchlean_mypy.calls.arguments import value_of
from torchlean_mypy.reports.codes import Reporting, report_unknown
from torchlean_mypy.syntax.lookups import lambda_of, made_by
from torchlean_mypy.syntax.names import LOSS, LOSSES
from torchlean_mypy.types.convert import Types, dtype_marker, shape_of, unknown_type
from torchlean_mypy.types.generalise import names_of_variables, own_dimensions
from torchlean_mypy.types.kinds import KindTypes, loss_kind, output_dtype
from torchlean_typed.shapes.derivative_dtypes import check_loss_dtypes
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.kinds import LossKind
from torchlean_typed.shapes.models import apply_loss, apply_model
from torchlean_typed.shapes.shape import ANY_SHAPE, shape_names
from torchlean_typed.shapes.unify import flexible

UNNAMED = "the loss"


def standard(ctx: FunctionContext, name: str) -> Type:
    """``loss.mse(reduction=)``, and ``loss.cross_entropy(reduction=, axis=)`` and its like."""
    given = {
        parameter: value_of(ctx.api, expressions[0], types[0])
        for parameter, expressions, types in zip(ctx.callee_arg_names, ctx.args, ctx.arg_types, strict=True)
        if types
    }
    reduction = given.get("reduction", "mean")
    axis = given.get("axis", None if name == "mse" else -1)
    if not isinstance(reduction, str) or not (axis is None or isinstance(axis, int)):
        report_unknown(ctx.api, f"{name}: the value of an argument is not known", ctx.context)
        return ctx.default_return_type
    classes = name == "cross_entropy"
    return KindTypes(ctx.api).loss(LossKind(name, same=not classes, classes=classes, reduction=reduction, axis=axis))


def own(ctx: FunctionContext, name: str) -> Type:
    """``OutputLoss(fn)``: the shapes are those of the function's parameters and of its result."""
    if not ctx.arg_types[0]:
        return ctx.default_return_type
    function, expression = get_proper_type(ctx.arg_types[0][0]), ctx.args[0][0]
    called = UNNAMED if lambda_of(ctx.api, expression) else str(getattr(expression, "name", UNNAMED))
    output = target = result = ANY_SHAPE
    if isinstance(function, CallableType) and len(function.arg_types) >= 2:
        own_names = names_of_variables(*own_dimensions(function))
        output, target, result = (
            ANY_SHAPE if shape is None else flexible(shape, keep=shape_names(shape) - own_names)
            for shape in map(shape_of, [*function.arg_types[:2], function.ret_type])
        )
    return KindTypes(ctx.api).loss(LossKind(called, output, target, result=result))


def detached(ctx: FunctionContext, name: str) -> Type:
    """``loss.detach(inner)``: what is known of ``inner``, wherever it stands."""
    return ctx.arg_types[0][0] if ctx.arg_types[0] and loss_kind(ctx.arg_types[0][0]) else ctx.default_return_type


def call(ctx: MethodContext, name: str) -> Type:
    """``loss(output, target)``."""
    kind = loss_kind(ctx.type)
    if kind is None or not all(ctx.arg_types):
        return ctx.default_return_type
    (given,), (expected,) = ctx.arg_types
    output, target = (ANY_SHAPE if (shape := shape_of(typ)) is None else shape for typ in (given, expected))
    result, dtype = ANY_SHAPE, dtype_marker(given)
    kind = _of_lambda(ctx.api, getattr(ctx.context, "callee", None), kind, [given, expected])
    with Reporting(ctx) as reporting:
        result = apply_loss("loss", kind, output, target)
        check_loss_dtypes("loss", kind, dtype, dtype_marker(expected))
    if reporting.refused:
        result, dtype = ANY_SHAPE, None
    return KindTypes(ctx.api).tensor(dtype, result)


def applied_here(ctx: FunctionContext, kinds: dict[str, Any], given: dict[str, Type]) -> LossKind:
    """The loss of a call of ``autograd.model``; of an ``OutputLoss(lambda ...)`` made there, what the lambda gives."""
    kind: LossKind = kinds["loss"]
    made = ctx.args[ctx.callee_arg_names.index("loss")][0]
    if _lambda_of(ctx.api, made) is None:
        return kind
    try:
        output = apply_model("", kinds["model"], kinds["model"].params, kinds["x"])
    except (ShapeError, Undetermined):
        return kind
    tensor = Types(ctx.api).tensor(output_dtype(given.get("params"), given["x"]), output)
    return _of_lambda(ctx.api, made, kind, [tensor, given["target"]])


def _of_lambda(api: Any, made: Expression | None, kind: LossKind, arguments: Sequence[Type]) -> LossKind:
    """What is known of a loss, with what the lambda in ``OutputLoss(lambda ...)`` gives for these arguments."""
    function = _lambda_of(api, made) if kind.name == UNNAMED else None
    if function is None or made is None:
        return kind
    with ErrorWatcher(api.msg.errors, filter_errors=isinstance(made, NameExpr), save_filtered_errors=True) as watcher:
        shape = shape_of(result_of(api, function, unknown_type(), arguments, made))
    for info in watcher.filtered_errors()[:1]:  # found where the lambda stands, and told where it is called
        api.fail(info.message, made, code=info.code)
    return kind if shape is None else replace(kind, result=shape)


def _lambda_of(api: Any, made: Expression | None) -> LambdaExpr | None:
    """The lambda in ``OutputLoss(lambda ...)``, also where that was given a name in the same file, and once."""
    call = made_by(api.tree, made, LOSS)
    return lambda_of(api, call.args[0]) if call is not None and call.args else None


STANDARD = ("mse", "cross_entropy", "cross_entropy_one_hot")
FUNCTIONS = {**{f"{LOSSES}{name}": standard for name in STANDARD}, f"{LOSSES}detach": detached, LOSS: own}
METHODS = {f"{LOSS}.__call__": call}
