"""Running a dtype rule where a dtype may be known only by its kind: ``floating`` is any floating dtype."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mypy.types import Instance, LiteralType, Type, get_proper_type

from torchlean_mypy.convert import dtype_marker, tensors_in
from torchlean_typed.shapes.dtypes import FLOATING, INTEGER, WEAK_BOOL, WEAK_FLOAT, WEAK_INT, Dtype
from torchlean_typed.shapes.errors import ShapeError

KINDS = {"floating": FLOATING, "integer": INTEGER, "number": (*FLOATING, *INTEGER)}


def operand_dtype(typ: Type) -> Dtype:
    """The dtype of an operand: a marker's name, the weak one of a Python scalar, None where it is not known."""
    tensors = tensors_in(typ)
    if tensors:
        markers = {dtype_marker(tensor) for tensor in tensors}
        return markers.pop() if len(markers) == 1 else None
    return weak_dtype(typ)


def weak_dtype(typ: Type) -> Dtype:
    """The weak dtype of a Python scalar; None for anything else."""
    proper = get_proper_type(typ)
    if isinstance(proper, LiteralType):
        proper = proper.fallback
    if isinstance(proper, Instance):
        if proper.type.fullname == "builtins.bool":
            return WEAK_BOOL
        if proper.type.has_base("builtins.int"):
            return WEAK_INT
        if proper.type.has_base("builtins.float"):
            return WEAK_FLOAT
    return None


def apply(rule: Callable[..., Dtype], op: str, dtypes: Sequence[Dtype], statics: Sequence[object]) -> Dtype:
    """The result's dtype, or its kind.

    Raises:
        ShapeError: where no dtypes of these kinds go together.
    """
    kinds = [KINDS[dtype] for dtype in dtypes if dtype in KINDS]
    if not kinds:
        return rule(op, dtypes, *statics)
    results: set[Dtype] = set()
    for candidate in KINDS["number"]:
        if all(candidate in kind for kind in kinds):
            results |= _attempt(rule, op, [candidate if dtype in KINDS else dtype for dtype in dtypes], statics)
    if not results:
        rule(op, dtypes, *statics)  # says so in terms of the kinds
        return None
    if len(results) == 1:
        return results.pop()
    return next((name for name, members in KINDS.items() if results <= set(members)), None)


def _attempt(rule: Callable[..., Dtype], op: str, dtypes: Sequence[Dtype], statics: Sequence[object]) -> set[Dtype]:
    try:
        return {rule(op, dtypes, *statics)}
    except ShapeError:
        return set()


def members(dtype: str) -> tuple[str, ...]:
    """The dtypes that a dtype or a kind of dtype stands for."""
    return KINDS.get(dtype, (dtype,))
