"""What the run time refuses though the declared types let it pass: arrays as operands, ``==`` with anything."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Instance, NoneType, TupleType, Type, get_proper_type

from torchlean_mypy.calls.arguments import value_of_type
from torchlean_mypy.library import operations
from torchlean_mypy.library.methods import operation_behind
from torchlean_mypy.reports.codes import refused
from torchlean_mypy.syntax.names import NDARRAY, TENSOR
from torchlean_mypy.types.convert import Types, dtype_marker, shape_of, tensor_of
from torchlean_typed.ops.numpy_calls import OF_VALUES, REFLECTED, refuse_numpy_call
from torchlean_typed.ops.statics import refuse_array, refuse_operand
from torchlean_typed.shapes.shape import ANY_SHAPE

ARITHMETIC = ("add", "sub", "mul", "truediv", "pow", "matmul")
MIRRORED = {"__lt__": "__gt__", "__le__": "__ge__", "__gt__": "__lt__", "__ge__": "__le__"}
OPERATORS = (*MIRRORED, "__eq__", "__ne__", *(f"__{r}{name}__" for name in ARITHMETIC for r in ("", "r")))
ARRAY_OPERATORS = {f"{NDARRAY}.{name}" for name in OPERATORS}
UFUNCS = "numpy._typing._ufunc."
REDUCTIONS = [f"numpy._core.fromnumeric.{name}" for name in OF_VALUES]
IN_PLACE = {f"{NDARRAY}.__i{method[3:]}": name for name, method in REFLECTED.items() if method.startswith("__r")}
PLAIN = ("str", "bytes", "complex", "list", "dict", "set", "tuple")
NO_OPERANDS = {NDARRAY: "ndarray"} | {f"builtins.{name}": name for name in PLAIN}


def array_operator(ctx: FunctionContext | MethodContext, name: str) -> bool:
    """Whether this is ``array + tensor`` or ``tensor + array``, in which NumPy's stubs take the tensor for an array."""
    method = name.rpartition(".")[2]
    other = tensor_of(ctx.arg_types[0][0]) if ctx.arg_types and ctx.arg_types[0] else None
    behind = operation_behind(other.type, MIRRORED.get(method, method)) if other is not None else None
    if behind is None:
        return False
    rule = partial(refuse_operand, behind[0], "ndarray", is_array=True)
    return refused(ctx.api, ctx.context, rule, depth=4)  # an overload is tried in two more


def numpy_call(ctx: FunctionContext | MethodContext, name: str) -> bool:
    """Whether this is ``np.sin(tensor)``, ``np.sum(tensor)`` or ``array += tensor``: NumPy's, which takes no Tensor."""
    called: object = None
    if name in IN_PLACE:
        called = IN_PLACE[name]
    elif isinstance(ctx, MethodContext) and name.startswith(UFUNCS):
        ufunc = get_proper_type(ctx.type)
        called = value_of_type(ufunc.args[0]) if isinstance(ufunc, Instance) and ufunc.args else None
    elif name in REDUCTIONS:
        called = name.rpartition(".")[2]
    if not isinstance(called, str) or not any(tensor_of(typ) for types in ctx.arg_types for typ in types):
        return False
    return refused(ctx.api, ctx.context, partial(refuse_numpy_call, called))


def operator(ctx: MethodContext, name: str) -> Type:
    """``tensor + anything``; ``tensor == anything`` is allowed by Python for every class."""
    got = no_operand(ctx.arg_types[0][0])
    tensor = tensor_of(ctx.type) if got is not None else None
    behind = operation_behind(tensor.type, name) if tensor is not None else None
    if got is None or behind is None:
        return operations.method(ctx, name)
    rule = partial(refuse_operand, behind[0], got, is_array=got == "ndarray")
    refused(ctx.api, ctx.context, rule, about=ctx.args)
    if name in ("__eq__", "__ne__"):
        return Types(ctx.api).tensor("bool", shape_of(ctx.type) or ANY_SHAPE)
    return Types(ctx.api).tensor(None, ANY_SHAPE)


def no_operand(typ: Type) -> str | None:
    """The class of what is neither a tensor nor a number, as far as that is certain."""
    proper = get_proper_type(typ)
    if isinstance(proper, NoneType):
        return "NoneType"
    if isinstance(proper, TupleType):
        proper = proper.partial_fallback
    return NO_OPERANDS.get(proper.type.fullname) if isinstance(proper, Instance) else None


def index(ctx: MethodContext, name: str) -> Type:
    """``tensor[tensor]`` and ``tensor[array]``."""
    key = get_proper_type(ctx.arg_types[0][0])
    parts = key.items if isinstance(key, TupleType) else [key]
    found = ["Tensor" if tensor_of(part) is not None else no_operand(part) for part in parts]
    got = next((one for one in found if one in ("Tensor", "ndarray")), None)
    if got is None:
        return operations.method(ctx, name)
    refused(ctx.api, ctx.context, lambda: refuse_array("getitem", "key", got, is_index=True))
    return Types(ctx.api).tensor(dtype_marker(ctx.type), ANY_SHAPE)


METHODS: dict[str, Callable[..., Any]] = {
    **{f"{TENSOR}.{name}": operator for name in OPERATORS},
    f"{TENSOR}.__getitem__": index,
}
