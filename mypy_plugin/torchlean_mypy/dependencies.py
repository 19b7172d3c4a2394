"""Modules that the types made by the plugin need, and that a file which does not import them gets all the same."""

from __future__ import annotations

from collections.abc import Iterator

from mypy.nodes import Import, ImportAll, ImportFrom, MypyFile

from torchlean_mypy.names import PACKAGE

NEEDED = (f"{PACKAGE}.dtypes", f"{PACKAGE}._checker")
PRIORITY = 10  # as an import at the top of the file


def needed_by(file: MypyFile) -> list[tuple[int, str, int]]:
    """What mypy must have analysed before a file with shapes in it."""
    if file.fullname in NEEDED or file.fullname.startswith(f"{PACKAGE}.shapes"):
        return []
    imported = {name.partition(".")[0] for name in _imported(file)}
    return [(PRIORITY, module, -1) for module in NEEDED] if imported & {PACKAGE, "jaxtyping"} else []


def _imported(file: MypyFile) -> Iterator[str]:
    for statement in file.imports:
        if isinstance(statement, Import):
            yield from (name for name, _ in statement.ids)
        elif isinstance(statement, ImportFrom | ImportAll):
            yield file.fullname if statement.relative else statement.id
