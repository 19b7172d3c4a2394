"""A digest of everything that the plugin's results depend on, so that an upgrade does not serve stale caches."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import torchlean_mypy
import torchlean_typed.ops
import torchlean_typed.shapes


def digest(shape_stubs: Iterable[Path]) -> str:
    """The digest of the plugin, the shape rules, the operation table, and the shape stubs in the folders."""
    total = hashlib.sha256()
    for package in (torchlean_mypy, torchlean_typed.shapes, torchlean_typed.ops):
        for path in package.__path__:
            _add(total, Path(path), "*.py")
    for folder in shape_stubs:
        _add(total, folder, "*.pyi")
    return total.hexdigest()


def _add(total: hashlib._Hash, folder: Path, pattern: str) -> None:
    for file in sorted(folder.rglob(pattern)):
        total.update(str(file.relative_to(folder)).encode())
        total.update(file.read_bytes())
