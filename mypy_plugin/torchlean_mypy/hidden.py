"""What is known of a NumPy array, hidden where mypy looks away.

To mypy an annotated array is a plain ``np.ndarray``: ``ndarray[tuple[Any, ...], dtype[Any]]``, which goes with NumPy's
own stubs in every way. Its shape and dtype are the texts that these two ``Any`` carry along.
"""

from __future__ import annotations

from mypy.types import AnyType, Instance, Type, TypeOfAny, get_proper_type

from torchlean_mypy.names import NDARRAY

SHAPE, DTYPE = "torchlean shape: ", "torchlean dtype: "


def hidden(kind: str, text: str) -> AnyType:
    """An ``Any`` that carries a text; mypy keeps it as the name of a module that could not be imported."""
    source = AnyType(TypeOfAny.from_unimported_type, missing_import_name=kind + text)
    return AnyType(TypeOfAny.from_another_any, source_any=source)


def shown(typ: Type, kind: str) -> str | None:
    """The text that an ``Any`` carries."""
    proper = get_proper_type(typ)
    if not isinstance(proper, AnyType) or proper.missing_import_name is None:
        return None
    name = proper.missing_import_name
    return name.removeprefix(kind) if name.startswith(kind) else None


def shape_text(typ: Type) -> str | None:
    """The shape that is hidden in the type of an array."""
    proper = get_proper_type(typ)
    if not isinstance(proper, Instance) or proper.type.fullname != NDARRAY or not proper.args:
        return None
    sizes = get_proper_type(proper.args[0])
    return shown(sizes.args[0], SHAPE) if isinstance(sizes, Instance) and len(sizes.args) == 1 else None
