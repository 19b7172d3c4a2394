"""NumPy arrays: what NumPy's stubs carry from one to another that has not its shape."""

from __future__ import annotations

from typing import Any

from mypy.nodes import CallExpr, MemberExpr, NameExpr, OpExpr, Var
from mypy.plugin import AttributeContext, FunctionContext, MethodContext
from mypy.types import Instance, Type, get_proper_type

from torchlean_mypy.library.dims import shape_type
from torchlean_mypy.library.ways import table
from torchlean_mypy.reports.codes import report
from torchlean_mypy.types.convert import Types, dtype_marker, shape_of
from torchlean_mypy.types.dependencies import in_file_with_shapes
from torchlean_mypy.types.dtype_rules import weak_dtype
from torchlean_mypy.types.walk import map_arrays, mentions_dimensions
from torchlean_typed.shapes.dtypes import WEAK_INT
from torchlean_typed.shapes.errors import ShapeError, Undetermined, show
from torchlean_typed.shapes.shape import ANY_SHAPE, Variadic, is_known


def may_be_shaped(ctx: FunctionContext | MethodContext | AttributeContext, typ: Type) -> bool:
    """Whether something of NumPy's can have to do with shapes: in a file that may have some, or of a type that has."""
    return in_file_with_shapes(ctx.api) or (
        mentions_dimensions(typ) and shape_of(typ) != ()
    )  # NumPy's stubs too say that of an array


def refined(typ: Type, ctx: FunctionContext | MethodContext) -> Type:
    """The result of a function or an operator of NumPy's that no shape stub describes.

    NumPy's stubs give some results the type of the argument, whatever its shape becomes, ``np.moveaxis(a, 0, 1)``:
    their sizes are not known. Nor are those that the stubs call ``int``, which mypy would take to differ from ``n``.
    By them, ``a / 2`` is float64, also where ``a`` is float32.
    """
    types, forgets = Types(ctx.api), isinstance(ctx.context, CallExpr)
    if isinstance(ctx.context, OpExpr) and ctx.context.op == "/" and isinstance(ctx, MethodContext):
        given = {dtype_marker(operand) or weak_dtype(operand) for operand in (ctx.type, ctx.arg_types[0][0])}
        if WEAK_INT in given and given & {"float16", "float32"}:
            typ = types.array(None, shape_of(typ) or ())

    def change(array: Instance) -> Type:
        shape = shape_of(array)
        if shape is None or (not forgets and mentions_dimensions(array)):
            return array
        return types.with_shape(array, ANY_SHAPE if mentions_dimensions(array) else shape)

    return map_arrays(typ, change)


def transposed(ctx: AttributeContext, name: str) -> Type:
    """``a.T`` and ``a.mT``, which have the type of the array itself in NumPy's stubs."""
    result = get_proper_type(ctx.default_attr_type)
    shape: Any = shape_of(result)
    if not isinstance(result, Instance) or not mentions_dimensions(result) or shape is None:
        return ctx.default_attr_type
    try:
        if name == "mT":
            shape = table()["matrix_transpose"].rule("matrix_transpose", shape)
        else:
            shape = ANY_SHAPE if any(isinstance(axis, Variadic) for axis in shape) else shape[::-1]
    except (ShapeError, Undetermined):
        shape = ANY_SHAPE
    return Types(ctx.api).with_shape(result, shape)


def sizes(ctx: AttributeContext, name: str) -> Type:
    """``a.shape``, where it is known; where it is assigned, the array's shape changes."""
    shape = shape_of(ctx.type)
    if ctx.is_lvalue:
        _changed_in_place(ctx)
    elif shape is not None and is_known(shape) and may_be_shaped(ctx, ctx.type):
        return shape_type(shape, Types(ctx.api))
    return ctx.default_attr_type


def resized(ctx: MethodContext, name: str) -> Type:
    """``a.resize(...)``, which changes the array itself."""
    _changed_in_place(ctx)
    return ctx.default_return_type


def _changed_in_place(ctx: AttributeContext | MethodContext) -> None:
    """Forget the shape of a variable whose array changes; one with a declared shape must keep it."""
    array, context = get_proper_type(ctx.type), ctx.context
    if not isinstance(array, Instance) or not mentions_dimensions(array):
        return
    owner = context.callee if isinstance(context, CallExpr) else context
    variable = owner.expr if isinstance(owner, MemberExpr) else None
    node = variable.node if isinstance(variable, NameExpr) else None
    if not isinstance(variable, NameExpr) or not isinstance(node, Var) or not node.is_inferred:
        problem = f"the array was declared to have the shape {show(shape_of(array) or ())}"
        report(ctx.api, ShapeError("in-place", problem, hint="use reshape, which gives a new array"), context)
        return
    node.type = Types(ctx.api).with_shape(array, ANY_SHAPE)
    ctx.api.binder.assign_type(variable, node.type, node.type)  # type: ignore[attr-defined]


OWNERS = ("numpy._ArrayOrScalarCommon", "numpy.ndarray")
ATTRIBUTES = {f"{owner}.{name}": transposed for owner in OWNERS for name in ("T", "mT")} | {
    f"{owner}.shape": sizes for owner in OWNERS
}
METHODS = {f"{owner}.resize": resized for owner in OWNERS}
