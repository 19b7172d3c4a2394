"""What a file imports: whether it names the library or jaxtyping, and what mypy must have read before such a file."""

from __future__ import annotations

from collections.abc import Iterator

from mypy.nodes import Import, ImportAll, ImportFrom, MypyFile

from torchlean_mypy.syntax.names import PACKAGE
from torchlean_mypy.syntax.spelling import JAXTYPING, absolute

DTYPES = f"{PACKAGE}.dtypes"
NEEDED = (DTYPES, f"{PACKAGE}._checker")
PRIORITY = 10  # as an import at the top of the file


def needed_by(file: MypyFile) -> list[tuple[int, str, int]]:
    """What the types made by the plugin need: mypy must have analysed it before a file with shapes in it."""
    if file.fullname in NEEDED or file.fullname.startswith(f"{PACKAGE}.shapes"):
        return []
    return [(PRIORITY, module, -1) for module in NEEDED] if names_shapes(file) else []


def names_shapes(file: MypyFile) -> bool:
    """Whether a file imports the library or jaxtyping itself."""
    for statement in file.imports:
        if isinstance(statement, Import):
            sources = [name for name, _ in statement.ids]
        elif isinstance(statement, ImportFrom | ImportAll):
            sources = [file.fullname if statement.relative else statement.id]
        else:
            continue
        if any([source.partition(".")[0] in (PACKAGE, JAXTYPING) for source in sources]):
            return True
    return False


def imported(file: MypyFile) -> Iterator[str]:
    """The modules that a file imports, and what may be one."""
    for statement in file.imports:
        if isinstance(statement, Import):
            yield from (name for name, _ in statement.ids)
        elif isinstance(statement, ImportFrom | ImportAll):
            source = absolute(statement.id, statement.relative, file)
            yield source
            if isinstance(statement, ImportFrom):
                yield from (f"{source}.{name}" for name, _ in statement.names)
