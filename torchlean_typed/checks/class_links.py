"""``def step(s: State) -> State``: the size names of a class that a signature mentions, as names of the signature."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import Parameter, Signature
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import numpy as np

from torchlean_typed.checks.boundary import takes_self
from torchlean_typed.checks.fields import names_of_class
from torchlean_typed.checks.hints import reader_of
from torchlean_typed.shapes.class_names import LAYER_METHODS, UNLINKED, Mention, Names, shared_names
from torchlean_typed.shapes.dim import UNKNOWN, symbol
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, Variadic
from torchlean_typed.shapes.unify import plain

REPEATED = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
COUNTS = (int, slice, range, np.ndarray)
Hints = dict[str, Any]


def linked(
    function: Callable[..., Any], signature: Signature, hints: Hints, arguments: tuple[Any, ...]
) -> Hints | None:
    """The hints, the result's as ``return``, where a class whose names are the signature's says them.

    None of a method that is not called yet, as its class is not there.
    """
    if function.__name__ in UNLINKED or not any(map(_mentioned, hints.values())):
        return dict(hints)
    is_method = takes_self(signature)
    if is_method and not arguments:
        return None
    owner = _defined_in(function, arguments[0]) if is_method else None
    selves = [_mention(owner)] if owner is not None and names_of_class(owner) else []
    kinds = {name: parameter.kind for name, parameter in signature.parameters.items()}
    taken = {name: hint for name, hint in hints.items() if name != "return"}
    mentions = [_mention(cls, kinds[name] in REPEATED) for name, hint in taken.items() for cls in _mentioned(hint)]
    given = {name: hint for name, hint in hints.items() if name == "return"}
    results = [_mention(cls) for hint in given.values() for cls in _mentioned(hint)]
    counted = any(map(_counts, taken.values()))
    shared, returned = shared_names(
        [*selves, *mentions], results, _names(taken.values()), _names(given.values()), counted
    )
    names = iter([*shared[len(selves) :], *returned])
    return {
        name: _mapped(hint, lambda one, cls: _named(one, cls, next(names))) for name, hint in {**taken, **given}.items()
    }


def _defined_in(function: Callable[..., Any], instance: object) -> type | None:
    """The class that a method of an object is defined in."""
    outer = function.__qualname__.rpartition(".")[0]
    classes = () if isinstance(instance, type) else type(instance).__mro__
    return next((cls for cls in classes if (cls.__module__, cls.__qualname__) == (function.__module__, outer)), None)


def _counts(hint: Any) -> bool:
    """Whether a parameter with this hint may say a size: an int, a slice, several of them, a NumPy array."""
    return get_origin(hint) in COUNTS or hint in COUNTS or any(map(_counts, get_args(hint)))


def _names(hints: Iterable[Any]) -> Names:
    """The names in the hints, but for those of the classes that they mention by name."""
    loose = [_mapped(hint, lambda one, cls: cls) for hint in hints]
    readers = [reader for hint in loose if (reader := reader_of(hint)) is not None]
    return frozenset(plain(name) for reader in readers for name in reader.names())


def _mentioned(hint: Any) -> list[type]:
    """The classes with sizes that a hint mentions by name: alone, in a union or in a tuple."""
    found: list[type] = []
    _mapped(hint, lambda one, cls: found.append(cls))
    return found


def _mapped(hint: Any, change: Callable[[Any, type], Any]) -> Any:
    """The hint with what it mentions, which is of a class, changed."""
    origin, arguments = get_origin(hint), get_args(hint)
    bare = arguments[0] if origin is Annotated else hint
    cls = get_origin(bare) or bare
    if isinstance(cls, type) and not hasattr(cls, "reader") and (names := names_of_class(cls)):
        by_name = bare is hint or " ".join(names) == arguments[1]
        return change(hint, cls) if by_name else hint
    if origin in (Union, UnionType):
        parts = tuple(_mapped(part, change) for part in arguments)
        return Union[parts]  # noqa: UP007 (made here, not written)
    if origin is tuple and Ellipsis not in arguments:
        return tuple.__class_getitem__(tuple(_mapped(part, change) for part in arguments))
    return hint


def _named(hint: Any, cls: type, known: Names) -> Any:
    """The hint of a class with those of its names that are known."""
    if get_origin(hint) is Annotated or not known:
        return hint
    return Annotated[hint, tuple(_size(name, known) for name in names_of_class(cls))]


def _size(name: str, known: Names) -> Shape:
    if name.startswith("*"):
        return (Variadic(name[1:]),) if name in known else ANY_SHAPE
    return (symbol(name) if name in known else UNKNOWN,)


def _mention(cls: type, is_repeated: bool = False) -> Mention:
    lineage = frozenset(base for base in cls.__mro__ if names_of_class(base))
    is_layer = any(method in vars(base) for base in cls.__mro__ for method in LAYER_METHODS)
    return Mention(frozenset(names_of_class(cls)), lineage, is_layer, is_repeated)
