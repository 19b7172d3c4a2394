"""NumPy's scalar classes as names of dtypes.

The dtype of an annotated array is hidden where mypy looks away: NumPy's own stubs know dtypes only roughly, and what
they infer, ``floating[Any]``, would not go with the ``float64`` that is declared. To mypy it is Any; its name is a text
that this Any carries along.
"""

from __future__ import annotations

from mypy.types import AnyType, Instance, Type, TypeOfAny, get_proper_type

from torchlean_mypy.names import NUMPY_DTYPE

MARK = "torchlean dtype: "

KINDS = ("generic", "number", "inexact", "integer", "floating", "signedinteger", "unsignedinteger")


def hidden_dtype(name: str) -> AnyType:
    """An ``Any`` that carries a dtype's name; mypy keeps it as the name of a module that could not be imported."""
    source = AnyType(TypeOfAny.from_unimported_type, missing_import_name=MARK + name)
    return AnyType(TypeOfAny.from_another_any, source_any=source)


def _shown_dtype(typ: Type) -> str | None:
    proper = get_proper_type(typ)
    text = proper.missing_import_name if isinstance(proper, AnyType) else None
    return text.removeprefix(MARK) if text is not None and text.startswith(MARK) else None


def numpy_dtype_name(typ: Type | None) -> str | None:
    """The name of the scalar class in ``numpy.dtype[numpy.float64]``; None where it is not known."""
    proper = get_proper_type(typ) if typ is not None else None
    if isinstance(proper, Instance) and proper.type.fullname == NUMPY_DTYPE and proper.args:
        return _shown_dtype(proper.args[0]) or numpy_scalar_name(proper.args[0])
    return None


def numpy_scalar_name(typ: Type) -> str | None:
    """``float64`` for the class ``numpy.float64``, also where NumPy spells it ``floating[_64Bit]``."""
    proper = get_proper_type(typ)
    if not isinstance(proper, Instance) or not proper.type.fullname.startswith("numpy."):
        return None
    name = proper.type.name
    if name not in KINDS:
        return {"bool_": "bool"}.get(name, name)
    stem = {"floating": "float", "signedinteger": "int", "unsignedinteger": "uint"}.get(name)
    width = get_proper_type(proper.args[0]) if proper.args else None
    bits = width.type.name.strip("_").removesuffix("Bit") if isinstance(width, Instance) else ""
    return f"{stem}{bits}" if stem is not None and bits.isdigit() else None
