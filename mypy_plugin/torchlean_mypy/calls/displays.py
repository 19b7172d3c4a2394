"""Nested lists of numbers: the shape of the array that they are, and the dtypes that occur in them."""

from __future__ import annotations

from typing import Any

from mypy.nodes import Expression, ListComprehension, ListExpr, OpExpr, StarExpr, TupleExpr
from mypy.types import Instance, TupleType, Type, UnpackType, get_proper_type

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.iteration import count_of, repetition, written
from torchlean_mypy.types.convert import dtype_marker, shape_of
from torchlean_mypy.types.dtype_rules import weak_dtype
from torchlean_mypy.types.numpy_types import numpy_scalar_name
from torchlean_typed.shapes.dim import UNKNOWN
from torchlean_typed.shapes.dtypes import SUPPORTED, WEAK, Dtype
from torchlean_typed.shapes.models import same_shapes
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, is_known

SEQUENCES = ("builtins.list", "builtins.tuple", "typing.Sequence")
Nested = tuple[Shape, frozenset[Dtype]]
NOT_KNOWN: Nested = ANY_SHAPE, frozenset([None])


def nested(api: Any, expression: Expression | None, typ: Type | None) -> Nested | None:
    """The shape, and the dtypes, those of Python's numbers as weak ones; None for lists that are no array."""
    expression = written(api, expression)
    if isinstance(expression, ListComprehension):
        made = expression.generator.left_expr
        inner = nested(api, made, type_of(api, made))
        return None if inner is None else ((count_of(api, expression, None), *inner[0]), inner[1])
    if isinstance(expression, OpExpr) and (repeated := repetition(api, expression)) is not None:
        inner = nested(api, repeated[0], None)
        return None if inner is None else ((count_of(api, expression, None), *inner[0][1:]), inner[1])
    items = items_of_display(api, expression, typ)
    if items is None:
        return _of_type(api, typ)
    shape: Shape | None = None
    dtypes: frozenset[Dtype] = frozenset()
    for item in items:
        found = nested(api, *item)
        if found is None or (shape is not None and same_shapes(shape, found[0]) is False):
            return None
        shape = found[0] if shape is None or not is_known(shape) else shape
        dtypes |= found[1]
    return (len(items), *(shape or ())), dtypes


def items_of_display(
    api: Any, expression: Expression | None, typ: Type | None
) -> list[tuple[Expression | None, Type | None]] | None:
    """The items of a list or tuple that is written out, or of a tuple whose type tells them."""
    expression = written(api, expression)
    if isinstance(expression, ListExpr | TupleExpr):
        if any(isinstance(item, StarExpr) for item in expression.items):
            return None
        return [(item, type_of(api, item)) for item in expression.items]
    proper = get_proper_type(typ) if typ is not None else None
    if isinstance(proper, TupleType) and not any(isinstance(get_proper_type(i), UnpackType) for i in proper.items):
        return [(None, item) for item in proper.items]
    return None


def _of_type(api: Any, typ: Type | None) -> Nested | None:
    proper = get_proper_type(typ) if typ is not None else None
    if proper is None:
        return NOT_KNOWN
    shape = shape_of(proper)
    if shape is not None:
        return shape, frozenset([dtype_marker(proper)])
    scalar = weak_dtype(proper) or numpy_scalar_name(proper)
    if scalar in (*WEAK, *SUPPORTED):
        return (), frozenset([scalar])
    if isinstance(proper, Instance) and proper.type.fullname in SEQUENCES and proper.args:
        inner = nested(api, None, proper.args[0])
        return None if inner is None else ((UNKNOWN, *inner[0]), inner[1])
    return NOT_KNOWN
