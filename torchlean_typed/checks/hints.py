"""From annotations to readers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Reversible, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Final, TypeVar, Union, get_args, get_origin

import numpy as np

from torchlean_typed.checks.containers import ItemsReader, TupleReader, UnionReader
from torchlean_typed.checks.readers import ArrayReader, Reader, VariableReader
from torchlean_typed.shapes.class_names import sizes_of
from torchlean_typed.shapes.dtypes import KINDS, SUPPORTED, words
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.kinds import ModelKind
from torchlean_typed.shapes.shape import ANY_SHAPE, parse_shape
from torchlean_typed.shapes.unify import flexible
from torchlean_typed.tensor import Tensor

_ITERABLE = (Iterable, Collection, Reversible)
# which type parameter of a generic class of ours is the shapes of a pack
_PACK_PARAMETER = {"TensorPack": 0, "Seq": 2}


def reader_of(hint: Any) -> Reader | None:
    """The reader for what the hint says of shapes; None where it says nothing.

    Raises:
        ShapeError: for a text that is no shape.
    """
    made = getattr(hint, "reader", None)
    if isinstance(hint, type) and made is not None and type(hint).__module__.startswith("torchlean_typed."):
        return made  # type: ignore[no-any-return]
    if isinstance(hint, type) and hint.__module__ == "jaxtyping" and hasattr(hint, "dtypes"):
        return _array(hint)
    if type(hint).__name__ == "TypeAliasType":
        return reader_of(hint.__value__)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return object_reader(arguments[0], arguments[1]) or reader_of(arguments[0])
    if origin in (ClassVar, Final):
        return reader_of(arguments[0])
    if origin in (Union, UnionType):
        return _union(arguments)
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is ...):
        items = tuple(reader_of(argument) for argument in arguments)
        return TupleReader(items, all(r is not None and r.whole for r in items)) if any(items) else None
    if isinstance(origin, type) and arguments and (origin in _ITERABLE or issubclass(origin, (Sequence, Mapping))):
        item = reader_of(arguments[-1] if issubclass(origin, Mapping) else arguments[0])
        return ItemsReader(origin, item, item.whole and issubclass(origin, Sequence)) if item is not None else None
    number = _PACK_PARAMETER.get(getattr(origin, "__name__", ""))
    if number is not None and isinstance(origin, type) and origin.__module__.startswith("torchlean_typed."):
        variable = arguments[number]
        return VariableReader(origin, variable, _model(arguments)) if isinstance(variable, TypeVar) else None
    return None


def _model(arguments: tuple[Any, ...]) -> ModelKind | None:
    """What a model takes and gives, where arrays say it."""
    takes, gives, *_ = [*map(reader_of, arguments[:2]), None, None]
    if isinstance(takes, ArrayReader) and isinstance(gives, ArrayReader):
        return ModelKind(takes.shape, gives.shape)
    return None


def object_reader(hint: Any, sizes: Any) -> Reader | None:
    """The reader for ``Annotated[State, "m"]``, where the class has sizes; they may also be shapes, one a name.

    Raises:
        ShapeError: for another number of sizes.
    """
    from torchlean_typed.checks.fields import names_of_class
    from torchlean_typed.checks.objects import ObjectReader

    cls = get_origin(hint) or hint
    if not isinstance(cls, type) or not isinstance(sizes, (str, tuple)) or not (names := names_of_class(cls)):
        return None
    said = sizes_of(cls.__name__, names, sizes) if isinstance(sizes, str) else sizes
    return ObjectReader(cls, tuple(map(flexible, said)))


def _array(hint: Any) -> Reader | None:
    if not hasattr(hint, "dim_str"):
        name = hint.__name__
        raise ShapeError(name, f'takes an array type and a shape, as in {name}[Tensor, "b 3"]')
    ours = hint.array_type in (Tensor, np.ndarray)
    try:
        shape = flexible(parse_shape(hint.dim_str, hint.dtype.__name__))
    except ShapeError:
        if hint.array_type is Tensor:
            raise
        return None  # jaxtyping knows more forms than Tensor has: they are its own to check
    dtypes = hint.dtypes if isinstance(hint.dtypes, (tuple, list)) else None
    if hint.array_type is Any or not isinstance(hint.array_type, type):
        return None
    if dtypes is None:  # Shaped: any
        return ArrayReader(hint.array_type, shape, None, "any dtype", ours)
    named = ours and all(isinstance(dtype, str) for dtype in dtypes)
    names = tuple(dtype for dtype in dtypes if dtype in SUPPORTED) or tuple(map(str, dtypes))
    return ArrayReader(hint.array_type, shape, names if named else None, _dtype_name(names), named)


def _bare(hint: Any) -> Reader | None:
    """The reader for an array of any shape beside one that has one, as in ``Float64[Tensor, "n"] | Tensor``."""
    return ArrayReader(hint, ANY_SHAPE, None, "any dtype", True) if hint in (Tensor, np.ndarray) else None


def _dtype_name(names: tuple[str, ...]) -> str:
    for kind, members in KINDS.items():
        if set(members) == set(names):
            return words(kind)
    return " or ".join(names)


def _union(arguments: tuple[Any, ...]) -> Reader | None:
    rest = [argument for argument in arguments if argument is not NoneType]
    readers = [reader for argument in rest if (reader := reader_of(argument) or _bare(argument)) is not None]
    if not any(map(reader_of, rest)):  # nothing to check
        return None
    whole = len(readers) == len(rest) and all(reader.whole for reader in readers)
    return UnionReader(tuple(readers), len(rest) < len(arguments), whole)
