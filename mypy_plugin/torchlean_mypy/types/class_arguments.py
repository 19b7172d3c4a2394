"""The sizes of a class as the type arguments of its instances."""

from __future__ import annotations

from collections.abc import Sequence

from mypy.expandtype import expand_type
from mypy.nodes import TypeInfo
from mypy.types import (
    AnyType,
    Instance,
    ProperType,
    TupleType,
    Type,
    TypeOfAny,
    TypeVarTupleType,
    TypeVarType,
    UnpackType,
    get_proper_type,
)

from torchlean_mypy.types.convert import Types, is_dimension, shape_from
from torchlean_mypy.types.erase import instantiated
from torchlean_mypy.types.generalise import class_names, names_in
from torchlean_mypy.types.walk import grouped, map_shapes
from torchlean_typed.shapes.dim import UNKNOWN, Dimension, Unknown
from torchlean_typed.shapes.shape import ANY_SHAPE, Axis, Bindings, Shape, Variadic, shape_names

# what "_" stands for in ``Annotated[State, "_"]``: a size that the annotation leaves open, and says so
UNNAMED = TypeOfAny.implementation_artifact


def behind_tuple(typ: Type | None) -> ProperType | None:
    """The type; of a NamedTuple, the instance that is behind its tuple."""
    proper = get_proper_type(typ)
    return proper.partial_fallback if isinstance(proper, TupleType) else proper


def sized(typ: Type | None) -> Instance | None:
    """The instance of a class with sizes that a type is."""
    proper = get_proper_type(typ)
    if isinstance(proper, TypeVarType) and not is_dimension(proper):  # Self
        proper = get_proper_type(proper.upper_bound)
    proper = behind_tuple(proper)
    has_sizes = isinstance(proper, Instance) and any(map(is_dimension, proper.type.defn.type_vars))
    return proper if has_sizes and isinstance(proper, Instance) else None


def of_error(typ: Type) -> Type:
    """The type of what a refused call gives: an object of sizes that are not known for a reason that was told."""
    found, proper = sized(typ), get_proper_type(typ)
    if found is None:
        return typ
    told = AnyType(TypeOfAny.from_error)
    marked = found.copy_modified(
        args=[told if isinstance(get_proper_type(arg), AnyType) else arg for arg in found.args]
    )
    return proper.copy_modified(fallback=marked) if isinstance(proper, TupleType) else marked


def is_of_error(instance: Instance) -> bool:
    """Whether an error was told of the call that gave the object."""
    args = map(get_proper_type, instance.args)
    return any(isinstance(arg, AnyType) and arg.type_of_any == TypeOfAny.from_error for arg in args)


def with_own_names(instance: Instance) -> Instance:
    """The instance with the class's own names in place of its sizes."""
    groups = zip(instance.type.defn.type_vars, grouped(instance), strict=True)
    args = [[Types.argument_of(variable)] if is_dimension(variable) else old for variable, old in groups]
    return instance.copy_modified(args=[arg for group in args for arg in group])


def sizes_in(instance: Instance) -> tuple[list[str], list[Shape]]:
    """The names of the class, and the sizes that an instance's type arguments give them."""
    groups = zip(instance.type.defn.type_vars, grouped(instance), strict=True)
    found = {str(shape_from([Types.argument_of(v)])[0]): shape_from(args) for v, args in groups if is_dimension(v)}
    return list(found), list(found.values())


def bindings_of(instance: Instance) -> Bindings:
    """What an instance's type arguments say of the class's names (``?n``)."""
    values: dict[str, Dimension | Shape] = {}
    for name, size in zip(*sizes_in(instance), strict=True):
        (first, *_) = (*size, UNKNOWN)
        if name.startswith("*") or isinstance(first, Variadic):
            values[f"*?{name[1:]}"] = size
        else:
            values[f"?{name}"] = first
    return values


def with_sizes(instance: Instance, sizes: Sequence[Shape | None], types: Types) -> Instance | TupleType:
    """The type with other sizes, one or several a variable of the class; where that is None, as it is."""
    args: list[Type] = []
    for size, old in zip(sizes, grouped(instance), strict=True):
        args += old if size is None else [_argument(axis, types) for axis in size]
    new = instance.copy_modified(args=args)
    fields = instance.type.tuple_type
    if fields is None:
        return new
    whole = fields.copy_modified(fallback=with_own_names(fields.partial_fallback))
    made = get_proper_type(instantiated(whole, class_names(instance.type), bindings_of(new), types))
    assert isinstance(made, TupleType)
    variables = zip(instance.type.defn.type_vars, grouped(new), strict=True)
    plain = {variable.id: arg[0] for variable, arg in variables if not is_dimension(variable)}
    items = [expand_type(item, plain) for item in made.items]
    return made.copy_modified(items=items, fallback=new)


def without_expressions(typ: Type, info: TypeInfo, types: Types) -> Type:
    """A type with what is not known for ``2*n`` and its like over the class's names, into which mypy puts no sizes."""
    own = class_names(info)
    return map_shapes(typ, lambda instance: _without_expressions(instance, own, types))


def _without_expressions(instance: Instance, own: frozenset[str], types: Types) -> Type:
    args = [types.dimension(UNKNOWN) if _is_expression(arg, own) else arg for arg in instance.args]
    return instance.copy_modified(args=args)


def _is_expression(arg: Type, own: frozenset[str]) -> bool:
    variable = get_proper_type(arg)
    return isinstance(variable, TypeVarType) and variable.name not in own and bool(names_in(variable) & own)


def _argument(axis: Axis, types: Types) -> Type:
    """The type argument for a size that is said; one that is said to be any is told from one that is not said."""
    if isinstance(axis, Unknown):
        return AnyType(UNNAMED)
    if isinstance(axis, Variadic) and axis.name is None:
        return UnpackType(types.named("builtins.tuple", [AnyType(UNNAMED)]))
    return types.axis(axis)


def is_by_name(instance: Instance) -> bool:
    """Whether a type mentions the class alone: it says nothing of its sizes, or we have put in its own names."""
    groups = zip(instance.type.defn.type_vars, grouped(instance), strict=True)
    return all(
        args == [Types.argument_of(variable)] or (args != [] and all(map(_is_omitted, args)))
        for variable, args in groups
        if is_dimension(variable)
    )


def with_names(instance: Instance, names: frozenset[str], types: Types) -> Type:
    """The type with these of the class's own names; the instance itself where there are none."""
    if not names:
        return instance
    axes = [shape_from([Types.argument_of(v)]) if is_dimension(v) else None for v in instance.type.defn.type_vars]
    return with_sizes(instance, [a if a is not None and shape_names(a) <= names else None for a in axes], types)


def without_sizes(instance: Instance, types: Types) -> Type:
    """The type with no size of the class known."""
    sizes = [ANY_SHAPE if isinstance(v, TypeVarTupleType) else (UNKNOWN,) for v in instance.type.defn.type_vars]
    variables = zip(instance.type.defn.type_vars, sizes, strict=True)
    return with_sizes(instance, [size if is_dimension(variable) else None for variable, size in variables], types)


def _is_omitted(arg: Type) -> bool:
    proper = get_proper_type(arg)
    inner = get_proper_type(proper.type) if isinstance(proper, UnpackType) else proper
    if isinstance(inner, Instance) and inner.args:
        inner = get_proper_type(inner.args[0])
    return isinstance(inner, AnyType) and inner.type_of_any != UNNAMED
