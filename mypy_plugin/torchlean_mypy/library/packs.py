"""Packs: how they are made, their entries and their arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

from mypy.nodes import DictExpr, Expression, ListExpr, StrExpr, TupleExpr
from mypy.plugin import AttributeContext, ClassDefContext, MethodContext
from mypy.types import AnyType, Instance, TupleType, Type, TypeOfAny, UnpackType, get_proper_type
from mypy.typevars import fill_typevars

from torchlean_mypy.calls.applied import result_of
from torchlean_mypy.calls.arguments import type_of, value_of
from torchlean_mypy.library.dims import shape_type
from torchlean_mypy.library.refused import no_operand
from torchlean_mypy.reports.codes import Reporting, past_operator, report, report_unknown
from torchlean_mypy.syntax import lookups
from torchlean_mypy.syntax.names import PACK
from torchlean_mypy.types.convert import dtype_marker, shape_of, tensors_in, unknown_type
from torchlean_mypy.types.dtype_rules import apply, operand_dtype, weak_dtype
from torchlean_mypy.types.erase import any_pack
from torchlean_mypy.types.kinds import KindTypes, check_variables, instance_of, pack_dtype, pack_dtypes, pack_kind
from torchlean_typed.shapes import packs as rules
from torchlean_typed.shapes.dim import UNKNOWN
from torchlean_typed.shapes.dtypes import WEAK_BOOL, numeric
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import PackKind
from torchlean_typed.shapes.models import entry_index, same_packs
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape

OPERATORS = {
    "__add__": "add",
    "__radd__": "add",
    "__sub__": "subtract",
    "__rsub__": "subtract",
    "__mul__": "multiply",
    "__rmul__": "multiply",
    "__truediv__": "divide",
}


# The names of a pack whose entries were not named: an ``Any``, since it goes with packs of all names.
_MARK = "torchlean names: numbers"
NUMBERED = AnyType(
    TypeOfAny.from_another_any, source_any=AnyType(TypeOfAny.from_unimported_type, missing_import_name=_MARK)
)


def is_numbered(typ: Type) -> bool:
    """Whether the entries of a pack have no names but their numbers."""
    pack = instance_of(typ, PACK)
    names = get_proper_type(pack.args[1]) if pack is not None else None
    return isinstance(names, AnyType) and names.missing_import_name == _MARK


def method(ctx: MethodContext, name: str) -> Type:
    """A method of TensorPack."""
    if name in OPERATORS:
        with past_operator(ctx.api, ctx.context):
            return _combined(ctx, name)
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
        case "map":
            return _mapped(ctx)
        case "dot" if ctx.arg_types[0]:
            _are_same(ctx, "dot", "multiply", ctx.type, ctx.arg_types[0][0])
            return _tensor(ctx, ())
        case "norm":
            return _tensor(ctx, ())
        case "flatten":
            return _flat(ctx)
    return ctx.default_return_type


def attribute(ctx: AttributeContext, name: str) -> Type:
    """``pack.shapes``, ``pack.names`` and ``pack.tensors``."""
    pack, kind, types = get_proper_type(ctx.type), pack_kind(ctx.type), KindTypes(ctx.api)
    if kind is None:
        return ctx.default_attr_type
    match name:
        case "shapes":
            return types.tuple([shape_type(shape, types) for shape in kind.shapes])
        case "names" if kind.names:
            return types.texts(kind.names)
        case "tensors" if isinstance(pack, TupleType):
            return types.tuple(pack.items)
    return ctx.default_attr_type


def _tensor(ctx: MethodContext, shape: Shape) -> Type:
    return KindTypes(ctx.api).tensor(pack_dtype(ctx.type), shape)


def _of(ctx: MethodContext) -> Type:
    if any(shape_of(typ) is None and tensors_in(typ) for typ in ctx.arg_types[0]):  # any of several
        report_unknown(ctx.api, "TensorPack.of: the shape of each entry is not known", ctx.context)
    return _made(ctx, ctx.arg_types[0], NUMBERED)


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


def _made(ctx: MethodContext, items: Sequence[Type], names: tuple[str, ...] | Type) -> Type:
    types = KindTypes(ctx.api)
    shapes = tuple(ANY_SHAPE if (shape := shape_of(item)) is None else shape for item in items)
    pack = types.pack(PackKind(shapes, names if isinstance(names, tuple) else ()))
    if isinstance(names, Type):
        pack = pack.copy_modified(
            fallback=pack.partial_fallback.copy_modified(args=[pack.partial_fallback.args[0], names])
        )
    return pack.copy_modified(items=[types.tensor(dtype_marker(i), s) for i, s in zip(items, shapes, strict=True)])


def _flat(ctx: MethodContext) -> Type:
    kind = pack_kind(ctx.type)
    return _tensor(ctx, (UNKNOWN,) if kind is None else rules.flatten(kind))


def _unflattened(ctx: MethodContext) -> Type:
    if not all(ctx.arg_types):
        return ctx.default_return_type
    (vector,), (like,) = ctx.arg_types
    shape, kind = shape_of(vector), pack_kind(like)
    with Reporting(ctx) as reporting:
        if shape is not None and kind is not None:
            rules.unflatten(shape, kind)
    if reporting.refused:
        return any_pack(KindTypes(ctx.api))
    return like if instance_of(like, PACK) is not None else ctx.default_return_type


def _entry(ctx: MethodContext) -> Type:
    pack, kind = get_proper_type(ctx.type), pack_kind(ctx.type)
    key = value_of(ctx.api, ctx.args[0][0], ctx.arg_types[0][0])
    if kind is None or not isinstance(key, int | str):
        return ctx.default_return_type
    if isinstance(key, str) and kind.shapes and not kind.names and not is_numbered(pack):
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


def _mapped(ctx: MethodContext) -> Type:
    """``pack.map(f)``: ``f`` of each entry."""
    pack, kind = get_proper_type(ctx.type), pack_kind(ctx.type)
    if kind is None or not isinstance(pack, TupleType) or not ctx.args[0]:
        return ctx.default_return_type
    results: list[Type] = []
    for item in pack.items:
        result = result_of(ctx.api, ctx.args[0][0], ctx.arg_types[0][0], [item], ctx.context)
        if result is None:
            return ctx.default_return_type
        results.append(result)
    return _made(ctx, results, NUMBERED if is_numbered(pack) else kind.names)


def _combined(ctx: MethodContext, name: str) -> Type:
    """``pack + other``: a pack of the same shapes, or a scalar."""
    op, other, is_reflected = OPERATORS[name], ctx.arg_types[0][0], name.startswith("__r")
    left, right = (other, ctx.type) if is_reflected else (ctx.type, other)
    if instance_of(other, PACK) is not None:
        if not _are_same(ctx, op, op, left, right):
            return any_pack(KindTypes(ctx.api))
        return right if pack_kind(left) is None else left
    shape, kind = shape_of(other), pack_kind(ctx.type)
    got = "bool" if weak_dtype(other) == WEAK_BOOL else no_operand(other)
    with Reporting(ctx, about=ctx.args) as reporting:
        if got is not None:
            rules.refuse(op, got)
        if shape is not None:
            rules.combine(op, shape)
        for dtype in pack_dtypes(ctx.type, len(kind.shapes)) if kind is not None else ():
            dtypes = [dtype, operand_dtype(other)]
            apply(numeric, op, dtypes[::-1] if is_reflected else dtypes, ())
    return any_pack(KindTypes(ctx.api)) if reporting.refused else ctx.type


def _are_same(ctx: MethodContext, name: str, op: str, left: Type, right: Type) -> bool:
    """Whether two packs, which the method ``name`` combines entry by entry with ``op``, go together: else reported."""
    a, b = pack_kind(left), pack_kind(right)
    with Reporting(ctx) as reporting:
        check_variables(name, left, right)
        if a is not None and b is not None:
            same_packs(name, a, b)
            count = len(a.shapes)
            for dtypes in zip(pack_dtypes(left, count), pack_dtypes(right, count), strict=True):
                apply(numeric, op, dtypes, ())
    return not reporting.refused


def as_tuple(ctx: ClassDefContext, name: str) -> None:
    """Make every TensorPack a tuple of unknown length to mypy: it then goes with each tuple that a known pack is."""
    info, types = ctx.cls.info, KindTypes(ctx.api)
    fallback = fill_typevars(info)
    if isinstance(fallback, Instance):
        info.tuple_type = TupleType([UnpackType(types.any_tuple())], fallback)


CLASSES = {PACK: as_tuple}
METHODS = {f"{PACK}.": method}
ATTRIBUTES = {f"{PACK}.{name}": attribute for name in ("shapes", "names", "tensors")}
