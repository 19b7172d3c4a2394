"""The items of an iterable, a comprehension, a range, a tensor and what is made of them: how many, and what."""

from __future__ import annotations

from typing import Any

from mypy.nodes import (
    GDEF,
    CallExpr,
    Expression,
    GeneratorExpr,
    ListComprehension,
    ListExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    StarExpr,
    TupleExpr,
)
from mypy.types import Instance, TupleType, Type, UnionType, UnpackType, get_proper_type

from torchlean_mypy.calls.arguments import type_of, value_of
from torchlean_mypy.syntax.names import NDARRAY, PACK
from torchlean_mypy.syntax.settled import settled
from torchlean_mypy.types.convert import Types, shape_of, tensor_of
from torchlean_mypy.types.dtype_rules import weak_dtype
from torchlean_mypy.types.kinds import instance_of, length_of
from torchlean_mypy.types.walk import mentions_dimensions
from torchlean_typed.shapes.dim import UNKNOWN, Dimension, DimExpr
from torchlean_typed.shapes.shape import Variadic, is_known

SAME_LENGTH = ("builtins.enumerate", "builtins.list", "builtins.tuple", "builtins.reversed", "builtins.sorted")


def count_of(api: Any, expression: Expression | None, typ: Type | None) -> Dimension:
    """How many items an iterable has, as far as its expression and its type tell."""
    expression = written(api, expression)
    match expression:
        case ListComprehension(generator=made):
            return count_of(api, made, None)
        case GeneratorExpr():
            return _of_generator(api, expression)
        case ListExpr() | TupleExpr():
            return UNKNOWN if any(isinstance(i, StarExpr) for i in expression.items) else len(expression.items)
        case OpExpr(op="*") if (repeated := repetition(api, expression)) is not None:
            return count_of(api, repeated[0], None) * repeated[1]
        case CallExpr(callee=RefExpr(fullname=name), args=[first, *_]) if name in SAME_LENGTH:
            return count_of(api, first, type_of(api, first))
        case CallExpr(callee=RefExpr(fullname="builtins.range"), args=bounds):
            return _of_range([value_of(api, bound, type_of(api, bound)) for bound in bounds])
        case CallExpr(callee=RefExpr(fullname="builtins.zip")):
            given = zip(expression.args, expression.arg_names, strict=True)
            return _shortest([count_of(api, one, type_of(api, one)) for one, name in given if name is None])
        case CallExpr(callee=RefExpr(fullname="builtins.map"), args=[_, *over]):
            return _shortest([count_of(api, one, type_of(api, one)) for one in over])
    return _of_type(typ)


def written(api: Any, expression: Expression | None) -> Expression | None:
    """An expression, or for a variable that is a list which nothing changes what it is bound to."""
    if not isinstance(expression, NameExpr) or (expression.kind == GDEF and api.scope.current_function() is not None):
        return expression  # other modules may change it before a function is called
    typ = get_proper_type(type_of(api, expression))
    item = typ.args[0] if isinstance(typ, Instance) and typ.type.fullname == "builtins.list" else None
    if item is None:
        return expression
    is_value = shape_of(item) is not None or weak_dtype(item) is not None
    return settled(api.tree, expression, holds_lists=not is_value) or expression


def repetition(api: Any, expression: OpExpr) -> tuple[ListExpr | TupleExpr, Dimension] | None:
    """Of ``[w] * n``, the display and how often its items are repeated."""
    match expression:
        case OpExpr(op="*", left=ListExpr() | TupleExpr() as display, right=right):
            times = value_of(api, right, type_of(api, right))
            if isinstance(times, bool) or not isinstance(times, int | DimExpr):
                return display, UNKNOWN
            return display, max(times, 0) if isinstance(times, int) else times
    return None


def _of_generator(api: Any, made: GeneratorExpr) -> Dimension:
    total: Dimension = 1
    for sequence, conditions, is_async in zip(made.sequences, made.condlists, made.is_async, strict=True):
        if conditions or is_async:
            return UNKNOWN
        total = total * count_of(api, sequence, type_of(api, sequence))
    return total


def _of_range(bounds: list[object]) -> Dimension:
    known = [bound for bound in bounds if isinstance(bound, int | DimExpr)]
    numbers = [bound for bound in bounds if isinstance(bound, int)]
    if len(numbers) == len(bounds) and numbers[2:] != [0]:
        return length(range(*numbers))
    if len(known) < len(bounds) or len(bounds) > 2:
        return UNKNOWN
    return known[-1] - (known[0] if len(known) > 1 else 0)


def _shortest(counts: list[Dimension]) -> Dimension:
    numbers = [count for count in counts if isinstance(count, int)]
    if counts and len(numbers) == len(counts):
        return min(numbers)
    return counts[0] if counts and all(count == counts[0] for count in counts) else UNKNOWN


def _of_type(typ: Type | None) -> Dimension:
    proper = get_proper_type(typ) if typ is not None else None
    length = length_of(proper)
    if length is not None:
        return length
    if isinstance(proper, TupleType) and not any(isinstance(get_proper_type(i), UnpackType) for i in proper.items):
        return len(proper.items)
    first = (shape_of(proper) or (UNKNOWN,))[0]
    return UNKNOWN if isinstance(first, Variadic) else first


def item_of(typ: Type, api: Any) -> Type | None:
    """The type of each row of a tensor, or entry of a pack, where its shape is known."""
    pack, tensor, axes = get_proper_type(typ), tensor_of(typ) or _array_of_rows(typ), shape_of(typ)
    if isinstance(pack, TupleType) and instance_of(pack, PACK) is not None:
        shapes = [shape_of(item) for item in pack.items]
        if not shapes or not all(shape is not None and is_known(shape) for shape in shapes):
            return None
        return UnionType.make_union([item for i, item in enumerate(pack.items) if item not in pack.items[:i]])
    if tensor is None or not axes or isinstance(axes[0], Variadic):
        return None
    return Types(api).with_shape(tensor, axes[1:])


def _array_of_rows(typ: Type) -> Instance | None:
    """The type as an array whose rows are arrays."""
    proper, axes = get_proper_type(typ), shape_of(typ)
    if not isinstance(proper, Instance) or proper.type.fullname != NDARRAY or not mentions_dimensions(proper):
        return None
    return proper if axes is not None and len(axes) > 1 else None


def length(numbers: range) -> int:
    """How many there are, which ``len`` does not tell of more than a machine counts."""
    return max(0, -((numbers.start - numbers.stop) // numbers.step))
