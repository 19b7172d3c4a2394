"""The shapes in a type, however deep: those of a list's items, of a tuple's, of an iterator's; a function has none."""

from __future__ import annotations

from collections.abc import Iterator

from mypy.types import (
    AnyType,
    Instance,
    NoneType,
    ProperType,
    TupleType,
    Type,
    TypeAliasType,
    TypedDictType,
    TypeOfAny,
    UnionType,
    get_proper_type,
)

from torchlean_mypy.syntax.names import PACK, PACKAGE
from torchlean_mypy.types.class_arguments import bindings_of, is_of_error, sized
from torchlean_mypy.types.convert import is_dimension, shape_of
from torchlean_mypy.types.kinds import instance_of, pack_kind
from torchlean_mypy.types.walk import mentions_dimensions
from torchlean_typed.shapes.dim import Unknown
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, is_known

FUNCTIONS = ("functools.partial", "functools._lru_cache_wrapper")


def shapes_in(typ: Type | None) -> Iterator[Shape]:
    """The shapes of the tensors, arrays and packs in a type; of a pack of which nothing is known, any shape."""
    if typ is None or (isinstance(typ, TypeAliasType) and typ.is_recursive):
        return
    proper = get_proper_type(typ)
    if instance_of(proper, PACK) is not None and not isinstance(proper, UnionType):
        kind = pack_kind(proper)
        yield from (ANY_SHAPE,) if kind is None else kind.shapes
    elif (shape := shape_of(proper)) is not None:
        yield shape
    else:
        for part in _parts(proper):
            yield from shapes_in(part)


def _parts(proper: ProperType) -> Iterator[Type]:
    match proper:
        case Instance() if proper.type.fullname not in FUNCTIONS:
            yield from proper.args
        case TupleType() if any(map(is_dimension, proper.partial_fallback.type.defn.type_vars)):
            return  # a class of the user's, of which its sizes tell
        case TupleType() | UnionType():
            yield from proper.items
        case TypedDictType():
            yield from proper.items.values()


def alternatives_in(typ: Type | None) -> list[Type]:
    """What a value may be, if that is several things, of which one at least has a shape."""
    proper = get_proper_type(typ)
    items = proper.items if isinstance(proper, UnionType) else []
    things = [item for item in items if not isinstance(get_proper_type(item), NoneType)]
    return items if len(things) > 1 and any(map(mentions_dimensions, things)) else []


def has_shapes(typ: Type | None) -> bool:
    """Whether there is a tensor, an array or a pack in the type."""
    return any(True for _ in shapes_in(typ))


def loses(typ: Type | None) -> bool:
    """Whether some shape in the type is not known whole."""
    return not all(map(is_known, shapes_in(typ)))


def knows(typ: Type | None) -> bool:
    """Whether some shape in the type is known whole, or it is an object whose class has sizes, which are known."""
    return any(map(is_known, shapes_in(typ))) or (bool(_sized(typ)) and not sizes_unsaid(typ)[1])


def is_whole(typ: Type | None) -> bool:
    """Whether this is a tensor, an array, a pack or an object with sizes, rather than what holds some, and known."""
    is_one = shape_of(typ) is not None or instance_of(typ, PACK) is not None or bool(_sized(typ))
    return is_one and knows(typ) and not loses(typ)


def may_be_known(typ: Type | None) -> bool:
    """Whether this has one of several shapes, some known and some not, as what a loop binds again."""
    proper = get_proper_type(typ) if typ is not None else None
    return isinstance(proper, UnionType) and any(knows(item) and not loses(item) for item in proper.items)


def is_lost(typ: Type | None) -> bool:
    """Whether the type is or may be Any, and not for an error that was reported."""
    proper = get_proper_type(typ) if typ is not None else None
    if isinstance(proper, UnionType):
        return any(map(is_lost, proper.items))
    return isinstance(proper, AnyType) and proper.type_of_any != TypeOfAny.from_error


def has_lost_items(typ: Type | None) -> bool:
    """Whether this is a list of what is Any, or the like."""
    proper = get_proper_type(typ) if typ is not None else None
    return isinstance(proper, Instance) and any(map(is_lost, proper.args)) and not has_shapes(proper)


def sizes_unsaid(typ: Type | None) -> tuple[str, list[str]]:
    """The name of a class of the user's, and those of its sizes of which the type says nothing."""
    for found in _sized(typ):
        unsaid = [key for key, value in bindings_of(found).items() if isinstance(value, Unknown) or value == ANY_SHAPE]
        if unsaid:
            return found.type.name, [key.replace("?", "") for key in unsaid]
    return "", []


def _sized(typ: Type | None) -> list[Instance]:
    """The type as that of an object of a class of the user's that has sizes; of a union, each that it may be.

    What a refused call gives is none: all is said.
    """
    proper = get_proper_type(typ)
    items = proper.items if isinstance(proper, UnionType) else [typ]
    found = [instance for instance in map(sized, items) if instance is not None]
    return [one for one in found if not one.type.fullname.startswith(f"{PACKAGE}.") and not is_of_error(one)]
