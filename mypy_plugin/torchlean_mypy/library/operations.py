"""One hook for every operation of the table, called as a function, a method, an operator or a property."""

from __future__ import annotations

from inspect import Parameter
from typing import Any

from mypy.nodes import (
    CallExpr,
    IndexExpr,
    MemberExpr,
    OpExpr,
)
from mypy.plugin import AttributeContext, FunctionContext, MethodContext
from mypy.types import FunctionLike, Instance, Type, UnionType, get_proper_type

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.library.alone import for_each_shape, for_each_step
from torchlean_mypy.library.choices import every_value, for_each_value
from torchlean_mypy.library.evaluation import Outcome, alternatives
from torchlean_mypy.library.ways import (
    Argument,
    Arguments,
    Way,
    arguments_of,
    bound,
    by_name,
    each_of,
    operands_of,
    question_of,
    same,
    statics_of,
)
from torchlean_mypy.reports.codes import is_mistyped, past_operator, report, report_unknown, reported, settle
from torchlean_mypy.syntax.names import OPERATIONS, TENSOR
from torchlean_mypy.types.convert import Types, tensor_of, tensors_in
from torchlean_mypy.types.memory import Memory, Question
from torchlean_typed.ops.op import Op
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import ANY_SHAPE, Shapes


def function(ctx: FunctionContext, name: str) -> Type:
    """The result of a call ``tl.sum(x, axis=0)``."""
    way = by_name(name)
    return ctx.default_return_type if way is None else _result(way, ctx)


def absolute(ctx: FunctionContext, name: str) -> Type:
    """``abs(x)``, Python's own: of a tensor, the operation."""
    if not ctx.arg_types[0] or not tensors_in(ctx.arg_types[0][0]):
        return ctx.default_return_type
    return function(ctx, name)


def method(ctx: MethodContext, name: str) -> Type:
    """The result of ``x.sum(axis=0)``, ``x + y`` or ``x[0]``."""
    receiver = get_proper_type(ctx.type)
    way = bound(receiver.type, name) if isinstance(receiver, Instance) else None
    if way is None:
        return ctx.default_return_type
    return _result(way, ctx, Argument(receiver) if way.is_reflected else _whole_receiver(ctx))


def reflected(ctx: MethodContext, name: str) -> Type:
    """The result of ``2.0 * x``, of which mypy asks the number; ``name`` is that of the tensor's operator."""
    tensor = tensors_in(ctx.arg_types[0][0])[0]
    way = bound(tensor.type, name)
    if way is None:
        return ctx.default_return_type
    number = Argument(ctx.type, ctx.context.left if isinstance(ctx.context, OpExpr) else None)
    given = {way.own: [Argument(ctx.arg_types[0][0])], way.names[0]: [number]}
    return _evaluated(way.record, given, ctx, None)


def _whole_receiver(ctx: MethodContext) -> Argument:
    """What the method is called on; where that is one of several things, all of them: mypy asks one by one.

    Not every one need go with every argument.
    """
    match ctx.context:
        case OpExpr(left=expression) | IndexExpr(base=expression) | CallExpr(callee=MemberExpr(expr=expression)):
            whole = type_of(ctx.api, expression)
            is_one = whole is None or whole is ctx.type or not tensors_in(whole)
            return Argument(ctx.type if is_one or whole is None else whole, expression)
    return Argument(ctx.type)


def attribute(ctx: AttributeContext, name: str) -> Type:
    """The result of ``x.T`` or ``x.mT``."""
    if isinstance(get_proper_type(ctx.default_attr_type), FunctionLike):
        return ctx.default_attr_type  # a method: its call is what there is to check
    receivers = tensors_in(ctx.type)
    if not receivers:
        return ctx.default_attr_type
    way = bound(receivers[0].type, name)
    return ctx.default_attr_type if way is None else _result(way, ctx, Argument(ctx.type))


def _result(way: Way, ctx: Any, receiver: Argument | None = None) -> Type:
    """What an operation gives, which is remembered where it is a matter of types."""
    question = question_of(way, ctx, receiver)
    known = Memory.recall(question)
    if known is not None:
        if not reported(ctx.api):
            return known
        if not _is_refused(ctx):
            settle(ctx.api, ctx.context)
            return known
    arguments = arguments_of(way, ctx)
    if receiver is not None:
        arguments[way.own] = [receiver]
    return _evaluated(way.record, arguments, ctx, question)


def _is_refused(ctx: Any) -> bool:
    """Whether mypy has said that a call is wrong, which then has no result of a known shape."""
    return is_mistyped(ctx.api, getattr(ctx, "args", ()), " must be a") or _has_more(ctx)


def _evaluated(record: Op, arguments: Arguments, ctx: Any, question: Question | None) -> Type:
    """The type that the record's rules give to the arguments; what the rules reject is reported."""
    api, context = ctx.api, ctx.context
    if _is_refused(ctx):
        return _unknown(ctx, Types(api), None)
    statics = statics_of(record, arguments, api)
    every = every_value(statics, [arguments.get(name) for name in record.statics])
    types = Types(api)
    operands = operands_of(record, arguments, api)
    each = each_of(record, arguments, api) if operands is None else None
    if (operands is None and each is None) or Parameter.empty in statics:
        report_unknown(api, f"{record.name}: the number of tensors is not known", context)
        return _unknown(ctx, types, None)
    with past_operator(api, context):
        try:
            found = [alternatives(one.type) for one in operands or ()]
            outcomes = for_each_value(record, every, each or found, same(operands or ()))
        except ShapeError as error:
            if (exact := for_each_step(api, context)) is not None:
                return exact
            report(api, error, context, about=getattr(ctx, "args", ()))
            return _unknown(ctx, types, None)
        if is_mistyped(api, getattr(ctx, "args", ())):
            return _unknown(ctx, types, None)
        if any(outcome.is_doubtful for outcome in outcomes) and (exact := for_each_shape(api, context)) is not None:
            return exact
        for outcome in outcomes:
            if outcome.reason is not None:
                report_unknown(api, outcome.reason, context)
    made = UnionType.make_union([_type_of(outcome, ctx, types) for outcome in outcomes])
    if any(outcome.reason is not None or outcome.shape == ANY_SHAPE for outcome in outcomes):
        return made
    return Memory.keep(question, made)


def _has_more(ctx: Any) -> bool:
    """Whether a call has more arguments than there are parameters, which mypy has said."""
    call, given = ctx.context, getattr(ctx, "args", None)
    return given is not None and isinstance(call, CallExpr) and len(call.args) > sum(map(len, given))


def _type_of(outcome: Outcome, ctx: Any, types: Types) -> Type:
    if isinstance(outcome.shape, Shapes):
        return types.tuple([types.tensor(outcome.dtype, shape) for shape in outcome.shape])
    if outcome.shape == ANY_SHAPE:
        return _unknown(ctx, types, outcome.dtype)
    return types.tensor(outcome.dtype, outcome.shape)


def _unknown(ctx: Any, types: Types, dtype: str | None) -> Type:
    """The result of an operation of which only the dtype is known; of several results, what mypy makes of them."""
    default = getattr(ctx, "default_return_type", None) or ctx.default_attr_type
    return types.tensor(dtype, ANY_SHAPE) if tensor_of(default) is not None else default


FUNCTIONS = {OPERATIONS: function, "builtins.abs": absolute, "_operator.abs": absolute}
METHODS = {f"{TENSOR}.": method}
ATTRIBUTES = {f"{TENSOR}.{name}": attribute for name in ("T", "mT")}
