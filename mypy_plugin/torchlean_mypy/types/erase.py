"""Taking the shapes out of a type, and putting solved ones in."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from mypy.types import (
    CallableType,
    Instance,
    TupleType,
    Type,
    TypeVarTupleType,
    TypeVarType,
    UnionType,
    UnpackType,
    get_proper_type,
)

from torchlean_mypy.syntax.names import DIM, NDARRAY, PACK, TENSOR
from torchlean_mypy.types.convert import OPEN, Types, dtype_marker, is_dimension, shape_from, shape_of, unknown_type
from torchlean_mypy.types.kinds import instance_of
from torchlean_mypy.types.walk import grouped, map_shapes
from torchlean_typed.shapes.dim import UNKNOWN, symbol
from torchlean_typed.shapes.shape import ANY_SHAPE, Bindings, Shape, Variadic, shape_names, substitute_shape
from torchlean_typed.shapes.unify import flexible, is_flexible


def any_pack(types: Types) -> Instance:
    """A pack of which nothing is known."""
    return types.named(PACK, [unknown_type()] * 2)


def erased(formal: Type, types: Types) -> Type:
    """A formal's type that goes with every shape, and every dtype: both are checked by us."""
    proper = get_proper_type(formal)
    if isinstance(proper, Instance) and proper.type.fullname == DIM:
        return types.named("builtins.int")
    pack = instance_of(proper, PACK)
    if pack is not None:
        return pack if isinstance(get_proper_type(pack.args[0]), TypeVarType) else any_pack(types)
    if isinstance(proper, UnionType):
        return UnionType.make_union([erased(item, types) for item in proper.items])
    if isinstance(proper, Instance) and shape_of(proper) is not None:  # also where no size is known: the rank may be
        return _erased_instance(proper, types)
    return map_shapes(formal, lambda instance: _erased_instance(instance, types))


def _erased_instance(instance: Instance, types: Types) -> Type:
    if instance.type.fullname == TENSOR:
        return types.tensor(None, (Variadic(None),))
    if instance.type.fullname == DIM:
        return unknown_type()
    if instance.type.fullname == NDARRAY:
        return types.array(None, ANY_SHAPE)
    args: list[Type] = []
    for variable, given in zip(instance.type.defn.type_vars, grouped(instance), strict=True):
        spread = isinstance(variable, TypeVarTupleType) and is_dimension(variable)
        args += [UnpackType(types.any_tuple())] if spread else [_erased_argument(arg, types) for arg in given]
    return instance.copy_modified(args=args)


def _erased_argument(arg: Type, types: Types) -> Type:
    proper = get_proper_type(arg)
    if isinstance(proper, UnpackType):
        return UnpackType(types.any_tuple())
    if is_dimension(proper) or isinstance(proper, TupleType):
        return unknown_type()
    return erased(arg, types)


def instantiated(typ: Type, own: frozenset[str], bindings: Bindings, types: Types) -> Type:
    """A result type with the callee's ``own`` names replaced by what they were solved to; unsolved ones are unknown."""
    proper, marker = get_proper_type(typ), dtype_marker(typ)
    if marker is not None and isinstance(proper, Instance) and proper.type.fullname == TENSOR:
        return types.tensor(marker, solved(shape_of(proper) or (), own, bindings))
    return replaced(typ, lambda shape: solved(shape, own, bindings), types)


def opened(function: CallableType, own: frozenset[str], tag: str, types: Types) -> CallableType:
    """A function type with its ``own`` names made flexible, and apart from all others' by the tag."""
    parts = [
        replaced(part, lambda shape: flexible(shape, tag, shape_names(shape) - own), types)
        for part in (*function.arg_types, function.ret_type)
    ]
    return function.copy_modified(arg_types=parts[:-1], ret_type=parts[-1])


def replaced(typ: Type, change: Callable[[Shape], Shape], types: Types) -> Type:
    """The type with every dimension replaced by what ``change`` makes of it."""

    def put_in(instance: Instance) -> Type:
        return instance.copy_modified(args=_arguments(list(instance.args)))

    def _arguments(args: list[Type]) -> list[Type]:
        result: list[Type] = []
        for arg in args:
            proper = get_proper_type(arg)
            inner = get_proper_type(proper.type) if isinstance(proper, UnpackType) else proper
            if is_dimension(inner):
                result += [types.axis(axis) for axis in change(shape_from([arg]))]
            elif isinstance(proper, TupleType):
                result.append(proper.copy_modified(items=_arguments(proper.items)))
            else:
                result.append(map_shapes(arg, put_in))
        return result

    return map_shapes(typ, put_in)


def only_bound(typ: Type, bound: frozenset[str], types: Types) -> Type:
    """The type with every dimension unknown that has a name not among ``bound``."""
    return replaced(typ, lambda shape: without_unbound(shape, bound), types)


def beside_callables(typ: Type, restrict: Callable[[Type], Type]) -> Type:
    """The type with its parts restricted, but for callables: a name that nothing binds is a callable's own."""
    proper = get_proper_type(typ)
    if isinstance(proper, CallableType):
        return proper
    if isinstance(proper, UnionType):
        return UnionType.make_union([beside_callables(item, restrict) for item in proper.items])
    if isinstance(proper, Instance) and any(isinstance(get_proper_type(arg), CallableType) for arg in proper.args):
        return proper.copy_modified(args=[beside_callables(arg, restrict) for arg in proper.args])
    return restrict(typ)


def without_unbound(shape: Shape, bound: frozenset[str]) -> Shape:
    """The shape of a variable's annotation: a name that no signature around it binds is a size that is not known."""
    return tuple(
        axis if shape_names((axis,)) <= bound else Variadic(None) if isinstance(axis, Variadic) else UNKNOWN
        for axis in shape
    )


def solved(shape: Shape, own: frozenset[str], bindings: Bindings) -> Shape:
    """A shape of the callee with its own names replaced; what a model leaves open stays open."""
    solvable, has_open = _solvable(shape, own)
    found = without_flexible(substitute_shape(solvable, bindings))
    return _spelled(found, OPEN, "?") if has_open else found


@lru_cache(maxsize=8192)
def _solvable(shape: Shape, own: frozenset[str]) -> tuple[Shape, bool]:
    """The shape with its own names flexible, and whether there are others that a model leaves open."""
    closed = _spelled(shape, "?", OPEN)
    return flexible(closed, keep=shape_names(closed) - own), closed != shape


def _spelled(shape: Shape, mark: str, other: str) -> Shape:
    """The shape with a mark in its names spelled in another way."""
    marked = {name: name.lstrip("*").replace(mark, other) for name in shape_names(shape) if mark in name}
    return substitute_shape(
        shape, {name: (Variadic(new),) if name.startswith("*") else symbol(new) for name, new in marked.items()}
    )


def without_flexible(shape: Shape) -> Shape:
    """A shape in which what is left unsolved is unknown."""
    return tuple(
        (Variadic(None) if isinstance(axis, Variadic) else UNKNOWN)
        if any(is_flexible(name) for name in shape_names((axis,)))
        else axis
        for axis in shape
    )
