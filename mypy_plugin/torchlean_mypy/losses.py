"""Losses: ``loss.mse()`` and its like, ``OutputLoss(fn)``, and calls."""

from __future__ import annotations

from mypy.nodes import RefExpr
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import CallableType, Type, get_proper_type

from torchlean_mypy.arguments import value_of
from torchlean_mypy.codes import report, report_unknown
from torchlean_mypy.convert import dtype_marker, shape_of
from torchlean_mypy.kinds import KindTypes, loss_kind
from torchlean_mypy.names import LOSS, LOSSES
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.kinds import LossKind
from torchlean_typed.shapes.models import apply_loss
from torchlean_typed.shapes.shape import ANY_SHAPE
from torchlean_typed.shapes.unify import flexible


def standard(ctx: FunctionContext, name: str) -> Type:
    """``loss.mse(reduction=)`` and ``loss.cross_entropy_one_hot(reduction=, axis=)``."""
    given = {
        parameter: value_of(ctx.api, expressions[0], types[0])
        for parameter, expressions, types in zip(ctx.callee_arg_names, ctx.args, ctx.arg_types, strict=True)
        if types
    }
    reduction = given.get("reduction", "mean")
    axis = given.get("axis", -1 if name == "cross_entropy_one_hot" else None)
    if not isinstance(reduction, str) or not (axis is None or isinstance(axis, int)):
        report_unknown(ctx.api, f"{name}: the value of an argument is not known", ctx.context)
        return ctx.default_return_type
    return KindTypes(ctx.api).loss(LossKind(name, same=True, reduction=reduction, axis=axis))


def own(ctx: FunctionContext, name: str) -> Type:
    """``OutputLoss(fn)``: the shapes are those of the function's parameters."""
    function = get_proper_type(ctx.arg_types[0][0]) if ctx.arg_types[0] else None
    expression = ctx.args[0][0] if ctx.args[0] else None
    called = getattr(expression, "name", "the loss") if isinstance(expression, RefExpr) else "the loss"
    output = target = ANY_SHAPE
    if isinstance(function, CallableType) and len(function.arg_types) >= 2:
        output, target = (flexible(shape_of(typ) or ANY_SHAPE) for typ in function.arg_types[:2])
    return KindTypes(ctx.api).loss(LossKind(str(called), output, target))


def call(ctx: MethodContext, name: str) -> Type:
    """``loss(output, target)``."""
    kind = loss_kind(ctx.type)
    if kind is None or not ctx.arg_types[0] or not ctx.arg_types[1]:
        return ctx.default_return_type
    output, target = (shape_of(types[0]) or ANY_SHAPE for types in ctx.arg_types[:2])
    types = KindTypes(ctx.api)
    try:
        return types.tensor(dtype_marker(ctx.arg_types[0][0]), apply_loss("loss", kind, output, target))
    except ShapeError as error:
        report(ctx.api, error, ctx.context)
    except Undetermined as reason:
        report_unknown(ctx.api, str(reason), ctx.context)
    return types.tensor(None, ANY_SHAPE)


FUNCTIONS = {f"{LOSSES}mse": standard, f"{LOSSES}cross_entropy_one_hot": standard, LOSS: own}
METHODS = {f"{LOSS}.__call__": call}
