"""The sizes of an object: the names in the annotations of a class's fields are its objects' own."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, get_type_hints

from torchlean_typed.checks.hints import reader_of
from torchlean_typed.checks.readers import Reader, Statements
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.unify import plain

Fields = tuple[tuple[str, Reader], ...]
_MISSING = object()


@lru_cache(maxsize=1024)
def fields_of(cls: type) -> Fields:
    """The class's fields that have shapes, with their readers; those of its bases first."""
    found: dict[str, Reader] = {}
    for base in reversed(cls.__mro__):
        found |= _readers(inspect.get_annotations(base), base)
    return tuple(found.items())


def _readers(annotations: Mapping[str, Any], cls: type) -> dict[str, Reader]:
    """The readers of the annotations in a class that have shapes."""
    module, found = vars(sys.modules.get(cls.__module__, SimpleNamespace())), {}
    for name, annotation in annotations.items():
        holder = type(cls.__name__, (), {"__annotations__": {name: annotation}})  # only a class may say ClassVar
        try:
            hint = get_type_hints(holder, dict(module), dict(vars(cls)), include_extras=True)[name]
        except ShapeError:
            raise
        except (AttributeError, NameError, SyntaxError, TypeError):
            continue  # what only a type checker can read
        reader = reader_of(hint)
        if reader is not None:
            found[name] = reader
    return found


@lru_cache(maxsize=1024)
def names_of_class(cls: type) -> tuple[str, ...]:
    """The names of a class's sizes in order: a variadic, and those of its bases, first. A TypedDict has none."""
    if hasattr(cls, "__total__"):  # a TypedDict, of which nothing is an instance
        return ()
    found: dict[str, None] = {}
    for base in reversed(cls.__mro__):
        constructor = vars(base).get("__init__")
        parameters = inspect.get_annotations(constructor) if inspect.isfunction(constructor) else {}
        for declared in (inspect.get_annotations(base), parameters):
            for reader in _readers(declared, base).values():
                found |= dict.fromkeys(plain(name) for name in reader.written())
    variadics = [name for name in found if name.startswith("*")]
    return (*variadics[:1], *(name for name in found if name not in variadics))


def facts_of(fields: Fields, instance: object) -> tuple[Any, ...]:
    """What the check of the fields depends on."""
    values = [(reader, getattr(instance, name, _MISSING)) for name, reader in fields]
    return tuple([None if value is _MISSING else reader.facts(value) for reader, value in values])


def state_fields(to: Statements, fields: Fields, instance: object, place: str = "self") -> None:
    """Say what the fields say; one that is not set yet says nothing."""
    for name, reader in fields:
        value = getattr(instance, name, _MISSING)
        if value is not _MISSING:
            reader.state(to, value, f"{place}.{name}")
