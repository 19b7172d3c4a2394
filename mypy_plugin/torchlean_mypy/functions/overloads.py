"""Overloads of shapes, where the shape of an argument is not known whole.

mypy takes the first overload that an argument goes with, and what is not known goes with each. So where an argument
fits that at some sizes only, or with some number of axes, the result is not known.
"""

from __future__ import annotations

from typing import Any

from mypy.nodes import CallExpr, Decorator, FuncDef, OverloadedFuncDef, RefExpr, SymbolNode
from mypy.plugin import FunctionSigContext, MethodSigContext
from mypy.types import CallableType, Instance, Overloaded, Type

from torchlean_mypy.classes.dimensions import has_expressions
from torchlean_mypy.syntax.names import DIM
from torchlean_mypy.types.convert import Types, dtype_marker, shape_of, tensor_of, unknown_type
from torchlean_mypy.types.erase import replaced
from torchlean_mypy.types.generalise import names_of_variables, own_dimensions
from torchlean_mypy.types.walk import Walk, signature_parts, symbols_in
from torchlean_typed.shapes.dim import Unknown, symbol
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import (
    ANY_SHAPE,
    Axis,
    Bindings,
    Shape,
    Variadic,
    is_known,
    shape_names,
    substitute_shape,
)
from torchlean_typed.shapes.unify import Unifier, flexible


def decided(callee: CallableType, ctx: FunctionSigContext | MethodSigContext) -> CallableType:
    """One of several overloads: as it is where the arguments always fit or never, else with a result that is open."""
    own = names_of_variables(*own_dimensions(callee))
    taken, result = with_ints(callee, Types(ctx.api)), callee.ret_type
    for number, (formal, given) in enumerate(zip(callee.arg_types, ctx.args, strict=False)):
        tensor, wanted = tensor_of(formal), shape_of(formal)
        if tensor is None or wanted is None or len(given) != 1:
            continue
        found = shape_of(_checked(ctx.api, given[0]))
        if found is not None and _may_fit(flexible(wanted, keep=shape_names(wanted) - own), found):
            taken[number], result = Types(ctx.api).with_shape(tensor, ANY_SHAPE), _of_any(callee, ctx)
    return callee.copy_modified(arg_types=taken, ret_type=result)


def apart(callee: CallableType, types: Types) -> CallableType | None:
    """An overload of which mypy cannot tell what it gives, under other names, which mypy does not know.

    These have ``n*m`` over their names in the result, or take an int as a ``Dim["n"]``.
    """
    own = names_of_variables(*own_dimensions(callee))
    alone = own | {name.removeprefix("*") for name in own}
    if has_expressions(alone, *callee.arg_types):
        return None
    if not has_expressions(alone, callee.ret_type) and with_ints(callee, types) == callee.arg_types:
        return None
    new: Bindings = {name: (Variadic(f"{name[1:]}_"),) if name[0] == "*" else symbol(f"{name}_") for name in own}
    parts = [replaced(part, lambda shape: substitute_shape(shape, new), types) for part in signature_parts(callee)]
    *formals, result = parts
    return callee.copy_modified(arg_types=formals, ret_type=result, variables=[*symbols_in(*parts).values()])


def with_ints(callee: CallableType, types: Types) -> list[Type]:
    """The formals, where an int goes for a ``Dim["n"]``."""
    visitor = _Ints(types)
    return [formal.accept(visitor) for formal in callee.arg_types]


class _Ints(Walk):
    def __init__(self, types: Types) -> None:
        super().__init__()
        self.types = types

    def visit_instance(self, t: Instance, /) -> Type:
        return self.types.named("builtins.int") if t.type.fullname == DIM else t


def _checked(api: Any, argument: Any) -> Type:
    with api.msg.filter_errors(), api.local_type_map:
        found: Type = api.get_expression_type(argument)
    return found


def _may_fit(formal: Shape, actual: Shape) -> bool:
    """Whether an argument fits at some sizes, or with some number of axes, and not at all."""
    named = tuple(_named(axis, index) for index, axis in enumerate(actual))
    if is_known(actual) and not any(isinstance(axis, Variadic) for axis in actual):
        return False
    return not _fits(formal, named) and _fits(formal, tuple(map(_open, actual)))


def _named(axis: Axis, index: int) -> Axis:
    """What is not known, under a name that nothing else has."""
    if axis == Variadic(None):
        return Variadic("_")
    return symbol(f"_{index}") if isinstance(axis, Unknown) else axis


def _open(axis: Axis) -> Axis:
    return Variadic(None) if isinstance(axis, Variadic) else axis


def _fits(formal: Shape, actual: Shape) -> bool:
    unifier = Unifier("")
    try:
        unifier.match(formal, actual, "")
        unifier.solve()
    except ShapeError:
        return False
    except Undetermined:
        return True
    return True


def _of_any(callee: CallableType, ctx: FunctionSigContext | MethodSigContext) -> Type:
    """What any of the overloads gives: a tensor of one dtype, where all do."""
    node = _defined(callee, ctx)
    overloaded = node.type if isinstance(node, OverloadedFuncDef) else None
    results = [item.ret_type for item in overloaded.items] if isinstance(overloaded, Overloaded) else []
    dtypes = {dtype_marker(result) if tensor_of(result) is not None else "" for result in results}
    if len(dtypes) != 1 or "" in dtypes:
        return unknown_type()
    return Types(ctx.api).tensor(dtypes.pop(), ANY_SHAPE)


def _defined(callee: CallableType, ctx: FunctionSigContext | MethodSigContext) -> SymbolNode | None:
    """The definition of all of the overloads of which this is one."""
    definition = callee.definition.func if isinstance(callee.definition, Decorator) else callee.definition
    if isinstance(definition, FuncDef) and definition.info:
        return definition.info.names[definition.name].node
    match ctx.context:
        case CallExpr(callee=RefExpr(node=node)):
            return node
    return None
