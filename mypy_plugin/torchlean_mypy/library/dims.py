"""Sizes as values: ``x.shape`` and ``len(x)`` give dimensions, and arithmetic of dimensions and ints stays exact."""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import prod
from typing import Any

from mypy.nodes import OpExpr
from mypy.plugin import AttributeContext, FunctionContext, MethodContext
from mypy.plugins.default import int_neg_callback, int_pow_callback
from mypy.types import AnyType, Instance, TupleType, Type, UnionType, UnpackType, get_proper_type

from torchlean_mypy.calls.arguments import power, value_of, value_of_type
from torchlean_mypy.calls.refining import refining
from torchlean_mypy.library.iterables import around_star
from torchlean_mypy.reports.codes import refused
from torchlean_mypy.syntax.names import DIM, SHAPE, TENSOR
from torchlean_mypy.types.convert import Types, dimension_of, dtype_marker, each_in, shape_of, tensor_of
from torchlean_mypy.types.dependencies import in_file_with_shapes
from torchlean_mypy.types.dtype_rules import weak_dtype
from torchlean_mypy.types.kinds import length_of
from torchlean_typed.shapes import scalars
from torchlean_typed.shapes.bounds import at_least
from torchlean_typed.shapes.dim import UNKNOWN, DimExpr, Unknown
from torchlean_typed.shapes.dtypes import FLOATING, INTEGER, members
from torchlean_typed.shapes.shape import Shape, Variadic, size_of
from torchlean_typed.shapes.vocabulary import variadic_position

Arithmetic = Callable[[Any, Any], Any]
ARITHMETIC: dict[str, Arithmetic] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "floordiv": operator.floordiv,
    "pow": power,
}
DIVMOD = "divmod"  # to mypy an operator


def arithmetic(ctx: MethodContext, name: str) -> Type:
    """``n + 1``, ``2 * n``, ``n // 2``: a dimension, where one of the two is; of ``divmod(n, 2)`` both are."""
    other = ctx.arg_types[0][0]
    if not any(_is_dim(typ) for typ in (ctx.type, other)):
        return ctx.default_return_type
    sides, stem = [ctx.type, other], name.strip("_")
    if stem not in (*ARITHMETIC, DIVMOD):
        sides, stem = [other, ctx.type], stem.removeprefix("r")
    written = [ctx.context.left, ctx.context.right] if isinstance(ctx.context, OpExpr) else [None, ctx.args[0][0]]
    left, right = (value_of(ctx.api, *side) for side in zip(written, sides, strict=True))
    if not isinstance(left, int | DimExpr | Unknown) or not isinstance(right, int | DimExpr | Unknown):
        return ctx.default_return_type
    types = Types(ctx.api)
    try:
        if stem == DIVMOD:
            quotient = left // right
            return types.tuple([types.size(quotient), types.size(left - right * quotient)])
        size = ARITHMETIC[stem](left, right)
    except ZeroDivisionError:
        return ctx.default_return_type
    return ctx.default_return_type if stem == "pow" and size is UNKNOWN else types.size(size)


def negative(ctx: MethodContext, name: str) -> Type:
    """``-n``, as in ``-(-n // 2)``."""
    value = value_of_type(ctx.type) if _is_dim(ctx.type) else UNKNOWN
    return ctx.default_return_type if not isinstance(value, int | DimExpr) else Types(ctx.api).size(-value)


def sum_or_product(ctx: FunctionContext, name: str) -> Type:
    """``math.prod(x.shape)`` and ``sum(x.shape)``."""
    types = [get_proper_type(typ) for given in ctx.arg_types for typ in given]
    sizes = types[0].items if len(types) == 1 and isinstance(types[0], TupleType) else []
    if not sizes or not all(map(_is_dim, sizes)):
        return ctx.default_return_type
    dims = [dimension_of(size) for size in sizes]
    return Types(ctx.api).size(prod(dims) if name == "prod" else sum(dims))


def extreme(ctx: FunctionContext | MethodContext, name: str) -> Type | None:
    """``min(n, m)`` and ``max(x.shape)``, where one can be seen to be the least, or the largest."""
    given = [(typ, one) for each in zip(ctx.arg_types, ctx.args, strict=True) for typ, one in zip(*each, strict=True)]
    whole = get_proper_type(given[0][0]) if len(given) == 1 else None
    if isinstance(whole, TupleType):
        values = [value_of_type(item) for item in whole.items] if any(map(_is_dim, whole.items)) else []
    else:
        values = [value_of(ctx.api, one, typ) for typ, one in given] if any(_is_dim(typ) for typ, _ in given) else []
    dims = [value for value in values if isinstance(value, int | DimExpr)]
    sign = 1 if name == "max" else -1
    found = [dim for dim in dims if all(at_least(sign * (dim - other), 0) for other in dims)]
    return Types(ctx.api).size(found[0]) if found and len(dims) == len(values) else None


