"""The reader of an object whose class has sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torchlean_typed.checks.fields import facts_of, fields_of, names_of_class, state_fields
from torchlean_typed.checks.readers import Names, Reader, Statements, union
from torchlean_typed.shapes.class_names import match_sizes, sorted_names
from torchlean_typed.shapes.dim import UNKNOWN
from torchlean_typed.shapes.shape import ANY_SHAPE, Shape, shape_names
from torchlean_typed.shapes.unify import Unifier


@dataclass(frozen=True)
class ObjectReader(Reader):
    """An object of a class with sizes: ``Annotated[State, "m"]``. That it is of the class is left to beartype."""

    cls: Any
    sizes: tuple[Shape, ...]
    whole: bool = False

    def names(self) -> Names:
        return union(*map(shape_names, self.sizes))

    def written(self) -> list[str]:
        return [name for size in self.sizes for name in sorted_names(size)]

    def takes(self, value: Any) -> bool:
        return isinstance(value, self.cls)

    def facts(self, value: Any) -> Any:
        return type(value), facts_of(fields_of(self.cls), value) if self.takes(value) else None

    def state(self, to: Statements, value: Any, place: str) -> None:
        if not self.takes(value):
            return
        own = Statements(Unifier(to.unifier.op))
        state_fields(own, fields_of(self.cls), value, place)
        solved, found = own.unifier.solve(), list[Shape]()
        for name in names_of_class(self.cls):
            size = solved.get(f"*?{name[1:]}" if name.startswith("*") else f"?{name}")
            found.append(
                size
                if isinstance(size, tuple)
                else ANY_SHAPE
                if name.startswith("*")
                else (UNKNOWN if size is None else size,)
            )
        match_sizes(to.unifier, names_of_class(self.cls), self.sizes, found, place)
