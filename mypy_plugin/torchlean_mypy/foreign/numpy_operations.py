"""NumPy's operators, methods and functions on arrays: the shapes by our rules and its broadcasting.

Shape stubs come first: what they describe is not looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from inspect import signature
from typing import ClassVar

from mypy.nodes import ARG_NAMED, ARG_POS, CallExpr, Context, Expression, IndexExpr, TupleExpr
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import AnyType, Instance, Type, TypeOfAny, UnionType, get_proper_type

from torchlean_mypy.calls.arguments import type_of, value_of, value_of_type
from torchlean_mypy.calls.spread import items_of
from torchlean_mypy.foreign import numpy_rules
from torchlean_mypy.foreign.numpy_dtypes import promoted
from torchlean_mypy.foreign.numpy_forms import FORMS, IGNORED, OPERATORS, UFUNCS, Form
from torchlean_mypy.foreign.numpy_rules import Rule
from torchlean_mypy.library.iterables import rows
from torchlean_mypy.reports.codes import refused, told_at_once
from torchlean_mypy.syntax.names import NDARRAY
from torchlean_mypy.syntax.notes import Notes
from torchlean_mypy.types.convert import Types, dtype_marker, shape_of
from torchlean_mypy.types.dtype_rules import weak_dtype
from torchlean_mypy.types.facts import Facts, applied
from torchlean_mypy.types.numpy_types import numpy_dtype_name, numpy_scalar_name
from torchlean_typed.shapes.dtypes import Dtype, dtype_name
from torchlean_typed.shapes.errors import Undetermined
from torchlean_typed.shapes.shape import Shape, is_known

Given = tuple[Expression | None, Type]
Hooked = FunctionContext | MethodContext
METHOD = f"{NDARRAY}."
OF_UFUNC = "numpy._typing._ufunc."
ELEMENTWISE = (f"{OF_UFUNC}_UFunc_Nin1_Nout1.__call__", f"{OF_UFUNC}_UFunc_Nin2_Nout1.__call__")


class Lost:
    """Why the shape of a result is not known, by the identity of the expression."""

    reasons: ClassVar[Notes[int, tuple[Context, str]]] = Notes()

    @classmethod
    def note(cls, file: str, place: Context, reason: str) -> None:
        """Note the reason, for whoever reports it."""
        cls.reasons[file][id(place)] = place, reason


class _NotKnown(Exception):
    """Something in a call is not understood."""


@dataclass(frozen=True)
class _Call:
    """What is called with which operands; the dtype of the result, where it is given, or its kind."""

    name: str
    rule: Callable[[Sequence[Shape]], Shape]
    operands: Sequence[Type]
    kind: str
    dtype: Dtype = None
    why: str = ""


def result(ctx: Hooked, name: str) -> Type | None:
    """What a call gives; None where it is not known."""
    if name == f"{METHOD}__iter__" and isinstance(ctx, MethodContext):
        return rows(ctx, name)
    found: list[Shape] = []
    try:
        call = _read(ctx, name)
        if not any(_is_array(typ) for typ in call.operands):
            return None
        shapes = [_shape(typ) for typ in call.operands]
        with told_at_once(ctx.api):
            if refused(ctx.api, ctx.context, lambda: found.append(call.rule(shapes)), depth=4):
                return AnyType(TypeOfAny.from_error)
    except _NotKnown:
        return None
    except Undetermined as reason:
        Lost.note(ctx.api.path, ctx.context, str(reason))
        return None
    if not is_known(found[0]):
        Lost.note(ctx.api.path, ctx.context, f"{call.name}: a size of the result is not known{call.why}")
    dtypes = [_dtype(typ) for typ in call.operands]
    is_joined = call.kind == "own" and len({*dtypes}) > 1  # by mypy, as if NumPy made one of two dtypes like that
    return _typed(ctx, found[0], call.dtype or promoted(call.kind, dtypes), is_joined)


def stored(ctx: MethodContext, name: str) -> Type:
    """``x[key] = y``: an array has to broadcast to what is there."""
    if not _is_array(ctx.type) or [*map(len, ctx.arg_types)] != [1, 1]:
        return ctx.default_return_type
    ((key,), (value,)) = ctx.arg_types
    if _is_array(value) and not _is_array(key):
        place = value_of(ctx.api, ctx.args[0][0], key, lists=True)
        with suppress(Undetermined):  # nothing is made of it whose shape could be lost
            refused(ctx.api, ctx.context, lambda: numpy_rules.setitem(_shape(ctx.type), place, _shape(value)))
    return ctx.default_return_type


def _read(ctx: Hooked, name: str) -> _Call:
    node, last = ctx.context, name.rpartition(".")[2]
    if isinstance(ctx, MethodContext) and name.startswith(METHOD) and last.startswith("__"):
        return _operator(ctx, last.strip("_"))
    if not isinstance(node, CallExpr) or name.startswith("numpy.random."):
        raise _NotKnown
    if isinstance(ctx, MethodContext) and name.startswith(OF_UFUNC):
        ufunc = get_proper_type(ctx.type)
        last = str(value_of_type(ufunc.args[0])) if isinstance(ufunc, Instance) and ufunc.args else ""
        if name in ELEMENTWISE:
            return _ufunc(ctx, node, last)
    form = FORMS.get(last)
    if form is None:
        raise _NotKnown
    return _function(ctx, node, last, form, is_method=name.startswith(METHOD))


def _operator(ctx: MethodContext, stem: str) -> _Call:
    """``x + y``, ``2.0 * x``, ``x += y``, ``x[0]``."""
    node = ctx.context
    if stem == "getitem" and isinstance(node, IndexExpr):
        typ = type_of(ctx.api, node.index)
        if typ is not None and _is_array(typ):
            dtype = _dtype(typ)
            return _Call(
                "getitem",
                lambda shapes: numpy_rules.taken("getitem", shapes[0], shapes[1], dtype),
                [ctx.type, typ],
                "given",
            )
        key = value_of(ctx.api, node.index, typ, lists=True)
        why = ": NumPy cuts a slice that reaches beyond the axis short"
        return _Call(
            "getitem", lambda shapes: numpy_rules.getitem("getitem", shapes[0], key), [ctx.type], "own", why=why
        )
    plain = next((one for one in (stem, stem[1:]) if one in OPERATORS), None)
    if plain is None or not ctx.arg_types or not ctx.arg_types[0]:
        raise _NotKnown
    name, operands = OPERATORS[plain], [ctx.type, ctx.arg_types[0][0]]
    rule = numpy_rules.matmul if name == "matmul" else numpy_rules.broadcast
    if stem == f"i{plain}":
        return _Call(name, lambda shapes: numpy_rules.in_place(name, rule, *shapes), operands, "own", _dtype(ctx.type))
    if stem == f"r{plain}":
        operands.reverse()
    return _Call(name, lambda shapes: rule(name, *shapes), operands, UFUNCS[name])


def _ufunc(ctx: MethodContext, node: CallExpr, name: str) -> _Call:
    """``np.exp(x)``."""
    if {*node.arg_kinds} != {ARG_POS}:
        raise _NotKnown
    operands = [typ for types in ctx.arg_types for typ in types]
    return _Call(name, lambda shapes: numpy_rules.broadcast(name, *shapes), operands, UFUNCS.get(name, "given"))


def _function(ctx: Hooked, node: CallExpr, name: str, form: Form, is_method: bool) -> _Call:
    """``np.sum(x, axis=0)`` and ``x.sum(axis=0)``."""
    names = form.parameters.split()
    given = dict(_bound(ctx, node, names[1:] if is_method else names))
    if is_method and isinstance(ctx, MethodContext):
        given[names[0]] = None, ctx.type
    tensors = [given.pop(one) for one in names[: form.operands] if one in given]
    if not tensors or not {*given} <= {*_statics(form.rule), *IGNORED}:
        raise _NotKnown
    operands: Sequence[Type] | None = [typ for _, typ in tensors]
    if form.is_of_list:
        operands = items_of(ctx.api, *tensors[0])
    if not operands:
        raise _NotKnown
    values = {one: value_of(ctx.api, *what) for one, what in given.items()}
    dtype = dtype_name(values["dtype"]) if "dtype" in values else None
    statics = {one: value for one, value in values.items() if one in _statics(form.rule)}

    def rule(shapes: Sequence[Shape]) -> Shape:
        if () in shapes and form.rule is not numpy_rules.broadcast:
            raise Undetermined(f"{name}: NumPy takes numbers in its own ways")
        return form.rule(name, shapes, **statics) if form.is_of_list else form.rule(name, *shapes, **statics)

    return _Call(name, rule, operands, "given" if "dtype" in values else form.dtype, dtype)


@cache
def _statics(rule: Rule) -> tuple[str, ...]:
    return tuple(signature(rule).parameters)


def _bound(ctx: Hooked, node: CallExpr, names: Sequence[str]) -> Iterator[tuple[str, Given]]:
    """The arguments by name; several where one is a tuple, ``x.reshape(3, 4)``, are that."""
    types = {
        id(one): typ
        for some, found in zip(ctx.args, ctx.arg_types, strict=True)
        for one, typ in zip(some, found, strict=True)
    }
    if not {*node.arg_kinds} <= {ARG_POS, ARG_NAMED}:
        raise _NotKnown
    positional = [one for one, kind in zip(node.args, node.arg_kinds, strict=True) if kind == ARG_POS]
    if names[:1] in (["shape"], ["axes"]) and len(positional) > 1:
        yield names[0], (TupleExpr(positional), Types(ctx.api).any_tuple())
        positional = []
    if len(positional) > len(names):
        raise _NotKnown
    for name, one in [*zip(names, positional, strict=False), *zip(node.arg_names, node.args, strict=True)]:
        if name is not None:
            if id(one) not in types:
                raise _NotKnown
            yield name, (one, types[id(one)])


def _is_array(typ: Type) -> bool:
    proper = get_proper_type(typ)
    return isinstance(proper, Instance) and proper.type.fullname == NDARRAY


def _shape(typ: Type) -> Shape:
    """The shape of an operand: of an array, or of a number; classes of arrays go their own ways."""
    if not _is_array(typ):
        if _number(typ) is None:
            raise _NotKnown
        return ()
    shape = shape_of(typ) or ()
    return applied(shape) if Facts.active else shape


def _dtype(typ: Type) -> Dtype:
    return dtype_marker(typ) if _is_array(typ) else _number(typ)


def _number(typ: Type) -> Dtype:
    """The dtype of a number of Python's or NumPy's; None for anything else."""
    proper = get_proper_type(typ)
    is_numpys = isinstance(proper, Instance) and proper.type.has_base("numpy.generic")
    return weak_dtype(typ) or (numpy_scalar_name(typ) if is_numpys else None)


def _typed(ctx: Hooked, shape: Shape, dtype: Dtype, is_joined: bool) -> Type | None:
    """The array; of a scalar what NumPy's stubs say."""
    types, default = Types(ctx.api), get_proper_type(ctx.default_return_type)
    if isinstance(default, UnionType):  # a number or an array
        default = next((item for item in map(get_proper_type, default.items) if _is_array(item)), default)
    if not shape:
        return None if _is_array(default) else ctx.default_return_type
    if isinstance(default, Instance) and _is_array(default):
        is_said = numpy_dtype_name(default.args[1]) == dtype if dtype is not None else not is_joined
        if is_said:
            return types.with_shape(default, shape)
    return types.array(dtype, shape)


METHODS = {f"{METHOD}__setitem__": stored}
