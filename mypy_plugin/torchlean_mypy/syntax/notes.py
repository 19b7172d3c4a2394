"""What is noted of a file while mypy works on it; that is over when mypy reads the file again, as its daemon does."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, ClassVar, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Notes(Generic[Key, Value]):
    """Notes of one kind: for each file a dictionary."""

    kinds: ClassVar[list[Notes[Any, Any]]] = []

    def __init__(self) -> None:
        self._files: dict[str, dict[Key, Value]] = {}
        self.kinds.append(self)

    def __contains__(self, file: str) -> bool:
        return file in self._files

    def __getitem__(self, file: str) -> dict[Key, Value]:
        return self._files.setdefault(file, {})

    def begin(self, file: str) -> None:
        """Have the file be among those of which there are notes."""
        self._files.setdefault(file, {})

    def clear(self, file: str) -> None:
        """Forget what is noted of a file."""
        self._files.pop(file, None)


def forget(file: str) -> None:
    """Forget all that is noted of a file."""
    for notes in Notes.kinds:
        notes.clear(file)
