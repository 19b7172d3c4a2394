"""One hook for every operation of the table, called as a function, a method, an operator or a property."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from inspect import Parameter
from typing import Any

from mypy.nodes import (
    CallExpr,
    Expression,
    IndexExpr,
    ListExpr,
    MemberExpr,
    NameExpr,
    OpExpr,
    SymbolNode,
    TupleExpr,
    TypeInfo,
)
from mypy.plugin import AttributeContext, FunctionContext, MethodContext
from mypy.types import FunctionLike, Instance, NoneType, Type, UnionType, get_proper_type

import torchlean_typed.ops
from torchlean_mypy.calls.arguments import type_of, value_of
from torchlean_mypy.calls.iteration import count_of, written
from torchlean_mypy.calls.spread import items_of, repeated_item
from torchlean_mypy.calls.steps import stepped
from torchlean_mypy.library.alone import for_each_shape, for_each_step
from torchlean_mypy.library.evaluation import Operand, Outcome, alternatives, evaluated, for_number
from torchlean_mypy.library.methods import operation_behind
from torchlean_mypy.reports.codes import is_mistyped, past_operator, report, report_unknown, settle
from torchlean_mypy.syntax.names import OPERATIONS, TENSOR
from torchlean_mypy.types.convert import Types, shape_of, tensor_of, tensors_in
from torchlean_mypy.types.memory import Memory, Question
from torchlean_typed.ops.op import TABLE, Op
from torchlean_typed.shapes.dim import Dimension
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.shape import ANY_SHAPE, Shapes


@cache
def table() -> dict[str, Op]:
    """The operation table, filled."""
    for module in pkgutil.iter_modules(torchlean_typed.ops.__path__):
        importlib.import_module(OPERATIONS + module.name)
    return TABLE


@dataclass(slots=True)
class Argument:
    """An actual argument: its type, and the expression where there is one."""

    type: Type
    expression: Expression | None = None

    @property
    def variable(self) -> SymbolNode | None:
        """The variable that it is, where it is one."""
        return self.expression.node if isinstance(self.expression, NameExpr) else None


@dataclass(frozen=True)
class Bound:
    """The operation behind a method or property, the parameter that ``self`` is, and the others."""

    record: Op
    own: str
    names: tuple[str, ...]
    is_reflected: bool


@lru_cache(maxsize=1024)
def _bound(info: TypeInfo, name: str) -> Bound | None:
    """What is behind a method or property of Tensor or of a subclass."""
    behind = operation_behind(info, name)
    record = table().get(behind[0]) if behind is not None else None
    if record is None or behind is None:
        return None
    names = [*parameters(record)]
    own = names.pop(behind[1])
    return Bound(record, own, tuple(names), behind[1] > 0)


# By parameter: one argument, several for ``*operands``, none for one that is left out.
Arguments = dict[str, list[Argument]]


def function(ctx: FunctionContext, name: str) -> Type:
    """The result of a call ``tl.sum(x, axis=0)``."""
    record = table().get(name)
    if record is None:
        return ctx.default_return_type
    return _result(record, _arguments(ctx, parameters(record)), ctx)


def absolute(ctx: FunctionContext, name: str) -> Type:
    """``abs(x)``, Python's own: of a tensor, the operation."""
    if not ctx.arg_types[0] or not tensors_in(ctx.arg_types[0][0]):
        return ctx.default_return_type
    return function(ctx, name)


def method(ctx: MethodContext, name: str) -> Type:
    """The result of ``x.sum(axis=0)``, ``x + y`` or ``x[0]``."""
    receiver = get_proper_type(ctx.type)
    bound = _bound(receiver.type, name) if isinstance(receiver, Instance) else None
    if bound is None:
        return ctx.default_return_type
    arguments = _arguments(ctx, bound.names)
    arguments[bound.own] = [Argument(receiver) if bound.is_reflected else _whole_receiver(ctx)]
    return _result(bound.record, arguments, ctx)


def reflected(ctx: MethodContext, name: str) -> Type:
    """The result of ``2.0 * x``, of which mypy asks the number; ``name`` is that of the tensor's operator."""
    tensor = tensors_in(ctx.arg_types[0][0])[0]
    bound = _bound(tensor.type, name)
    if bound is None:
        return ctx.default_return_type
    left = ctx.context.left if isinstance(ctx.context, OpExpr) else None
    arguments = {bound.own: [Argument(ctx.arg_types[0][0])], bound.names[0]: [Argument(ctx.type, left)]}
    return _result(bound.record, arguments, ctx)


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
    bound = _bound(receivers[0].type, name)
    return ctx.default_attr_type if bound is None else _result(bound.record, {bound.own: [Argument(ctx.type)]}, ctx)


def parameters(record: Op) -> tuple[str, ...]:
    """The parameters in the order of the signature."""
    return record.statics + record.tensors if record.spread else record.tensors + record.statics


