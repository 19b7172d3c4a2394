"""Readers of values that hold annotated values: tuples, lists, mappings, alternatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torchlean_typed.checks.readers import Names, Reader, Statements, union, wrong_type
from torchlean_typed.checks.words import a, found
from torchlean_typed.shapes.errors import ShapeError


@dataclass(frozen=True)
class TupleReader(Reader):
    """``tuple[A, B]``; ``items`` has one reader a place, None where there is nothing to read."""

    items: tuple[Reader | None, ...]
    whole: bool

    def names(self) -> Names:
        return union(*(item.names() for item in self.items if item))

    def written(self) -> list[str]:
        return [name for item in self.items if item for name in item.written()]

    def takes(self, value: Any) -> bool:
        return isinstance(value, tuple) and len(value) == len(self.items)

    def facts(self, value: Any) -> Any:
        if not isinstance(value, tuple) or len(value) != len(self.items):
            return type(value), len(value) if isinstance(value, tuple) else 0
        return tuple([None if r is None else r.facts(item) for r, item in zip(self.items, value, strict=True)])

    def state(self, to: Statements, value: Any, place: str) -> None:
        if not isinstance(value, tuple):
            raise wrong_type(to.unifier.op, value, f"a tuple of {len(self.items)}", place)
        if len(value) != len(self.items):
            items = "item" if len(value) == 1 else "items"
            problem = f"{place} has {len(value)} {items}, expected {len(self.items)}"
            raise ShapeError(to.unifier.op, problem, expected=len(self.items), got=len(value))
        for index, (reader, item) in enumerate(zip(self.items, value, strict=True)):
            if reader is not None:
                reader.state(to, item, f"item {index} of {place}")


@dataclass(frozen=True)
class ItemsReader(Reader):
    """``list[A]``, ``tuple[A, ...]``, ``dict[str, A]``: every item is read."""

    base: type[Any]
    item: Reader
    whole: bool

    def names(self) -> Names:
        return self.item.names()

    def written(self) -> list[str]:
        return self.item.written()

    def takes(self, value: Any) -> bool:
        return isinstance(value, self.base)

    def facts(self, value: Any) -> Any:
        if not self.takes(value):
            return type(value)
        return tuple([(key, self.item.facts(item)) for key, item in _pairs(value)])

    def state(self, to: Statements, value: Any, place: str) -> None:
        if not self.takes(value):
            raise wrong_type(to.unifier.op, value, a(self.base.__name__), place)
        for key, item in _pairs(value):
            self.item.state(to, item, f"item {found(key)} of {place}")


def _pairs(value: Any) -> list[tuple[Any, Any]]:
    """The items of a value under their keys or numbers; none of an iterator, which reading would use up."""
    if isinstance(value, Mapping):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, Sequence) else []


@dataclass(frozen=True)
class UnionReader(Reader):
    """``A | B``: the first that the value fits; what has no shapes is left to beartype."""

    alternatives: tuple[Reader, ...]
    optional: bool
    whole: bool

    def names(self) -> Names:
        return union(*(reader.names() for reader in self.alternatives))

    def written(self) -> list[str]:
        return [name for reader in self.alternatives for name in reader.written()]

    def takes(self, value: Any) -> bool:
        return (value is None and self.optional) or any(reader.takes(value) for reader in self.alternatives)

    def facts(self, value: Any) -> Any:
        return None if value is None else tuple([reader.facts(value) for reader in self.alternatives])

    def state(self, to: Statements, value: Any, place: str) -> None:
        meant = [reader for reader in self.alternatives if reader.takes(value)]
        if (value is None and self.optional) or not (meant or self.whole):
            return
        *firsts, last = meant or self.alternatives
        for reader in firsts:
            attempt = to.resumed(to.unifier.op)
            try:
                reader.state(attempt, value, place)
                attempt.unifier.solve()
            except ShapeError:
                continue
            reader.state(to, value, place)
            return
        last.state(to, value, place)
