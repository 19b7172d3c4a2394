"""Whether shapes can occur in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mypy.nodes import MypyFile, TypeAlias

from torchlean_mypy.syntax.imports import imported, names_shapes
from torchlean_mypy.types.walk import mentions_dimensions

_known: dict[str, bool] = {}  # by module: asked at every call


def forget() -> None:
    """Forget what is known: a file has been read, and may import something else than before."""
    _known.clear()


def in_file_with_shapes(api: Any) -> bool:
    """Whether the file that a checker is in may have shapes."""
    tree = getattr(api, "tree", None)
    return isinstance(tree, MypyFile) and may_have_shapes(tree, api.modules)


def may_have_shapes(file: MypyFile, modules: Mapping[str, MypyFile]) -> bool:
    """Whether a file imports the library or jaxtyping, itself or through others, whose aliases it may use."""
    known = _known.get(file.fullname)
    if known is None:
        known = _known[file.fullname] = _reaches_shapes(file, modules)
    return known


def _reaches_shapes(file: MypyFile, modules: Mapping[str, MypyFile]) -> bool:
    seen, waiting = {file.fullname}, [file]
    while waiting:
        other = waiting.pop()
        if _known.get(other.fullname) or names_shapes(other) or (other.is_cache_skeleton and _has_aliases(other)):
            return True
        found = {name for name in imported(other) if name in modules and _known.get(name) is not False} - seen
        seen |= found
        waiting += [modules[name] for name in found]
    _known.update(dict.fromkeys(seen, False))
    return False


def _has_aliases(file: MypyFile) -> bool:
    """Of a module from mypy's cache, which keeps no imports: whether it has an alias of a shape."""
    nodes = [symbol.node for symbol in file.names.values()]
    return any(isinstance(node, TypeAlias) and mentions_dimensions(node.target) for node in nodes)
