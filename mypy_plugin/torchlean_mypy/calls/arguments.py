"""What a call's arguments say to a rule: the values of sizes, axes, flags and indices, where they are known."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import cache
from inspect import signature
from math import prod
from typing import Any

from mypy.nodes import (
    EllipsisExpr,
    Expression,
    FloatExpr,
    IntExpr,
    ListExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    SliceExpr,
    StarExpr,
    StrExpr,
    TupleExpr,
    UnaryExpr,
)
from mypy.types import (
    FunctionLike,
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypeType,
    UnionType,
    UnpackType,
    get_proper_type,
)

from torchlean_mypy.syntax.constants import constant_of
from torchlean_mypy.syntax.names import DIM, SHAPE, TENSOR
from torchlean_mypy.types.convert import dimension_of, shape_from
from torchlean_mypy.types.facts import applied
from torchlean_mypy.types.numpy_types import numpy_dtype_name, numpy_scalar_name
from torchlean_typed.shapes.dim import UNKNOWN, DimExpr


def power(base: Any, times: Any) -> Any:
    """``n ** 2``: a product, where it is seen of how many."""
    return prod([base] * times) if isinstance(times, int) and 0 <= times < 10 else UNKNOWN


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "**": power,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
}


class Undecided:
    """The value of an argument of which not even the kind is known, such as a ``Sequence[int]``."""

    def __repr__(self) -> str:
        return "undecided value"


UNDECIDED = Undecided()


_signature = cache(signature)


def is_complete(rule: Callable[..., object], *several: object, **single: object) -> bool:
    """Whether no argument of a rule is missing, which mypy reports."""
    try:
        _signature(rule).bind(*several, **single)
    except TypeError:
        return False
    return True


def type_of(api: Any, expression: Expression) -> Type | None:
    """The type that the checker found for an expression of the call."""
    return api.lookup_type(expression) if api.has_type(expression) else None


def value_of(api: Any, expression: Expression | None, typ: Type | None, lists: bool = False) -> object:
    """The value of an argument as the run time sees it; an int may be a dimension, what is not known is undecided.

    A list is given as a tuple, unless ``lists`` says that the two are not the same to the callee.
    """
    match expression:
        case IntExpr() | StrExpr() | FloatExpr():
            return expression.value
        case EllipsisExpr():
            return ...
        case NameExpr(fullname="builtins.None"):
            return None
        case NameExpr(fullname="builtins.True"):
            return True
        case NameExpr(fullname="builtins.False"):
            return False
        case UnaryExpr(op="-"):
            value = value_of(api, expression.expr, type_of(api, expression.expr))
            if isinstance(value, int | float) and not isinstance(value, bool):
                return -value
        case UnaryExpr(op="~", expr=IntExpr(value=value)):
            return ~value
        case OpExpr() if expression.op in ARITHMETIC:
            sides = [value_of(api, side, type_of(api, side)) for side in (expression.left, expression.right)]
            if all(isinstance(side, int | DimExpr) and not isinstance(side, bool) for side in sides) and sides[1] != 0:
                return ARITHMETIC[expression.op](*sides)
        case TupleExpr() | ListExpr():
            items = [item for part in expression.items for item in _items_of(api, part, lists)]
            if UNDECIDED in items:
                return UNDECIDED
            return items if lists and isinstance(expression, ListExpr) else tuple(items)
        case SliceExpr():
            bounds = (expression.begin_index, expression.end_index, expression.stride)
            return slice(*(None if bound is None else value_of(api, bound, type_of(api, bound)) for bound in bounds))
        case RefExpr() if expression.fullname.startswith("numpy."):
            named = scalar_class_name(typ)
            if named is not None:
                return named
        case NameExpr() if (constant := constant_of(api.tree, expression)) is not None:
            return value_of(api, constant, typ, lists)
    return value_of_type(typ)


def _items_of(api: Any, part: Expression, lists: bool) -> list[object]:
    """The values an item of a display stands for: several for a starred one."""
    if not isinstance(part, StarExpr):
        return [value_of(api, part, type_of(api, part), lists)]
    value = value_of(api, part.expr, type_of(api, part.expr))
    return list(value) if isinstance(value, tuple) else [UNDECIDED]


def value_of_type(typ: Type | None) -> object:
    """The value that a type alone tells."""
    proper = get_proper_type(typ) if typ is not None else None
    match proper:
        case NoneType():
            return None
        case LiteralType():
            return proper.value
        case TupleType():
            if any(isinstance(get_proper_type(item), UnpackType) for item in proper.items):
                return UNDECIDED
            items = [value_of_type(item) for item in proper.items]
            return UNDECIDED if UNDECIDED in items else tuple(items)
        case Instance() if proper.type.fullname == "numpy.dtype":
            return numpy_dtype_name(proper) or UNDECIDED
        case Instance():
            return _value_of_instance(proper)
        case UnionType() if all(_is_int(item) for item in proper.items):
            return UNKNOWN
        case FunctionLike() | TypeType():
            return scalar_class_name(proper) or UNDECIDED
    return UNDECIDED


def _value_of_instance(typ: Instance) -> object:
    if typ.type.fullname == DIM:
        return applied(dimension_of(typ))
    if typ.type.fullname == SHAPE:
        return applied(shape_from(typ.args))
    if typ.last_known_value is not None:
        return typ.last_known_value.value
    return UNKNOWN if _is_int(typ) else UNDECIDED


def _is_int(typ: Type) -> bool:
    proper = get_proper_type(typ)
    if isinstance(proper, LiteralType):
        return isinstance(proper.value, int) and not isinstance(proper.value, bool)
    return (
        isinstance(proper, Instance)
        and proper.type.has_base("builtins.int")
        and proper.type.fullname != "builtins.bool"
    )


def scalar_class_name(typ: Type | None) -> str | None:
    """``float64`` for the type of the class ``numpy.float64`` itself; also for ``float``, ``int`` and ``bool``."""
    proper = get_proper_type(typ) if typ is not None else None
    instance: Type | None = None
    if isinstance(proper, TypeType):
        instance = proper.item
    elif isinstance(proper, FunctionLike) and proper.is_type_obj():
        instance = get_proper_type(proper.items[0].ret_type)
    if not isinstance(instance, Instance):
        return None
    if instance.type.fullname.startswith("builtins."):
        return instance.type.name if instance.type.name in ("float", "int", "bool") else None
    return numpy_scalar_name(instance)


def is_value(typ: Type) -> bool:
    """Whether two arguments of this type are the same to a rule: a tensor, a size, a literal, and a tuple of these."""
    proper = get_proper_type(typ)
    match proper:
        case Instance():
            named = proper.type.fullname
            if named == "builtins.slice":
                return all(isinstance(bound, NoneType) or _is_literal(bound) for bound in proper.args)
            return named in (TENSOR, DIM, "types.EllipsisType") or _is_literal(proper)
        case TupleType():
            return all(map(is_value, proper.items))
    return isinstance(proper, NoneType)


def _is_literal(typ: Type) -> bool:
    return isinstance(typ, Instance) and typ.last_known_value is not None