def number(ctx: FunctionContext, name: str) -> Type:
    """``float(x)``, ``int(x)`` and ``bool(x)``, of a tensor with one element; ``int(n)``, the dimension itself."""
    given = ctx.arg_types[0][0] if ctx.arg_types and ctx.arg_types[0] else None
    if given is not None and name == "int" and _is_dim(given):
        return given
    axes: Shape | None = shape_of(given) if tensor_of(given) is not None else None
    if axes is not None:
        refused(ctx.api, ctx.context, lambda: (scalars.truth if name == "bool" else scalars.item)(axes))
    return ctx.default_return_type


def float_power(ctx: MethodContext, name: str) -> Type:
    """``n ** 0.5`` and ``y ** 0.5``: a float, where mypy says Any: a negative number's may be complex."""
    base, context = ctx.arg_types[0][0] if name == "__rpow__" else ctx.type, ctx.context
    if not isinstance(get_proper_type(ctx.default_return_type), AnyType) or not isinstance(context, OpExpr):
        return ctx.default_return_type
    value = value_of(ctx.api, context.left, base)
    is_negative = isinstance(value, int | float) and value < 0
    if is_negative or weak_dtype(base) is None or not in_file_with_shapes(ctx.api):
        return ctx.default_return_type
    return Types(ctx.api).named("builtins.float")


def _is_dim(typ: Type) -> bool:
    proper = get_proper_type(typ)
    return isinstance(proper, Instance) and proper.type.fullname == DIM


def of_each(ctx: AttributeContext, found: Callable[[Shape, Types], Type]) -> Type:
    """What an attribute is for the tensor's shape, or for each of several shapes: by that mypy narrows the tensor."""
    types, shapes = Types(ctx.api), [shape_of(item) for item in each_in(ctx.type)]
    known = [found(axes, types) for axes in shapes if axes is not None]
    return UnionType.make_union(known) if known and None not in shapes else ctx.default_attr_type


def shape(ctx: AttributeContext, name: str) -> Type:
    """``x.shape``: a tuple of dimensions; of an unknown number of them where the tensor has a variadic."""
    names = around_star(ctx.api, ctx.context)
    return of_each(ctx, lambda axes, types: shape_type(axes, types, names))


def shape_type(axes: Shape, types: Types, names: tuple[int, int] | None = None) -> Type:
    """The type of a shape as a value; ``names`` says how many stand before and after the star that takes it apart."""
    before, after = names or (0, 0)
    position = variadic_position(axes)
    is_empty = position is None and len(axes) == before + after  # of an empty list mypy asks for an annotation
    if names and (is_empty or (position is not None and before <= position < len(axes) - after)):
        rest = UnpackType(types.named("builtins.tuple", [types.named("builtins.int")]))
        sizes = [types.size(axis) for axis in axes if not isinstance(axis, Variadic)]
        return types.tuple([*sizes[:before], rest, *sizes[len(sizes) - after :]])
    if axes == (Variadic(None),):
        return types.named("builtins.tuple", [types.named("builtins.int")])
    if any(isinstance(axis, Variadic) for axis in axes):
        # a tuple type with a variadic would make mypy reject x.shape[0] and a, b = x.shape
        return types.named(SHAPE, [types.axis(axis) for axis in axes])
    return types.tuple([types.size(axis) for axis in axes if not isinstance(axis, Variadic)])


def shape_item(ctx: MethodContext, name: str) -> Type:
    """``x.shape[-1]`` and ``x.shape[:-1]`` where the tensor has a variadic."""
    receiver = get_proper_type(ctx.type)
    if not isinstance(receiver, Instance) or receiver.type.fullname != SHAPE:
        return ctx.default_return_type
    axes, key = value_of_type(receiver), value_of(ctx.api, ctx.args[0][0], ctx.arg_types[0][0])
    assert isinstance(axes, tuple)
    types = Types(ctx.api)
    position = next(index for index, axis in enumerate(axes) if isinstance(axis, Variadic))
    after = len(axes) - position - 1
    if isinstance(key, int) and (0 <= key < position or -after <= key < 0):
        return types.size(axes[key])
    if isinstance(key, slice) and key.step in (None, 1):
        bounds = (key.start, key.stop)
        if all(b is None or (isinstance(b, int) and (0 <= b <= position or -after <= b < 0)) for b in bounds):
            return shape_type(axes[key.start : key.stop], types)
        return types.named("builtins.tuple", [types.named("builtins.int")])
    return ctx.default_return_type