def _arguments(ctx: FunctionContext | MethodContext, names: Sequence[str]) -> Arguments:
    """The arguments by parameter."""
    found: Arguments = {}
    for number, types in enumerate(ctx.arg_types):
        # an operator's parameters have no names, a function's need not come in the record's order
        given = ctx.callee_arg_names[number]
        name = given if given is not None and given in names else names[number]
        found[name] = [*map(Argument, types, ctx.args[number])]
    return found


def _result(record: Op, arguments: Arguments, ctx: Any) -> Type:
    """The type that the record's rules give to the arguments; what the rules reject is reported."""
    api, context = ctx.api, ctx.context
    if is_mistyped(api, getattr(ctx, "args", ()), " must be a") or _has_more(ctx):
        return _unknown(ctx, Types(api), None)
    statics = _statics(record, arguments, api)
    question = _question(record, arguments, statics)
    known = Memory.recall(question)
    if known is not None:
        settle(api, context)
        return known
    types = Types(api)
    operands = _operands(record, arguments, api)
    each = _each(record, arguments, api) if operands is None else None
    if (operands is None and each is None) or Parameter.empty in statics:
        report_unknown(api, f"{record.name}: the number of tensors is not known", context)
        return _unknown(ctx, types, None)
    with past_operator(api, context):
        try:
            if each is not None:
                outcomes = [for_number(record, *each, statics)]
            else:
                outcomes = evaluated(
                    record, [alternatives(one.type) for one in operands or ()], statics, _same(operands or ())
                )
        except ShapeError as error:
            if (exact := for_each_step(api, context)) is not None:
                return exact
            report(api, error, context, about=getattr(ctx, "args", ()))
            return _unknown(ctx, types, None)
        if is_mistyped(api, getattr(ctx, "args", ())):
            return _unknown(ctx, types, None)
        if outcomes[0].is_doubtful and (exact := for_each_shape(api, context)) is not None:
            return exact
        for outcome in outcomes:
            if outcome.reason is not None:
                report_unknown(api, outcome.reason, context)
    made = UnionType.make_union([_type_of(outcome, ctx, types) for outcome in outcomes])
    if any(outcome.reason is not None or outcome.shape == ANY_SHAPE for outcome in outcomes):
        return made
    return Memory.keep(question, made)


def _question(record: Op, arguments: Arguments, statics: list[object]) -> Question | None:
    """What the result depends on; None where these are not only types and values, but the items of a list."""
    if record.sequence:
        return None
    given = [arguments.get(name, ()) for name in record.tensors]
    operands = [tuple([argument.type for argument in one]) for one in given]
    several = any([not isinstance(typ, Instance) for types in operands for typ in types])
    same = _same([argument for one in given for argument in one]) if several else ()
    return record, *operands, repr(statics) if statics else "", same


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


def _same(operands: Sequence[Argument]) -> tuple[int, ...]:
    """For each operand which is the first that is the same variable: it has one shape, whichever that is."""
    variables = [operand.variable for operand in operands]
    return tuple([number if one is None else variables.index(one) for number, one in enumerate(variables)])


def _operands(record: Op, arguments: Arguments, api: Any) -> list[Argument] | None:
    """The operands; None where one is missing, or nobody knows how many there are."""
    if record.spread or record.sequence:
        given = arguments.get(record.tensors[0], [])
        if record.spread:
            return given
        items = items_of(api, given[0].expression, given[0].type) if given else None
        if items is None:
            return None
        display = written(api, given[0].expression)
        parts = display.items if isinstance(display, ListExpr | TupleExpr) else [None] * len(items)
        return [*map(Argument, items, parts)]
    operands: list[Argument] = []
    for name in record.tensors:
        arguments_here = arguments.get(name)
        if arguments_here:
            operands.append(arguments_here[0])
        elif name in record.optional:
            operands.append(Argument(NoneType()))
        else:
            return None
    return operands


def _each(record: Op, arguments: Arguments, api: Any) -> tuple[list[Operand], Dimension] | None:
    """What is known of each tensor of a list whose items are alike, and of their number."""
    given = arguments.get(record.tensors[0], []) if record.sequence else []
    item = repeated_item(api, given[0].expression, given[0].type) if given else None
    return (alternatives(item), count_of(api, given[0].expression, given[0].type)) if item is not None else None


def _statics(record: Op, arguments: Arguments, api: Any) -> list[object]:
    statics: list[object] = []
    for name, default in zip(record.statics, record.defaults, strict=True):
        given = arguments.get(name)
        value = value_of(api, given[0].expression, given[0].type, lists=name in record.keys) if given else default
        if given and name in record.keys:
            value = stepped(api, given[0].expression, value, shape_of(arguments[record.tensors[0]][0].type))
        statics.append(value)
    return statics


FUNCTIONS = {OPERATIONS: function, "builtins.abs": absolute, "_operator.abs": absolute}
METHODS = {f"{TENSOR}.": method}
ATTRIBUTES = {f"{TENSOR}.{name}": attribute for name in ("T", "mT")}
