"""Running a dtype rule where a dtype may be known only by its kind: ``floating`` is any floating dtype."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mypy.types import Instance, LiteralType, Type, get_proper_type

from torchlean_mypy.types.convert import dtype_marker, tensors_in
from torchlean_typed.shapes.dtypes import KINDS, WEAK_BOOL, WEAK_FLOAT, WEAK_INT, Dtype, words
from torchlean_typed.shapes.errors import ShapeError


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
    failure: ShapeError | None = None
    for candidate in KINDS["number"]:
        if all(candidate in kind for kind in kinds):
            try:
                results.add(rule(op, [candidate if dtype in KINDS else dtype for dtype in dtypes], *statics))
            except ShapeError as error:
                failure = _of_kind(error, candidate, dtypes)
    if not results and failure is None:  # no dtype is of all kinds: said in their terms
        rule(op, [dtype and words(dtype) for dtype in dtypes], *statics)
    if not results and failure is not None:
        raise failure
    if len(results) == 1:
        return results.pop()
    return next((name for name, those in KINDS.items() if results <= set(those)), None)


def _of_kind(error: ShapeError, candidate: str, dtypes: Sequence[Dtype]) -> ShapeError:
    """The error for one dtype of a kind, as one for the kind."""
    kind = next(words(dtype) for dtype in dtypes if dtype in KINDS)
    problem = error.problem.replace(candidate, kind)
    return ShapeError(error.op, problem, expected=error.expected, got=error.got, hint=error.hint)
