"""Packs: how they are made, their entries and their arithmetic; and the rows of Jacobians."""

from __future__ import annotations

from collections.abc import Sequence

from mypy.nodes import ARG_STAR, DictExpr, Expression, ListExpr, StrExpr, TupleExpr
from mypy.plugin import AttributeContext, MethodContext
from mypy.types import Instance, TupleType, Type, get_proper_type

from torchlean_mypy import lookups
from torchlean_mypy.arguments import type_of, value_of
from torchlean_mypy.codes import report, report_unknown
from torchlean_mypy.convert import dtype_marker, shape_of, unknown_type
from torchlean_mypy.dtype_rules import weak_dtype
from torchlean_mypy.kinds import KindTypes, instance_of, pack_kind, rows_kind
from torchlean_mypy.names import PACK, ROWS
from torchlean_typed.shapes.dim import UNKNOWN, Dimension
from torchlean_typed.shapes.errors import ShapeError, show
from torchlean_typed.shapes.kinds import PackKind
from torchlean_typed.shapes.models import entry_index, same_packs
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, Variadic, size_of

OPERATORS = {
    "__add__": "add",
    "__radd__": "add",
    "__sub__": "subtract",
    "__rsub__": "subtract",
    "__mul__": "multiply",
    "__rmul__": "multiply",
    "__truediv__": "divide",
}


def method(ctx: MethodContext, name: str) -> Type:
    """A method of TensorPack."""
    if name in OPERATORS:
        return _combined(ctx, OPERATORS[name])
    match name:
        case "of":
            return _of(ctx)
        case "named":
            return _named(ctx)
        case "unflatten":
            return _unflattened(ctx)
        case "__getitem__":
            return _entry(ctx)
        case "__neg__" | "zeros_like":
            return ctx.type
        case "dot":
            _check_same(ctx, "dot", ctx.arg_types[0][0] if ctx.arg_types[0] else None)
            return _tensor(ctx, ())
        case "norm":
            return _tensor(ctx, ())
        case "flatten":
            return _tensor(ctx, (_total_size(pack_kind(ctx.type)),))
    return ctx.default_return_type


def _dtype(typ: Type) -> str | None:
    """The one dtype of a pack's entries, where it is known."""
    proper = get_proper_type(typ)
    dtypes = {dtype_marker(item) for item in proper.items} if isinstance(proper, TupleType) else set()
    return dtypes.pop() if len(dtypes) == 1 else None


def _tensor(ctx: MethodContext, shape: Shape) -> Type:
    return KindTypes(ctx.api).tensor(_dtype(ctx.type), shape)


def _total_size(kind: PackKind | None) -> Dimension:
    total: Dimension = 0 if kind is not None else UNKNOWN
    for shape in kind.shapes if kind is not None else ():
        total = total + size_of(shape)
    return total


def _of(ctx: MethodContext) -> Type:
    items = list(ctx.arg_types[0]) if ctx.arg_types else []
    if any(kind == ARG_STAR for kind in ctx.arg_kinds[0]):
        report_unknown(ctx.api, "TensorPack.of: the number of entries is not known", ctx.context)
        return ctx.default_return_type
    return _made(ctx, items, ())


def _named(ctx: MethodContext) -> Type:
    expression = ctx.args[0][0] if ctx.args and ctx.args[0] else None
    pairs: list[tuple[Expression | None, Expression]] | None = None
    if isinstance(expression, DictExpr):
        pairs = list(expression.items)
    elif isinstance(expression, ListExpr | TupleExpr):
        items = expression.items
        if all(isinstance(item, TupleExpr) and len(item.items) == 2 for item in items):
            pairs = [(item.items[0], item.items[1]) for item in items if isinstance(item, TupleExpr)]
    if pairs is None or not all(isinstance(key, StrExpr) for key, _ in pairs):
        report_unknown(ctx.api, "TensorPack.named: the names of the entries are not known", ctx.context)
        return ctx.default_return_type
    names = tuple(key.value for key, _ in pairs if isinstance(key, StrExpr))
    types = [type_of(ctx.api, value) or unknown_type() for _, value in pairs]
    for index, name in enumerate(names):
        if name in names[:index]:
            problem = f'entries {names.index(name)} and {index} are both named "{name}"'
            error = ShapeError("TensorPack.named", problem, got=name, hint="give each entry a name of its own")
            report(ctx.api, error, pairs[index][1])
            return ctx.default_return_type
    return _made(ctx, types, names)


