"""NumPy arrays: what NumPy's stubs carry from one to another that has not its shape."""

from __future__ import annotations

from typing import Any

from mypy.nodes import CallExpr
from mypy.plugin import AttributeContext, FunctionContext, MethodContext
from mypy.types import Instance, Type, get_proper_type

from torchlean_mypy.convert import Types, shape_of
from torchlean_mypy.dims import shape_type
from torchlean_mypy.hidden import shape_text
from torchlean_mypy.operations import table
from torchlean_mypy.walk import map_shapes
from torchlean_typed.shapes.errors import ShapeError, Undetermined
from torchlean_typed.shapes.shape import ANY_SHAPE, Variadic, is_known


def forgotten(typ: Type, ctx: FunctionContext | MethodContext) -> Type:
    """The result of a function of NumPy's that nothing describes: arrays in it have no known shape.

    NumPy's stubs give some results the type of the argument, whatever its shape becomes: ``np.moveaxis(a, 0, 1)``.
    """
    if not isinstance(ctx.context, CallExpr):
        return typ  # an operator
    types = Types(ctx.api)
    return map_shapes(typ, lambda part: part if shape_text(part) is None else types.with_shape(part, ANY_SHAPE))


def transposed(ctx: AttributeContext, name: str) -> Type:
    """``a.T`` and ``a.mT``, which have the type of the array itself in NumPy's stubs."""
    result = get_proper_type(ctx.default_attr_type)
    shape: Any = shape_of(result)
    if not isinstance(result, Instance) or shape_text(result) is None or shape is None:
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
    """``a.shape``, where it is known and not assigned."""
    shape = shape_of(ctx.type)
    known = shape is not None and is_known(shape) and not ctx.is_lvalue
    return shape_type(shape, Types(ctx.api)) if known and shape is not None else ctx.default_attr_type


OWNERS = ("numpy._ArrayOrScalarCommon", "numpy.ndarray")
ATTRIBUTES = {f"{owner}.{name}": transposed for owner in OWNERS for name in ("T", "mT")} | {
    f"{owner}.shape": sizes for owner in OWNERS
}
