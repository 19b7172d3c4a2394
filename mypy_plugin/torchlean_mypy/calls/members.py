"""Which members of a union an argument may be meant for: by its class, its dtype and its rank."""

from __future__ import annotations

from mypy.types import Instance, NoneType, Type, UnionType, get_proper_type

from torchlean_mypy.types.convert import dtype_marker, shape_of, tensor_of
from torchlean_typed.shapes.dtypes import members
from torchlean_typed.shapes.shape import Variadic

NUMBERS = ("builtins.bool", "builtins.int", "builtins.float")


def meant(formal: UnionType, shaped: list[Type], actual: Type) -> list[Type]:
    """Of several shapes those that a value may have, by its class, dtype and rank; where it may have none, the last."""
    arrays = [item for item in shaped if shape_of(item) is not None]
    rank = rank_of(actual)
    others = [item for item in formal.items if item not in arrays and may_have(item, rank or 0)]
    same = [item for item in arrays if (tensor_of(item) is None) == (tensor_of(actual) is None)]
    fits = [item for item in same if _has_dtype(item, actual)] or ([] if others else same[-1:])
    found = fits if rank is None else [item for item in fits if may_have(item, rank)]
    return found or ([] if others else fits[-1:])


def _has_dtype(formal: Type, actual: Type) -> bool:
    expected, got = dtype_marker(formal), dtype_marker(actual)
    return expected is None or got is None or not set(members(expected)).isdisjoint(members(got))


def rank_of(typ: Type) -> int | None:
    shape = shape_of(typ)
    return None if shape is None or any(isinstance(axis, Variadic) for axis in shape) else len(shape)


def may_have(item: Type, rank: int) -> bool:
    """Whether a tensor with as many axes may be meant by this member of a union."""
    shape, proper = shape_of(item), get_proper_type(item)
    if shape is None:
        is_builtin = isinstance(proper, Instance) and proper.type.fullname in NUMBERS
        return not (is_builtin or isinstance(proper, NoneType))
    fixed = sum(not isinstance(axis, Variadic) for axis in shape)
    return fixed == rank if fixed == len(shape) else fixed <= rank
