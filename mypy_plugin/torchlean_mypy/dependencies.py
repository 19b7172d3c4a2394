"""What a file imports: whether shapes can occur in it, and what the types made by the plugin need besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mypy.nodes import Import, ImportAll, ImportFrom, MypyFile, TypeAlias

from torchlean_mypy.names import PACKAGE
from torchlean_mypy.spelling import JAXTYPING, absolute
from torchlean_mypy.walk import mentions_dimensions

NEEDED = (f"{PACKAGE}.dtypes", f"{PACKAGE}._checker")
PRIORITY = 10  # as an import at the top of the file


def needed_by(file: MypyFile) -> list[tuple[int, str, int]]:
    """What mypy must have analysed before a file with shapes in it; asked when a file is read."""
    _known.clear()
    if file.fullname in NEEDED or file.fullname.startswith(f"{PACKAGE}.shapes"):
        return []
    return [(PRIORITY, module, -1) for module in NEEDED] if _names_shapes(file) else []


_known: dict[str, bool] = {}  # by module: asked at every call


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
        if _known.get(other.fullname) or _names_shapes(other) or (other.is_cache_skeleton and _has_aliases(other)):
            return True
        found = {name for name in _imported(other) if name in modules and _known.get(name) is not False} - seen
        seen |= found
        waiting += [modules[name] for name in found]
    _known.update(dict.fromkeys(seen, False))
    return False


def _names_shapes(file: MypyFile) -> bool:
    return any(name.partition(".")[0] in (PACKAGE, JAXTYPING) for name in _imported(file))


def _has_aliases(file: MypyFile) -> bool:
    """Of a module from mypy's cache, which keeps no imports: whether it has an alias of a shape."""
    nodes = [symbol.node for symbol in file.names.values()]
    return any(isinstance(node, TypeAlias) and mentions_dimensions(node.target) for node in nodes)


def _imported(file: MypyFile) -> Iterator[str]:
    """The modules that a file imports, and what may be one."""
    for statement in file.imports:
        if isinstance(statement, Import):
            yield from (name for name, _ in statement.ids)
        elif isinstance(statement, ImportFrom | ImportAll):
            source = absolute(statement.id, statement.relative, file)
            yield source
            if isinstance(statement, ImportFrom):
                yield from (f"{source}.{name}" for name, _ in statement.names)
