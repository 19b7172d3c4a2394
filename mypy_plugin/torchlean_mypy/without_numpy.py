"""Importing the operation table without NumPy: the checker runs no kernel, and nothing takes longer to import."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """NumPy to the modules that import it meanwhile: it is imported when one of them uses it."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@contextmanager
def without_numpy() -> Iterator[None]:
    """What is imported in this context does not import NumPy with it, unless it uses it at once."""
    later = _Later("numpy")
    sys.modules.setdefault("numpy", later)
    try:
        yield
    finally:
        if sys.modules.get("numpy") is later:
            del sys.modules["numpy"]