def _made(ctx: MethodContext, items: Sequence[Type], names: tuple[str, ...]) -> Type:
    types = KindTypes(ctx.api)
    shapes = tuple(shape_of(item) or ANY_SHAPE for item in items)
    pack = types.pack(PackKind(shapes, names))
    return pack.copy_modified(items=[types.tensor(dtype_marker(i), s) for i, s in zip(items, shapes, strict=True)])


def _unflattened(ctx: MethodContext) -> Type:
    if len(ctx.arg_types) < 2 or not ctx.arg_types[0] or not ctx.arg_types[1]:
        return ctx.default_return_type
    vector, like = shape_of(ctx.arg_types[0][0]), ctx.arg_types[1][0]
    kind = pack_kind(like)
    if kind is not None and vector is not None and Variadic(None) not in vector:
        total = _total_size(kind)
        if vector != (total,) and total is not UNKNOWN and UNKNOWN not in vector:
            operands = [("vector", vector), ("like, flat", (total,))]
            error = ShapeError("unflatten", "the vector does not fit", operands=operands, expected=total, got=vector)
            report(ctx.api, error, ctx.context)
    return like if instance_of(like, PACK) is not None else ctx.default_return_type


def _entry(ctx: MethodContext) -> Type:
    pack, kind = get_proper_type(ctx.type), pack_kind(ctx.type)
    key = value_of(ctx.api, ctx.args[0][0], ctx.arg_types[0][0])
    if kind is None or not isinstance(key, int | str):
        return ctx.default_return_type
    if isinstance(key, str) and not kind.names:
        return ctx.default_return_type  # the type does not tell the names
    try:
        index = entry_index(kind, key)
    except ShapeError as error:
        report(ctx.api, error, ctx.context)
        return ctx.default_return_type
    if not isinstance(pack, TupleType):
        return KindTypes(ctx.api).tensor(None, kind.shapes[index])
    lookups.narrow(ctx.api, ctx.args[0][0], pack.items[index])
    return pack.items[index]


def _combined(ctx: MethodContext, op: str) -> Type:
    other = ctx.arg_types[0][0]
    if instance_of(other, PACK) is not None:
        _check_same(ctx, op, other)
    elif weak_dtype(other) is None:
        shape = shape_of(other)
        if shape is not None and shape != () and Variadic(None) not in shape:
            operands = [("right", shape)]
            error = ShapeError(
                op, "a pack goes with packs and scalars", operands=operands, expected="[]", got=show(shape)
            )
            report(ctx.api, error, ctx.context)
    return ctx.type


def _check_same(ctx: MethodContext, op: str, other: Type | None) -> None:
    left, right = pack_kind(ctx.type), pack_kind(other)
    if left is None or right is None:
        return
    try:
        same_packs(op, left, right)
    except ShapeError as error:
        report(ctx.api, error, ctx.context)


# --- rows -------------------------------------------------------------------------------------------------------------


def row(ctx: MethodContext, name: str) -> Type:
    """``rows[i]``."""
    kind = rows_kind(ctx.type)
    index = value_of(ctx.api, ctx.args[0][0], ctx.arg_types[0][0])
    if kind is not None and isinstance(kind.count, int) and isinstance(index, int) and not isinstance(index, bool):
        if not -kind.count <= index < kind.count:
            hint = f"it has {kind.count}"
            error = ShapeError("Rows", f"has no row {index}", expected=f"0 to {kind.count - 1}", got=index, hint=hint)
            report(ctx.api, error, ctx.context)
    return ctx.default_return_type


def rows_attribute(ctx: AttributeContext, name: str) -> Type:
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
        return types.pack(stacked, _dtype(rows.args[1]))
    dtype = dtype_marker(rows.args[1])
    return types.tensor(dtype, (kind.count, *kind.item) if name == "stacked" else _joined(kind.outer, kind.item))


def _joined(outer: Shape, item: Shape) -> Shape:
    shape = (*outer, *item)
    return shape if sum(isinstance(axis, Variadic) for axis in shape) < 2 else ANY_SHAPE


METHODS = {f"{PACK}.": method, f"{ROWS}.__getitem__": row}
ATTRIBUTES = {f"{ROWS}.stacked": rows_attribute, f"{ROWS}.tensor": rows_attribute}