def concatenated(ctx: MethodContext, name: str) -> Type:
    """``x.shape[:-1] + (3,)`` where the tensor has a variadic."""
    left, right = value_of_type(ctx.type), value_of(ctx.api, ctx.args[0][0], ctx.arg_types[0][0])
    if not isinstance(left, tuple) or not isinstance(right, tuple):
        return ctx.default_return_type
    axes = (*left, *right)
    if sum(isinstance(axis, Variadic) for axis in axes) != 1 or any(map(_is_no_axis, axes)):
        return ctx.default_return_type
    return shape_type(axes, Types(ctx.api))


def _is_no_axis(item: object) -> bool:
    return isinstance(item, bool) or not isinstance(item, int | DimExpr | Unknown | Variadic)


def element_count(ctx: AttributeContext, name: str) -> Type:
    """``x.size``: the product of the dimensions."""
    return of_each(ctx, lambda axes, types: types.size(size_of(axes)))


def dtype(ctx: AttributeContext, name: str) -> Type:
    """``x.dtype``, where it is known."""
    types = Types(ctx.api)
    scalar = types.numpy_scalar(dtype_marker(ctx.type))
    return ctx.default_attr_type if scalar is None else types.named("numpy.dtype", [scalar])


def length(ctx: FunctionContext, name: str) -> Type:
    """``len(x)``: the first dimension; the number of a pack's entries, and of rows."""
    given = ctx.arg_types[0][0] if ctx.arg_types and ctx.arg_types[0] else None
    count = length_of(given)
    if count is not None:
        return Types(ctx.api).size(count)
    typ = get_proper_type(given)
    if isinstance(typ, TupleType) and all(map(_is_dim, typ.items)):
        return Types(ctx.api).size(len(typ.items))
    sizes: list[Type] = []
    for one in typ.items if isinstance(typ, UnionType) else [typ]:
        axes = shape_of(tensor_of(one))
        if axes == ():
            refused(ctx.api, ctx.context, lambda: scalars.length(()))
        if not axes or isinstance(axes[0], Variadic):
            return ctx.default_return_type
        sizes.append(Types(ctx.api).size(axes[0]))
    return UnionType.make_union(sizes)


def item(ctx: MethodContext, name: str) -> Type:
    """``x.item()``: of one element only."""
    axes = shape_of(ctx.type)
    if axes is not None and refused(ctx.api, ctx.context, lambda: scalars.item(axes)):
        return ctx.default_return_type
    marker = dtype_marker(ctx.type)
    dtypes = {*members(marker)} if marker is not None else set()
    for python, some in (("bool", ["bool"]), ("int", INTEGER), ("float", FLOATING)) if dtypes else ():
        if dtypes <= {*some}:
            return Types(ctx.api).named(f"builtins.{python}")
    return ctx.default_return_type


def values(ctx: MethodContext, name: str) -> Type:
    """``x.numpy()``: an array of the same shape."""
    axes = shape_of(ctx.type)
    return ctx.default_return_type if axes is None else Types(ctx.api).array(dtype_marker(ctx.type), axes)


_OPERATORS = [f"__{prefix}{stem}__" for stem in (*ARITHMETIC, DIVMOD) for prefix in ("", "r")]
_OF_TENSORS_TOO = ("__add__", "__sub__", "__mul__")  # the int's: scalar_operands is asked, which asks here

ATTRIBUTES = {
    f"{TENSOR}.shape": shape,
    f"{TENSOR}.size": element_count,
}
FUNCTIONS = {
    "builtins.len": length,
    "math.prod": sum_or_product,
    **{f"builtins.{name}": number for name in ("float", "int", "bool")},
}
METHODS = {
    **{f"{DIM}.{method}": arithmetic for method in _OPERATORS},
    **{f"builtins.int.{method}": arithmetic for method in _OPERATORS if method not in _OF_TENSORS_TOO},
    "builtins.int.__pow__": refining(int_pow_callback, arithmetic),
    "builtins.int.__neg__": refining(int_neg_callback, negative),
    f"{DIM}.__neg__": negative,
    "builtins.float.__pow__": float_power,
    "builtins.float.__rpow__": float_power,
    f"{SHAPE}.__getitem__": shape_item,
    f"{SHAPE}.__add__": concatenated,
    "builtins.tuple.__add__": concatenated,
    f"{TENSOR}.item": item,
    f"{TENSOR}.numpy": values,
}
