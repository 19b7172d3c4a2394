"""Tensors made from data, ``tl.tensor`` and ``tl.from_numpy``; shapes stated, ``tl.ensure``; and ``tl.allclose``."""

from __future__ import annotations

from typing import Any

from mypy.nodes import ComplexExpr, Expression, ListComprehension, OpExpr, StrExpr
from mypy.plugin import FunctionContext
from mypy.types import Instance, NoneType, Type, UnionType, get_proper_type

from torchlean_mypy.calls.arguments import type_of, value_of
from torchlean_mypy.calls.displays import SEQUENCES, items_of_display
from torchlean_mypy.calls.iteration import count_of, repetition, written
from torchlean_mypy.reports.codes import Reporting, found_again, report, report_unknown
from torchlean_mypy.syntax.names import PACKAGE
from torchlean_mypy.types import facts
from torchlean_mypy.types.class_links import bound_by
from torchlean_mypy.types.convert import Types, dtype_marker, shape_of, tensor_of
from torchlean_mypy.types.dtype_rules import weak_dtype
from torchlean_mypy.types.erase import without_flexible
from torchlean_typed.shapes import dtypes
from torchlean_typed.shapes.arguments import check_dtype
from torchlean_typed.shapes.dim import UNKNOWN, DimExpr
from torchlean_typed.shapes.errors import ShapeError, Undetermined, show
from torchlean_typed.shapes.shape import ANY_SHAPE, Bindings, Shape, is_known, parse_shape, substitute_shape
from torchlean_typed.shapes.unify import Unifier, flexible

# Classes of what is neither a number nor a list, and never both one of these and a list.
NO_NUMBERS = (
    *(f"builtins.{name}" for name in ("str", "bytes", "complex", "dict", "set", "frozenset")),
    *(f"builtins.{name}" for name in ("range", "map", "filter", "zip", "enumerate", "reversed")),
    *(f"_collections_abc.dict_{name}" for name in ("keys", "values", "items")),
    "typing.Generator",
)


def tensor(ctx: FunctionContext, name: str) -> Type:
    """``tl.tensor([[1, 2], [3, 4]], dtype=...)``: the shape of the display, or what its type tells."""
    types = Types(ctx.api)
    dtype = _dtype(ctx, "dtype", "float64")
    if not ctx.args[0]:
        return types.tensor(dtype, ANY_SHAPE)
    with Reporting(ctx):
        return types.tensor(dtype, _nested(ctx.api, ctx.args[0][0], ctx.arg_types[0][0], (), dtype))
    return types.tensor(dtype, ANY_SHAPE)


def _dtype(ctx: FunctionContext, parameter: str, default: str | None) -> str | None:
    index = ctx.callee_arg_names.index(parameter)
    if not ctx.args[index]:
        return default
    name = dtypes.dtype_name(value_of(ctx.api, ctx.args[index][0], ctx.arg_types[index][0]))
    return name if name in dtypes.SUPPORTED else None


def _nested(
    api: Any, expression: Expression | None, typ: Type | None, path: tuple[int, ...], dtype: str | None
) -> Shape:
    """The shape of nested lists, as far as it can be seen.

    Raises:
        ShapeError: for ragged lists, and for numbers that do not go into the dtype.
    """
    expression = written(api, expression)
    if isinstance(expression, OpExpr) and (repeated := repetition(api, expression)) is not None:
        _, *inner = _nested(api, repeated[0], None, path, dtype)
        return (count_of(api, expression, None), *inner)
    if isinstance(expression, ListComprehension):
        made = expression.generator.left_expr
        return (count_of(api, expression, None), *_nested(api, made, type_of(api, made), (*path, 0), dtype))
    items = items_of_display(api, expression, typ)
    if items is None:
        if isinstance(expression, StrExpr | ComplexExpr):
            raise dtypes.not_a_number(type(expression.value).__name__, path, f" {expression.value!r:.40}")
        return _shape_of_data(api, get_proper_type(typ) if typ is not None else None, path, dtype)
    first: Shape | None = None
    for index, (item, item_type) in enumerate(items):
        shape = _nested(api, item, item_type, (*path, index), dtype)
        if first is None:
            first = shape
        elif is_known(first) and is_known(shape) and shape != first:
            where = f"the item at index {[*path, index]}"
            problem = f"ragged data: {where} has shape {show(shape)}, the first has {show(first)}"
            hint = "make all rows equally long"
            raise ShapeError("tensor", problem, expected=show(first), got=show(shape), hint=hint)
        elif not is_known(first):
            first = shape
    return (len(items), *(first or ()))


def _shape_of_data(api: Any, typ: Type | None, path: tuple[int, ...], dtype: str | None) -> Shape:
    if typ is None:
        return ANY_SHAPE
    if isinstance(typ, UnionType):
        return _shape_of_either(api, typ, path, dtype)
    scalar = weak_dtype(typ)
    if scalar is not None:
        dtypes.common("tensor", [dtype, scalar])
        return ()
    if isinstance(typ, Instance) and typ.type.fullname in SEQUENCES and typ.args:
        return (UNKNOWN, *_nested(api, None, typ.args[0], (*path, 0), dtype))
    if tensor_of(typ) is not None:
        raise dtypes.not_a_number("Tensor", path)
    if isinstance(typ, NoneType) or (isinstance(typ, Instance) and typ.type.fullname in NO_NUMBERS):
        raise dtypes.not_a_number("NoneType" if isinstance(typ, NoneType) else typ.type.name.lower(), path)
    shape = shape_of(typ)
    return ANY_SHAPE if shape is None else shape


