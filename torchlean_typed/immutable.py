"""What packs, rows, models and losses are: objects that never change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

Self = TypeVar("Self", bound="Immutable")


class Immutable:
    """An object whose attributes are set where it is made, by ``fix``, and never again; a copy of it is itself."""

    __slots__ = ()

    if not TYPE_CHECKING:  # to a type checker, a class with __setattr__ takes any attribute

        def __setattr__(self, name: str, value: object) -> NoReturn:
            raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be set")

        def __delattr__(self, name: str) -> NoReturn:
            raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be deleted")

    def __copy__(self: Self) -> Self:
        return self

    def __deepcopy__(self: Self, memo: object) -> Self:
        return self


def fix(target: Immutable, **attributes: object) -> None:
    """Set the attributes of an object that is being made."""
    for name, value in attributes.items():
        object.__setattr__(target, name, value)
