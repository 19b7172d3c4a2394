"""One hook for every operation of the table, called as a function, a method, an operator or a property."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from inspect import Parameter
from typing import Any

from mypy.nodes import ARG_NAMED, ARG_OPT, ARG_POS, Context, Expression, ListExpr, StarExpr, TupleExpr
from mypy.plugin import AttributeContext, FunctionContext, MethodContext
from mypy.types import FunctionLike, Instance, TupleType, Type, UnpackType, get_proper_type

import torchlean_typed.ops
from torchlean_mypy import dtype_rules
from torchlean_mypy.arguments import type_of, value_of
from torchlean_mypy.codes import past_operator, report, report_unknown
from torchlean_mypy.convert import Types, shape_of, tensor_of, tensors_in
from torchlean_mypy.methods import operation_behind
from torchlean_mypy.names import OPERATIONS, TENSOR
from torchlean_typed.ops.op import TABLE, Op
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, is_known


@cache
def table() -> dict[str, Op]:
    """The operation table, filled."""
    for module in pkgutil.iter_modules(torchlean_typed.ops.__path__):
        importlib.import_module(OPERATIONS + module.name)
    return TABLE


@dataclass
class Argument:
    """An actual argument: its type, and the expression where there is one."""

    type: Type
    expression: Expression | None


def function(ctx: FunctionContext, name: str) -> Type:
    """The result of a call ``tl.sum(x, axis=0)``."""
    record = table().get(name)
    if record is None:
        return ctx.default_return_type
    arguments = _arguments(ctx)
    if arguments is None:
        return Types(ctx.api).tensor(None, ANY_SHAPE)
    parameters = record.tensors + record.statics
    return result(record, dict(zip(parameters, arguments, strict=False)), ctx)


def absolute(ctx: FunctionContext, name: str) -> Type:
    """``abs(x)``, Python's own: of a tensor, the operation."""
    if not ctx.arg_types[0] or tensor_of(ctx.arg_types[0][0]) is None:
        return ctx.default_return_type
    return function(ctx, name)


def method(ctx: MethodContext, name: str) -> Type:
    """The result of ``x.sum(axis=0)``, ``x + y`` or ``x[0]``."""
    receiver = get_proper_type(ctx.type)
    if not isinstance(receiver, Instance):
        return ctx.default_return_type
    behind = operation_behind(receiver.type, name)
    record = table().get(behind[0]) if behind is not None else None
    arguments = _arguments(ctx)
    if record is None or behind is None:
        return ctx.default_return_type
    if arguments is None:
        return Types(ctx.api).tensor(None, ANY_SHAPE)
    given = [*arguments[: behind[1]], Argument(receiver, None), *arguments[behind[1] :]]
    return result(record, dict(zip(record.tensors + record.statics, given, strict=False)), ctx)


def attribute(ctx: AttributeContext, name: str) -> Type:
    """The result of ``x.T`` or ``x.mT``."""
    receiver = get_proper_type(ctx.type)
    if not isinstance(receiver, Instance) or isinstance(get_proper_type(ctx.default_attr_type), FunctionLike):
        return ctx.default_attr_type
    behind = operation_behind(receiver.type, name)
    record = table().get(behind[0]) if behind is not None else None
    if record is None:
        return ctx.default_attr_type
    return result(record, {record.tensors[0]: Argument(receiver, None)}, ctx)


def _arguments(ctx: FunctionContext | MethodContext) -> list[Argument | None] | None:
    """One argument a formal, in the order of the signature (None where it is left out); None for ``*args``."""
    found: list[Argument | None] = []
    for types, expressions, kinds in zip(ctx.arg_types, ctx.args, ctx.arg_kinds, strict=True):
        if len(types) > 1 or any(kind not in (ARG_POS, ARG_NAMED, ARG_OPT) for kind in kinds):
            return None
        found.append(Argument(types[0], expressions[0]) if types else None)
    return found


def result(record: Op, arguments: dict[str, Argument | None], ctx: Any) -> Type:
    """The type that the record's rules give to the arguments, by parameter; what the rules reject is reported."""
    api, context = ctx.api, ctx.context
    types = Types(api)
    operands = [arguments.get(name) for name in record.tensors]
    statics: list[object] = []
    for name, default in zip(record.statics, record.defaults, strict=True):
        argument = arguments.get(name)
        statics.append(default if argument is None else value_of(api, argument.expression, argument.type))
    if any(operand is None for operand in operands) or Parameter.empty in statics:
        return types.tensor(None, ANY_SHAPE)  # an argument is missing, which mypy has reported
    given = [operand for operand in operands if operand is not None]
    if record.sequence:
        items = _items(given[0], api)
        if items is None:
            report_unknown(api, f"{record.name}: the number of tensors is not known", context)
            return types.tensor(None, ANY_SHAPE)
        given = [Argument(item, None) for item in items]
    shapes = [operand_shape(operand.type) for operand in given]
    dtypes = [dtype_rules.operand_dtype(operand.type) for operand in given]
    with past_operator(api, context):
        shape = _shape(record, shapes, statics, api, context)
        dtype = _dtype(record, dtypes, statics, api, context, shape)
    return types.tensor(dtype, ANY_SHAPE if shape is None else shape)


def operand_shape(typ: Type) -> Shape:
    """The shape of an operand; that of a Python scalar is empty, and what is no tensor has an unknown one."""
    if dtype_rules.weak_dtype(typ) is not None:
        return ()
    tensors = tensors_in(typ)
    items = getattr(get_proper_type(typ), "items", [typ])
    shapes = {shape_of(tensor) or () for tensor in tensors}
    return shapes.pop() if len(shapes) == 1 and len(tensors) == len(items) else ANY_SHAPE


def _items(argument: Argument, api: Any) -> list[Type] | None:
    """The tensors in a sequence argument, where they can be counted."""
    expression = argument.expression
    if isinstance(expression, ListExpr | TupleExpr) and not any(isinstance(i, StarExpr) for i in expression.items):
        types = [type_of(api, item) for item in expression.items]
        return [typ for typ in types if typ is not None] if None not in types else None
    proper = get_proper_type(argument.type)
    if isinstance(proper, TupleType) and not any(isinstance(item, UnpackType) for item in proper.items):
        return list(proper.items)
    return None


def _shape(record: Op, shapes: Sequence[Shape], statics: Sequence[object], api: Any, context: Context) -> Shape | None:
    """The result's shape; None after an error."""
    try:
        operands = [list(shapes)] if record.sequence else shapes
        shape = record.rule(record.name, *operands, *statics)
    except ShapeError as error:
        report(api, error, context)
        return None
    except Undetermined as reason:
        if all(is_known(operand) for operand in shapes):
            report_unknown(api, str(reason), context)
        return ANY_SHAPE
    if all(is_known(operand) for operand in shapes) and not is_known(shape):
        report_unknown(api, f"{record.name}: a size of the result is not known", context)
    return shape


def _dtype(
    record: Op, dtypes: Sequence[str | None], statics: Sequence[object], api: Any, context: Context, shape: Shape | None
) -> str | None:
    try:
        return dtype_rules.apply(record.dtype, record.name, dtypes, statics)
    except ShapeError as error:
        if shape is not None:  # the run time looks at the shapes first, and stops there
            report(api, error, context)
    return None


FUNCTIONS = {OPERATIONS: function, "builtins.abs": absolute}
METHODS = {f"{TENSOR}.": method}
ATTRIBUTES = {f"{TENSOR}.": attribute}