def _shape_of_either(api: Any, typ: UnionType, path: tuple[int, ...], dtype: str | None) -> Shape:
    """The shape that all alternatives have which go into the dtype; where none does, the first says so."""
    shapes: set[Shape] = set()
    failure: ShapeError | None = None
    for item in typ.items:
        try:
            shapes.add(_shape_of_data(api, get_proper_type(item), path, dtype))
        except ShapeError as error:
            failure = failure or error
    if failure is not None and not shapes:
        raise failure
    return shapes.pop() if len(shapes) == 1 else ANY_SHAPE


def from_numpy(ctx: FunctionContext, name: str) -> Type:
    """``tl.from_numpy(array)``: the array's own shape and dtype."""
    actual = ctx.arg_types[0][0] if ctx.arg_types[0] else None
    shape = shape_of(actual) if actual is not None else None
    if shape is None or not is_known(shape):
        report_unknown(ctx.api, "from_numpy: the shape of the array is not known", ctx.context)
    marker = dtype_marker(actual)
    known = marker is not None and set(dtypes.members(marker)) <= {*dtypes.SUPPORTED}
    return Types(ctx.api).tensor(marker if known else None, ANY_SHAPE if shape is None else shape)


def allclose(ctx: FunctionContext, name: str) -> Type:
    """``tl.allclose(a, b)``: of one shape."""
    left, right = (shape_of(types[0]) if types else None for types in ctx.arg_types[:2])
    if left is not None and right is not None and is_known(left) and is_known(right) and left != right:
        report(
            ctx.api, ShapeError("allclose", "shapes differ", operands=[("left", left), ("right", right)]), ctx.context
        )
    return ctx.default_return_type


def ensure(ctx: FunctionContext, name: str) -> Type:
    """``tl.ensure(x, "b 3")``: the shape as written; a name that no signature around it binds is one size in it."""
    actual = get_proper_type(ctx.arg_types[0][0]) if ctx.arg_types[0] else None
    text = value_of(ctx.api, ctx.args[1][0], ctx.arg_types[1][0]) if ctx.args[1] else None
    dtype = _dtype(ctx, "dtype", None)
    alternatives = actual.items if isinstance(actual, UnionType) else [actual]
    results: list[Type] = []
    error = None
    for alternative in alternatives:
        known = shape_of(alternative)
        if known is None or not isinstance(text, str):
            return Types(ctx.api).tensor(dtype, ANY_SHAPE)
        try:
            results.append(_ensured(ctx, text, known, dtype, dtype_marker(alternative), len(alternatives) == 1))
        except ShapeError as problem:
            error = error or problem
    if error is not None and not results:
        report(ctx.api, error, ctx.context)
        return Types(ctx.api).tensor(dtype, ANY_SHAPE)
    found_again(ctx.api, ctx.args[0][0])
    return UnionType.make_union([*dict.fromkeys(results)])


def _ensured(
    ctx: FunctionContext, text: str, known: Shape, dtype: str | None, marker: str | None, is_certain: bool
) -> Type:
    """A tensor of which that is stated; where it is the only one that it may be, sizes are learnt.

    Raises:
        ShapeError: where it cannot have this shape, or this dtype.
    """
    if dtype is not None and marker is not None and dtype not in dtypes.members(marker):
        check_dtype("ensure", dtype, (dtype,), marker, "x")
    formal = facts.applied(parse_shape(text, "ensure"))
    own = flexible(formal, keep=_bound_here(ctx.api))
    try:
        shape = without_flexible(substitute_shape(own, _solved(own, known)))
    except Undetermined:
        shape = ANY_SHAPE
    for size, said in zip(known, formal, strict=True) if is_certain and len(known) == len(formal) else ():
        if isinstance(size, DimExpr) and isinstance(said, int):
            facts.equal(ctx.api, ctx.context, size, said)
    return Types(ctx.api).tensor(dtype or marker, shape)


def _solved(own: Shape, known: Shape) -> Bindings:
    """The sizes of the text's own names. Whether a size with a name is a number is left to the run to find out."""
    if len(own) == len(known):
        pairs = zip(known, own, strict=True)
        known = tuple(UNKNOWN if isinstance(a, DimExpr) and isinstance(b, int) else a for a, b in pairs)
    unifier = Unifier("ensure")
    unifier.match(own, known, "x")
    return unifier.solve()


def _bound_here(api: Any) -> frozenset[str]:
    """The names that the functions and the class around the call bind."""
    scope = api.scope
    functions = [part for part in scope.stack if hasattr(part, "type") and hasattr(part, "arguments")]
    return bound_by(functions, scope.active_class(), Types(api))


FUNCTIONS = {
    f"{PACKAGE}.trace.tensor": tensor,
    f"{PACKAGE}.trace.from_numpy": from_numpy,
    f"{PACKAGE}.trace.allclose": allclose,
    f"{PACKAGE}.checks.ensure": ensure,
}
