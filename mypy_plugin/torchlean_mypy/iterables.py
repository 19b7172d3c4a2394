"""Loops over tensors and packs: ``for row in x``, ``zip(x, y)``, ``list(x)``, ``map(f, x)``.

A row of a tensor lacks the first axis; an item of a pack is one of its entries.
"""

from __future__ import annotations

from typing import Any

from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Instance, TupleType, Type, UnionType, get_proper_type

from torchlean_mypy.applied import result_of
from torchlean_mypy.codes import refused, report_unknown
from torchlean_mypy.convert import Types, shape_of, tensor_of
from torchlean_mypy.kinds import instance_of, pack_kind
from torchlean_mypy.names import PACK, TENSOR
from torchlean_mypy.operations import table
from torchlean_typed.shapes import scalars
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import ANY_SHAPE, is_known


def rows(ctx: MethodContext, name: str) -> Type:
    """``for row in x``: each row lacks the first axis."""
    result = get_proper_type(ctx.default_return_type)
    axes = shape_of(ctx.type)
    if axes is None or not isinstance(result, Instance) or refused(ctx.api, ctx.context, lambda: scalars.length(axes)):
        return ctx.default_return_type
    row = _item_of(ctx.type, ctx.api)
    return ctx.default_return_type if row is None else result.copy_modified(args=[row])


def entries(ctx: MethodContext, name: str) -> Type:
    """``for entry in pack``: an entry has one of the shapes that the pack's type tells."""
    result, item = get_proper_type(ctx.default_return_type), _item_of(ctx.type, ctx.api)
    if item is None or not isinstance(result, Instance):
        if pack_kind(ctx.type) is not None:
            report_unknown(ctx.api, "TensorPack: the shape of each entry is not known", ctx.context)
        return ctx.default_return_type
    return result.copy_modified(args=[item])


def each(ctx: FunctionContext, name: str) -> Type:
    """``enumerate(x)``, ``list(x)``, ``iter(x)`` and their like."""
    result = get_proper_type(ctx.default_return_type)
    row = _item_of(ctx.arg_types[0][0], ctx.api) if ctx.arg_types and ctx.arg_types[0] else None
    return result if row is None or not isinstance(result, Instance) else result.copy_modified(args=[row])


def side_by_side(ctx: FunctionContext, name: str) -> Type:
    """``zip(x, y)``."""
    result = get_proper_type(ctx.default_return_type)
    given = [typ for types in ctx.arg_types for typ in types]
    items = get_proper_type(result.args[0]) if isinstance(result, Instance) and result.args else None
    if not isinstance(result, Instance) or not isinstance(items, TupleType) or len(given) < len(items.items):
        return result
    rows = [_item_of(typ, ctx.api) or item for typ, item in zip(given, items.items, strict=False)]
    return result.copy_modified(args=[items.copy_modified(items=rows)])


def mapped(ctx: FunctionContext, name: str) -> Type:
    """``map(f, x, y)``: what ``f`` gives for a row of each tensor, and an item of what is none."""
    result = get_proper_type(ctx.default_return_type)
    if not isinstance(result, Instance) or not result.args or shape_of(result.args[0]) != ANY_SHAPE:
        return result
    api: Any = ctx.api
    function, *over = [expression for expressions in ctx.args for expression in expressions]
    typ, *given = [typ for types in ctx.arg_types for typ in types]
    items = [
        _item_of(one, api) or api.analyze_iterable_item_type_without_expression(one, where)[1]
        for one, where in zip(given, over, strict=True)
    ]
    found = result_of(api, function, typ, items, ctx.context)
    return result if found is None else result.copy_modified(args=[found])


def _item_of(typ: Type, api: Any) -> Type | None:
    """The type of each row of a tensor, or entry of a pack, where its shape is known."""
    pack, tensor, axes = get_proper_type(typ), tensor_of(typ), shape_of(typ)
    if isinstance(pack, TupleType) and instance_of(pack, PACK) is not None:
        shapes = [shape_of(item) for item in pack.items]
        if not shapes or not all(shape is not None and is_known(shape) for shape in shapes):
            return None
        return UnionType.make_union([item for i, item in enumerate(pack.items) if item not in pack.items[:i]])
    if tensor is None or axes is None:
        return None
    try:
        row: Any = table()["getitem"].rule("getitem", axes, 0)
    except (ShapeError, Undetermined):
        return None
    return Types(api).with_shape(tensor, row)


EACH = ("enumerate", "list", "tuple", "iter", "reversed")
FUNCTIONS = {**{f"builtins.{name}": each for name in EACH}, "builtins.zip": side_by_side, "builtins.map": mapped}
METHODS = {f"{TENSOR}.__iter__": rows, f"{PACK}.__iter__": entries}
