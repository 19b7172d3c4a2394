"""NumPy's scalar classes as names of dtypes.

A kind of dtypes that NumPy has no class for is Any to mypy, and its name a text that this Any carries along. NumPy's
stubs know the dtypes of many results only roughly: that they may be ``floating[Any]`` where ``float64`` is declared is
no error (``wording``).
"""

from __future__ import annotations

from mypy.types import (
    AnyType,
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypeOfAny,
    TypeVarLikeType,
    UnionType,
    UnpackType,
    get_proper_type,
)

from torchlean_mypy.syntax.names import NUMPY_DTYPE

MARK = "torchlean dtype: "

KINDS = ("generic", "number", "inexact", "integer", "floating", "signedinteger", "unsignedinteger")


def hidden_dtype(name: str) -> AnyType:
    """An ``Any`` that carries a dtype's name; mypy keeps it as the name of a module that could not be imported."""
    source = AnyType(TypeOfAny.from_unimported_type, missing_import_name=MARK + name)
    return AnyType(TypeOfAny.from_another_any, source_any=source)


def tells_all(typ: Type) -> bool:
    """Whether a type that is equal to this one says as much, for sure: in an array's may hide another dtype."""
    proper = get_proper_type(typ)
    match proper:
        case Instance():
            return all(map(tells_all, proper.args))
        case TupleType():
            return all(map(tells_all, (*proper.items, proper.partial_fallback)))
        case UnionType():
            return all(map(tells_all, proper.items))
        case UnpackType():
            return tells_all(proper.type)
        case AnyType():
            return proper.missing_import_name is None
    return isinstance(proper, TypeVarLikeType | LiteralType | NoneType)


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
    width = get_proper_type(proper.args[0]) if proper.args else None
    return sized(proper.type.name, width.type.name if isinstance(width, Instance) else "")


def sized(name: str, width: str) -> str | None:
    """The dtype of NumPy's scalar class ``float32``, or ``floating`` of the width ``_32Bit``; None for kinds alone."""
    if name not in KINDS:
        return {"bool_": "bool"}.get(name, name)
    stem = {"floating": "float", "signedinteger": "int", "unsignedinteger": "uint"}.get(name)
    bits = width.strip("_").removesuffix("Bit")
    return f"{stem}{bits}" if stem is not None and bits.isdigit() else None
