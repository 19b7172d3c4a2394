"""What must fit when packs and rows are combined and taken apart, at run time and in the checker alike."""

from __future__ import annotations

from typing import NoReturn

from torchlean_typed.shapes.dim import Dimension, DimExpr, Unknown
from torchlean_typed.shapes.errors import ShapeError, Undetermined, show
from torchlean_typed.shapes.kinds import PackKind
from torchlean_typed.shapes.models import same_shapes
from torchlean_typed.shapes.shape import Shape, size_of
from torchlean_typed.shapes.vocabulary import fail, variadic_position

GOES_WITH = "a pack goes with packs and scalars"


def combine(op: str, tensor: Shape) -> None:
    """A tensor that a pack is combined with is a scalar."""
    if same_shapes((), tensor) is False:
        fail(op, GOES_WITH, [("tensor", tensor)], expected="[]", got=show(tensor))


def refuse(op: str, got: str) -> NoReturn:
    """Something of the class ``got`` does not go with a pack."""
    raise ShapeError(op, f"{GOES_WITH}, got {got}", expected="TensorPack", got=got)


def flatten(kind: PackKind) -> Shape:
    """All elements as one vector."""
    total: Dimension = 0
    for shape in kind.shapes:
        total = total + size_of(shape)
    return (total,)


def unflatten(vector: Shape, like: PackKind) -> None:
    """The vector has as many elements as ``like``."""
    flat = flatten(like)
    if same_shapes(flat, vector) is False:
        operands = [("vector", vector), ("like.flatten()", flat)]
        fail("unflatten", "the vector does not fit", operands, expected=flat[0], got=show(vector))


def stacked(shape: Shape, outer: Shape) -> Shape:
    """The shape of the rows that are stored stacked, one for each coordinate of ``outer``."""
    count, (leading, rest) = size_of(outer), (shape[:1], shape[1:])
    if variadic_position(leading) is not None:
        raise Undetermined("Rows: the leading axis is not known")
    if same_shapes((count,), leading) is False:
        problem = f"needs {count} rows along the leading axis, got {show(shape)}"
        fail("Rows", problem, expected=f"[{count}, ...]", got=show(shape))
    return rest


def row(count: Dimension, index: object) -> None:
    """Rows have a row of this number, counted from either end."""
    if not isinstance(count, int) or isinstance(index, (DimExpr, Unknown)):
        return
    if isinstance(index, bool) or not isinstance(index, int) or not -count <= index < count:
        fail("Rows", f"has no row {index!r}", expected=f"0 to {count - 1}", got=index, hint=f"it has {count}")
