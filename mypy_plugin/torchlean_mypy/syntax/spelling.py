"""Which jaxtyping class an annotation names: found through imports, as mypy sees one ``Annotated`` for all."""

from __future__ import annotations

from typing import ClassVar

from mypy.nodes import Import, ImportAll, ImportFrom, MypyFile

JAXTYPING = "jaxtyping"
DIM_HOMES = ("torchlean_typed", "torchlean_typed.sizes")

# jaxtyping's dtype classes, as the classes of torchlean_typed.dtypes; None: any dtype, or one that Tensor does not have
MARKERS: dict[str, str | None] = {
    **dict.fromkeys(["Float", "Inexact"], "floating"),
    "Int": "signed_integer",
    "UInt": "unsigned_integer",
    "Integer": "integer",
    **dict.fromkeys(["Num", "Real"], "number"),
    **{f"Float{bits}": f"float{bits}" for bits in (16, 32, 64)},
    **{f"Int{bits}": f"int{bits}" for bits in (8, 16, 32, 64)},
    **{f"UInt{bits}": f"uint{bits}" for bits in (8, 16, 32, 64)},
    "Bool": "bool",
    **dict.fromkeys(["Shaped", "Key", "BFloat16", "Complex", "Complex64", "Complex128"], None),
    **dict.fromkeys(["Int2", "Int4", "UInt2", "UInt4"], None),
    **dict.fromkeys(["Float8e4m3b11fnuz", "Float8e4m3fn", "Float8e4m3fnuz", "Float8e5m2", "Float8e5m2fnuz"], None),
}


def jaxtyping_name(spelled: str, module: MypyFile | None, modules: dict[str, MypyFile]) -> str | None:
    """The jaxtyping class that ``spelled`` (``Float64``, ``jt.Float64``, another name of it) is in a module."""
    name = _found(spelled, module, modules)
    return name if name in MARKERS else None


def is_dim(spelled: str, module: MypyFile | None, modules: dict[str, MypyFile]) -> bool:
    """Whether ``spelled`` is torchlean_typed's Dim, which is a ``Literal`` to mypy."""
    return _found(spelled, module, modules) == "Dim"


class _Current:
    """The module that is being analysed, and what was found in it: a spelling is looked for again and again."""

    module: MypyFile | None = None
    names: ClassVar[dict[str, str | None]] = {}


def _found(spelled: str, module: MypyFile | None, modules: dict[str, MypyFile]) -> str | None:
    if module is not _Current.module:
        _Current.module, _Current.names = module, {}
    if spelled not in _Current.names:
        _Current.names[spelled] = _resolve(spelled, module, modules, frozenset())
    return _Current.names[spelled]


def _resolve(spelled: str, module: MypyFile | None, modules: dict[str, MypyFile], seen: frozenset[str]) -> str | None:
    if module is None or module.fullname in seen:
        return None
    seen |= {module.fullname}
    first, _, rest = spelled.partition(".")
    stars: list[str] = []
    for statement in module.imports:
        if isinstance(statement, ImportFrom):
            source = absolute(statement.id, statement.relative, module)
            for name, alias in statement.names:
                if (alias or name) == first:
                    return _member(source, f"{name}.{rest}" if rest else name, modules, seen)
        elif isinstance(statement, Import):
            for imported, alias in statement.ids:
                if alias == first and rest:
                    return _member(imported, rest, modules, seen)
                if alias is None and spelled.startswith(imported + "."):
                    return _member(imported, spelled[len(imported) + 1 :], modules, seen)
        elif isinstance(statement, ImportAll):
            stars.append(absolute(statement.id, statement.relative, module))
    found = (_member(source, spelled, modules, seen) for source in stars)
    return next((name for name in found if name is not None), None)


def _member(module: str, name: str, modules: dict[str, MypyFile], seen: frozenset[str]) -> str | None:
    if module == JAXTYPING or (module in DIM_HOMES and name == "Dim"):
        return name
    tree = modules.get(module)
    if tree is not None and not tree.imports and tree.is_cache_skeleton:
        # imports are not kept in mypy's cache: what a cached module re-exports under the first name is taken to be it
        return name
    submodule, _, rest = name.partition(".")
    if rest and f"{module}.{submodule}" in modules:
        return _member(f"{module}.{submodule}", rest, modules, seen)
    if f"{module}.{submodule}" == JAXTYPING:
        return rest
    return _resolve(name, tree, modules, seen)


def absolute(module: str, relative: int, inside: MypyFile) -> str:
    """The full name of a module that an import inside another names."""
    if not relative:
        return module
    parts = inside.fullname.split(".")
    drop = relative - 1 if inside.is_package_init_file() else relative
    base = parts[: len(parts) - drop] if drop else parts
    return ".".join([*base, module] if module else base)
