"""Large packages that know nothing of us: the plugin must say nothing of them, and cost next to nothing."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

from benchmarks.checker.running import Comparison, compared

PACKAGES = ("networkx", "scipy/interpolate", "sklearn/linear_model", "sympy/polys")
# Their bodies are checked too; what they import and is not installed is nobody's business here.
FLAGS = ("--check-untyped-defs", "--ignore-missing-imports")


def source_of(package: str) -> Path | None:
    """The folder of a package, or of a part of it, ``scipy/stats``; None where it is not installed."""
    name, *parts = package.split("/")
    spec = find_spec(name)
    source = Path(spec.origin).parent.joinpath(*parts) if spec is not None and spec.origin is not None else None
    return source if source is not None and source.is_dir() else None


def measured(source: Path, folder: Path, rounds: int) -> Comparison:
    """mypy over a copy of a package, without the plugin and with it."""
    shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    return compared(folder, rounds, *FLAGS, source.name)
