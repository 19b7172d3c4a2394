"""Walking through a type: finding the shapes in it, and giving it others."""

from __future__ import annotations

from collections.abc import Callable

from mypy.type_visitor import TypeTranslator
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    PlaceholderType,
    TupleType,
    Type,
    TypeAliasType,
    TypeOfAny,
    TypeVarLikeType,
    TypeVarTupleType,
    TypeVarType,
    UninhabitedType,
    UnpackType,
    get_proper_type,
)

from torchlean_mypy.syntax.names import NDARRAY, PACKAGE, TENSOR
from torchlean_mypy.types.convert import is_dimension

Change = Callable[[Instance], Type]


class Walk(TypeTranslator):
    """A walk over a type, through aliases that are not recursive; what mypy has not analysed yet is left as it is."""

    def __init__(self) -> None:
        super().__init__({})

    def visit_type_alias_type(self, t: TypeAliasType, /) -> Type:
        return t if t.is_recursive else get_proper_type(t).accept(self)

    def visit_placeholder_type(self, t: PlaceholderType, /) -> Type:
        return t


class _Mapper(Walk):
    """Applies a function to every instance that has dimensions among its arguments."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.change = change

    def visit_instance(self, t: Instance, /) -> Type:
        if any(_is_dimension_argument(arg) for arg in t.args) or _is_scalar(t):
            return self.change(t)
        if not t.args:
            return t
        return super().visit_instance(t)


def _is_scalar(t: Instance) -> bool:
    """Whether the type is a Tensor's or an array's without any axis."""
    if t.type.fullname == NDARRAY:
        sizes = get_proper_type(t.args[0])
        return isinstance(sizes, TupleType) and not sizes.items
    return t.type.fullname == TENSOR and len(t.args) == 1


def _is_dimension_argument(arg: Type) -> bool:
    proper = get_proper_type(arg)
    if isinstance(proper, UnpackType):
        proper = get_proper_type(proper.type)
    if isinstance(proper, TupleType):  # a shape within the type of a model, or of a pack
        return any(_is_dimension_argument(item) for item in proper.items)
    return is_dimension(proper)


def map_shapes(typ: Type, change: Change) -> Type:
    """The type with every instance that mentions a dimension replaced by what ``change`` makes of it."""
    return typ.accept(_Mapper(change))


class _ArrayMapper(_Mapper):
    def visit_instance(self, t: Instance, /) -> Type:
        if t.type.fullname == NDARRAY and isinstance(get_proper_type(t.args[0]), TupleType):
            return self.change(t)
        return t if not t.args else super().visit_instance(t)


def map_arrays(typ: Type, change: Change) -> Type:
    """The type with every NumPy array whose rank is known replaced by what ``change`` makes of it."""
    return typ.accept(_ArrayMapper(change))


class _CallableMapper(Walk):
    def __init__(self, change: Callable[[CallableType], Type]) -> None:
        super().__init__()
        self.change = change

    def visit_callable_type(self, t: CallableType, /) -> Type:
        return self.change(t)


def map_callables(typ: Type, change: Callable[[CallableType], Type]) -> Type:
    """The type with every callable in it replaced by what ``change`` makes of it."""
    return typ.accept(_CallableMapper(change))


def mentions_dimensions(typ: Type) -> bool:
    """Whether some dimension is written in the type."""
    found: list[Instance] = []

    def note(instance: Instance) -> Type:
        found.append(instance)
        return instance

    map_shapes(typ, note)
    return bool(found)


class _OfNoSize(Walk):
    """Makes unknown what mypy infers for a size that nothing tells, in the types of what has sizes."""

    def __init__(self, *, is_size: bool = False) -> None:
        super().__init__()
        self.is_size = is_size

    def visit_instance(self, t: Instance, /) -> Type:
        has_sizes = t.type.fullname == NDARRAY or t.type.fullname.startswith(f"{PACKAGE}.")
        has_sizes = has_sizes or any(map(is_dimension, t.type.defn.type_vars))
        within = _OfNoSize(is_size=True) if has_sizes else self
        return Walk.visit_instance(within, t) if t.args else t

    def visit_uninhabited_type(self, t: UninhabitedType, /) -> Type:
        return AnyType(TypeOfAny.special_form) if self.is_size else t


def without_never(typ: Type) -> Type:
    """The type of what a call gives where sizes in it are left open: ``Stage(f)`` of an ``f`` for any sizes."""
    return typ.accept(_OfNoSize())


class _Collector(Walk):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, TypeVarLikeType] = {}

    def visit_type_var(self, t: TypeVarType, /) -> Type:
        if is_dimension(t) and not t.name.isdecimal() and "?" not in t.name:
            self.found[t.fullname] = t
        return t

    def visit_type_var_tuple(self, t: TypeVarTupleType, /) -> Type:
        if is_dimension(t) and "?" not in t.name:
            self.found[t.fullname] = t
        return t


def symbols_in(*types: Type) -> dict[str, TypeVarLikeType]:
    """The fabricated variables in the types, by full name; not numbers, and not names that a model leaves open."""
    collector = _Collector()
    for typ in types:
        typ.accept(collector)
    return collector.found


def signature_parts(signature: CallableType) -> list[Type]:
    """The types of a signature: the formals', then the result's."""
    return [*signature.arg_types, signature.ret_type]


def grouped(instance: Instance) -> list[list[Type]]:
    """The type arguments, one list a variable of the class: several for a variadic."""
    variables, args = instance.type.defn.type_vars, list(instance.args)
    spread = len(args) - len(variables) + 1
    groups: list[list[Type]] = []
    for variable in variables:
        count = spread if isinstance(variable, TypeVarTupleType) else 1
        groups.append(args[:count])
        args = args[count:]
    return groups
