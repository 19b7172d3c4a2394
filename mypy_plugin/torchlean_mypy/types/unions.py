"""Unions of which mypy drops nothing that is not in the rest.

mypy takes a tensor of unknown rank, ``[...]``, for the same as one of ``[]``, ``[_]`` or ``[_, _]``, and ``[1, ...]``
for the same as ``[1]``: of such it keeps the first one. So the one that may be the other as well comes first.
"""

from __future__ import annotations

from collections.abc import Iterable

from mypy.subtypes import is_proper_subtype
from mypy.types import Type, UnionType

from torchlean_mypy.types.contained import shapes_in
from torchlean_mypy.types.convert import each_in
from torchlean_typed.shapes.shape import Variadic

INFINITE = float("inf")


def open_first(union: UnionType) -> UnionType:
    """The union, with what has an unknown rank before what has a known one."""
    items = sorted(union.items, key=_axes_known)
    return union if items == union.items else UnionType(items, union.line, union.column)


def open_in(types: Iterable[Type]) -> list[Type]:
    """What these may be that has an unknown rank, where they may be other things too."""
    items = dict.fromkeys(item for typ in types for item in each_in(typ))
    found = sorted((item for item in items if _axes_known(item) < INFINITE), key=_axes_known)
    return [*found] if len(items) > 1 else []


def opened(typ: Type, open_ones: list[Type]) -> Type:
    """The type with one of unknown rank for what mypy takes for the same."""
    items = each_in(typ)
    found = [next((one for one in open_ones if _is_in(item, one)), item) for item in items]
    return typ if found == items else UnionType.make_union([*dict.fromkeys(found)])


def _is_in(typ: Type, other: Type) -> bool:
    return _axes_known(other) < _axes_known(typ) and are_one_to_mypy(typ, other)


def are_one_to_mypy(typ: Type, other: Type) -> bool:
    """Whether mypy keeps one of two types; it says that they are not the same where they have as many arguments."""
    return is_proper_subtype(typ, other) and is_proper_subtype(other, typ)


def _axes_known(typ: Type) -> float:
    """How many axes of something are known beside any number of others; infinite where there are no others."""
    return min((len(shape) for shape in shapes_in(typ) if Variadic(None) in shape), default=INFINITE)
