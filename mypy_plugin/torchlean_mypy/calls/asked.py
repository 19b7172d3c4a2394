"""What is asked of a function that is given: a callable, or the ``__call__`` of a protocol."""

from __future__ import annotations

from typing import Any

from mypy.nodes import FuncItem, TypeInfo
from mypy.subtypes import find_member
from mypy.types import CallableType, Instance, ProperType, Type, UnionType, get_proper_type

from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.erase import with_sizes
from torchlean_mypy.types.generalise import class_names, names_in
from torchlean_mypy.types.walk import signature_parts
from torchlean_typed.shapes.dim import Dimension, symbol
from torchlean_typed.shapes.shape import Shape, Variadic


def asked_of(formal: Type | None, api: Any) -> CallableType | None:
    """The signature that is asked for; a protocol's names are not those of the functions around."""
    signature, asked = declared_in(formal), _asked(formal)
    return (
        _apart(signature, asked.type.name, api) if signature is not None and isinstance(asked, Instance) else signature
    )


def declared_in(formal: Type | None) -> CallableType | None:
    """The signature that is asked for, with its own names."""
    asked = _asked(formal)
    signature = get_proper_type(find_member("__call__", asked, asked)) if isinstance(asked, Instance) else asked
    return signature if isinstance(signature, CallableType) else None


def _asked(formal: Type | None) -> ProperType | None:
    """The callable or protocol that a formal is, or the one in a union."""
    asked = get_proper_type(formal)
    if isinstance(asked, UnionType):
        found = [one for item in asked.items if (one := _asked(item)) is not None]
        return found[0] if len(found) == 1 else None
    is_protocol = isinstance(asked, Instance) and asked.type.is_protocol
    return asked if is_protocol or isinstance(asked, CallableType) else None


def _apart(signature: CallableType, protocol: str, api: Any) -> CallableType:
    """The signature, where a name of it is one of the functions and classes around with the protocol's before it."""
    around = _names_around(api)
    parts = signature_parts(signature)
    sizes: dict[str, Dimension | Shape] = {}
    for name in sorted(names_in(*parts) & around) if around else ():
        star, new = name[: name.startswith("*")], name.lstrip("*")
        while star + new in around:
            new = f"{protocol}_{new}"
        sizes[name] = (Variadic(new),) if star else symbol(new)
    if not sizes:
        return signature
    *formals, result = (with_sizes(part, sizes, Types(api)) for part in parts)
    return signature.copy_modified(arg_types=formals, ret_type=result)


def _names_around(api: Any) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for around in api.scope.stack:
        match around:
            case TypeInfo():
                found |= class_names(around)
            case FuncItem():
                types = [argument.variable.type for argument in around.arguments]
                found |= names_in(*(typ for typ in types if typ is not None))
    return found
