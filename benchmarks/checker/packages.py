"""Large packages that know nothing of us: the plugin must say nothing of them, and cost next to nothing."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

from benchmarks.checker.running import Comparison, compared

PACKAGES = ("networkx", "sklearn", "scipy", "sympy")
# Their bodies are checked too; what they import and is not installed is nobody's business here.
FLAGS = ("--check-untyped-defs", "--ignore-missing-imports")


def measured(package: str, folder: Path, rounds: int, part: str = "") -> Comparison:
    """mypy over a copy of a package, or of a part of it, without the plugin and with it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed")
    shutil.copytree(Path(spec.origin).parent, folder / package, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    return compared(folder, rounds, *FLAGS, str(Path(package, part)))
