"""The sizes of an object: the names in the annotations of a class's fields are its objects' own."""

from __future__ import annotations

import inspect
import sys
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, get_type_hints

from torchlean_typed.checks.hints import reader_of
from torchlean_typed.checks.readers import Reader, Statements

Fields = tuple[tuple[str, Reader], ...]
_MISSING = object()


@lru_cache(maxsize=1024)
def fields_of(cls: type) -> Fields:
    """The class's fields that have shapes, with their readers; those of its bases first."""
    found: dict[str, Reader] = {}
    for base in reversed(cls.__mro__):
        module = vars(sys.modules.get(base.__module__, SimpleNamespace()))
        for name, annotation in inspect.get_annotations(base).items():
            holder: Any = SimpleNamespace(__annotations__={name: annotation})
            try:
                hint = get_type_hints(holder, dict(module), dict(vars(base)), include_extras=True)[name]
            except NameError:
                continue  # a name that only a type checker knows
            reader = reader_of(hint)
            if reader is not None:
                found[name] = reader
    return tuple(found.items())


def facts_of(fields: Fields, instance: object) -> tuple[Any, ...]:
    """What the check of the fields depends on."""
    values = [(reader, getattr(instance, name, _MISSING)) for name, reader in fields]
    return tuple([None if value is _MISSING else reader.facts(value) for reader, value in values])


def state_fields(to: Statements, fields: Fields, instance: object) -> None:
    """Say what the fields say; one that is not set yet says nothing."""
    for name, reader in fields:
        value = getattr(instance, name, _MISSING)
        if value is not _MISSING:
            reader.state(to, value, f"self.{name}")
