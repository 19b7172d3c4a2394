"""Rows: how they are made, and the rows of a Jacobian, one by one, stacked, and as one tensor."""

from __future__ import annotations

from mypy.plugin import AttributeContext, FunctionContext, MethodContext
from mypy.types import Instance, Type, UnionType

from torchlean_mypy.calls.arguments import UNDECIDED, value_of
from torchlean_mypy.reports.codes import Reporting, report, report_unknown
from torchlean_mypy.syntax.names import ROWS
from torchlean_mypy.types.convert import dtype_marker, each_in, shape_of, unknown_type
from torchlean_mypy.types.kinds import KindTypes, pack_dtype, pack_kind, rows_kind
from torchlean_typed.shapes import packs as rules
from torchlean_typed.shapes.dim import DimExpr, Unknown
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import PackKind, RowsKind
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, Variadic, is_known, size_of


def row(ctx: MethodContext, name: str) -> Type:
    """``rows[i]``."""
    kind = rows_kind(ctx.type)
    index = value_of(ctx.api, ctx.args[0][0], ctx.arg_types[0][0])
    with Reporting(ctx):
        if kind is not None and isinstance(index, int | DimExpr | Unknown):
            rules.row(kind.count, index)
    return ctx.default_return_type


def attribute(ctx: AttributeContext, name: str) -> Type:
    """``rows.stacked`` and ``rows.tensor``, also where the rows are of one of several shapes."""
    return UnionType.make_union([_attribute(ctx, item, name) for item in each_in(ctx.type)])


def _attribute(ctx: AttributeContext, rows: Type, name: str) -> Type:
    kind = rows_kind(rows)
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


def made(ctx: FunctionContext, name: str) -> Type:
    """``Rows(stacked, outer_shape)``: what is stored has a leading axis that the rows have not."""
    types, stacked = KindTypes(ctx.api), ctx.arg_types[0][0] if ctx.arg_types[0] else None
    outer = value_of(ctx.api, ctx.args[1][0], ctx.arg_types[1][0]) if ctx.args[1] else UNDECIDED
    pack, shape = pack_kind(stacked), shape_of(stacked)
    sizes = [size for size in outer if isinstance(size, int | DimExpr | Unknown)] if isinstance(outer, tuple) else []
    if not isinstance(outer, tuple) or len(sizes) < len(outer) or (pack is None and shape is None):
        report_unknown(ctx.api, "Rows: the shape of the rows is not known", ctx.context)
        return types.named(ROWS, [unknown_type()] * 3)
    count, place = size_of(tuple(sizes)), tuple(sizes)
    with Reporting(ctx):
        if pack is not None:
            item = PackKind(tuple(rules.stacked(entry, place) for entry in pack.shapes), pack.names)
            return types.rows(RowsKind(count, item, place), pack_dtype(stacked))
        return types.rows(RowsKind(count, rules.stacked(shape or (), place), place), dtype_marker(stacked))
    return types.named(ROWS, [unknown_type()] * 3)


FUNCTIONS = {ROWS: made}
METHODS = {f"{ROWS}.__getitem__": row}
ATTRIBUTES = {f"{ROWS}.stacked": attribute, f"{ROWS}.tensor": attribute}
