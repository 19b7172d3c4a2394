"""NumPy's scalar classes as names of dtypes."""

from __future__ import annotations

from mypy.types import Instance, Type, get_proper_type

from torchlean_mypy.hidden import DTYPE, shown
from torchlean_mypy.names import NUMPY_DTYPE

KINDS = ("generic", "number", "inexact", "integer", "floating", "signedinteger", "unsignedinteger")


def numpy_dtype_name(typ: Type | None) -> str | None:
    """The name of the scalar class in ``numpy.dtype[numpy.float64]``; None where it is not known."""
    proper = get_proper_type(typ) if typ is not None else None
    if isinstance(proper, Instance) and proper.type.fullname == NUMPY_DTYPE and proper.args:
        return shown(proper.args[0], DTYPE) or numpy_scalar_name(proper.args[0])
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
