"""Rows: the rows of a Jacobian, one by one, stacked, and as one tensor."""

from __future__ import annotations

from mypy.plugin import AttributeContext, MethodContext
from mypy.types import Instance, Type, get_proper_type

from torchlean_mypy.arguments import value_of
from torchlean_mypy.codes import report, report_unknown
from torchlean_mypy.convert import dtype_marker
from torchlean_mypy.kinds import KindTypes, pack_dtype, rows_kind
from torchlean_mypy.names import ROWS
from torchlean_typed.shapes import packs as rules
from torchlean_typed.shapes.dim import DimExpr, Unknown
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import PackKind
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, Variadic, is_known


def row(ctx: MethodContext, name: str) -> Type:
    """``rows[i]``."""
    kind = rows_kind(ctx.type)
    index = value_of(ctx.api, ctx.args[0][0], ctx.arg_types[0][0])
    try:
        if kind is not None and isinstance(index, int | DimExpr | Unknown):
            rules.row(kind.count, index)
    except ShapeError as error:
        report(ctx.api, error, ctx.context)
    return ctx.default_return_type


def attribute(ctx: AttributeContext, name: str) -> Type:
    """``rows.stacked`` and ``rows.tensor``."""
    kind, rows = rows_kind(ctx.type), get_proper_type(ctx.type)
    if kind is None or not isinstance(rows, Instance):
        return ctx.default_attr_type
    types = KindTypes(ctx.api)
    if isinstance(kind.item, PackKind):
        if name == "tensor":
            hint = "use rows.stacked, a pack with a leading axis"
            report(ctx.api, ShapeError("Rows.tensor", "the rows are packs", hint=hint), ctx.context)
            return ctx.default_attr_type
        stacked = PackKind(tuple((kind.count, *shape) for shape in kind.item.shapes), kind.item.names)
        return types.pack(stacked, pack_dtype(rows.args[1]))
    dtype = dtype_marker(rows.args[1])
    if name == "stacked":
        return types.tensor(dtype, (kind.count, *kind.item))
    if is_known(kind.item) and not is_known(kind.outer):
        reason = "Rows.tensor: the shape of the function's output is not known; rows.stacked has one axis for all rows"
        report_unknown(ctx.api, reason, ctx.context)
    return types.tensor(dtype, _joined(kind.outer, kind.item))


def _joined(outer: Shape, item: Shape) -> Shape:
    shape = (*outer, *item)
    return shape if sum(isinstance(axis, Variadic) for axis in shape) < 2 else ANY_SHAPE


METHODS = {f"{ROWS}.__getitem__": row}
ATTRIBUTES = {f"{ROWS}.stacked": attribute, f"{ROWS}.tensor": attribute}
