"""What is asked of a function that is given: a callable, or the ``__call__`` of a protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mypy.nodes import ConditionalExpr, DictExpr, Expression, FuncItem, TupleExpr, TypeInfo
from mypy.subtypes import find_member
from mypy.types import CallableType, Instance, ProperType, TupleType, Type, TypeAliasType, UnionType, get_proper_type

from torchlean_mypy.syntax.expressions import held
from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.erase import replaced
from torchlean_mypy.types.generalise import class_names, names_in
from torchlean_mypy.types.walk import mentions_dimensions, signature_parts
from torchlean_typed.shapes.dim import Dimension, symbol
from torchlean_typed.shapes.shape import Shape, Variadic, substitute_shape


def asked_of(formal: Type | None, api: Any) -> CallableType | None:
    """The signature that is asked for; a protocol's names are not those of the functions around."""
    signature, asked = declared_in(formal), _asked(formal)
    if signature is None or not isinstance(asked, Instance):
        return signature
    return apart(signature, names_in(*signature_parts(signature)), asked.type.name, api)


def is_by_protocol(formal: Type) -> bool:
    """Whether it is a protocol that asks."""
    return isinstance(_asked(formal), Instance)


def declared_in(formal: Type | None) -> CallableType | None:
    """The signature that is asked for, with its own names."""
    asked = _asked(formal)
    signature = get_proper_type(find_member("__call__", asked, asked)) if isinstance(asked, Instance) else asked
    return signature if isinstance(signature, CallableType) else None


def asks_by_protocol(formal: Type) -> bool:
    """Whether somewhere in a formal a protocol asks for shapes of a function that is given."""
    if isinstance(formal, TypeAliasType) and formal.is_recursive:
        return False
    match get_proper_type(formal):
        case Instance(type=TypeInfo(is_protocol=True)) as protocol if protocol.type.get("__call__") is not None:
            asked = declared_in(protocol)
            return asked is not None and any(map(mentions_dimensions, signature_parts(asked)))
        case Instance(args=parts) | TupleType(items=parts) | UnionType(items=parts):
            return any(map(asks_by_protocol, parts))
    return False


def _asked(formal: Type | None) -> ProperType | None:
    """The callable or protocol that a formal is, or the one in a union."""
    asked = get_proper_type(formal)
    if isinstance(asked, UnionType):
        found = [one for item in asked.items if (one := _asked(item)) is not None]
        return found[0] if len(found) == 1 else None
    is_protocol = isinstance(asked, Instance) and asked.type.is_protocol
    return asked if is_protocol or isinstance(asked, CallableType) else None


def apart(signature: CallableType, names: frozenset[str], prefix: str, api: Any) -> CallableType:
    """The signature, where one of the names is one of the functions and classes around with a prefix before it."""
    around = _names_around(api) if names else frozenset()
    sizes: dict[str, Dimension | Shape] = {}
    for name in sorted(names & around):
        star, new = name[: name.startswith("*")], name.lstrip("*")
        while star + new in around:
            new = f"{prefix}_{new}"
        sizes[name] = (Variadic(new),) if star else symbol(new)
    if not sizes:
        return signature

    def put_in(part: Type) -> Type:
        return replaced(part, lambda shape: substitute_shape(shape, sizes), Types(api))

    *formals, result = map(put_in, signature_parts(signature))
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


def functions_in(
    value: Expression, typ: Type | None, is_one: Callable[[Expression], bool]
) -> Iterator[tuple[Expression, Type | None]]:
    """The functions that a value is, or a display holds, and the type that is asked of each."""
    asked = get_proper_type(typ)
    if isinstance(asked, UnionType):
        holding = [item for item in map(get_proper_type, asked.items) if getattr(item, "args", ())]
        asked = holding[0] if len(holding) == 1 and not is_one(value) else asked
    match value:
        case ConditionalExpr(if_expr=one, else_expr=other):
            yield from functions_in(one, asked, is_one)
            yield from functions_in(other, asked, is_one)
        case TupleExpr(items=items) if isinstance(asked, TupleType) and len(asked.items) == len(items):
            for item, expected in zip(items, asked.items, strict=True):
                yield from functions_in(item, expected, is_one)
        case _ if isinstance(asked, Instance) and len(asked.args) == 1 + isinstance(value, DictExpr) and held(value):
            for part in held(value):
                yield from functions_in(part, asked.args[-1], is_one)
        case _ if is_one(value):
            yield value, asked
