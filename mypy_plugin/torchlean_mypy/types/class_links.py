"""``def step(s: State) -> State``: the size names of a class that a signature mentions, as names of the signature.

Where they are (``shapes.class_names`` decides), ``State`` stands for ``State[n]``; elsewhere for a State of any sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from mypy.nodes import ARG_STAR, ARG_STAR2, Decorator, FuncDef, FuncItem, OverloadedFuncDef, Statement, TypeInfo
from mypy.semanal_shared import has_placeholder
from mypy.types import CallableType, Instance, Overloaded, TupleType, Type, UnionType, get_proper_type

from torchlean_mypy.syntax.names import DIM, NDARRAY
from torchlean_mypy.syntax.statements import every
from torchlean_mypy.types.class_arguments import is_by_name, sized, with_names, without_sizes
from torchlean_mypy.types.convert import Types, tensor_of
from torchlean_mypy.types.generalise import class_names, names_in
from torchlean_mypy.types.walk import signature_parts
from torchlean_typed.shapes.class_names import LAYER_METHODS, UNLINKED, Mention, shared_names

COUNTS = ("builtins.int", "builtins.slice", "builtins.range", DIM, NDARRAY)
Signature = TypeVar("Signature", bound=Type | None)


def link(statements: Iterable[Statement], types: Types) -> None:
    """Put the names into every signature."""
    for statement in statements:
        match statement:
            case FuncDef():
                statement.type = linked(statement.type, statement, types)
            case Decorator():
                statement.var.type = linked(statement.var.type, statement.func, types)
            case OverloadedFuncDef(type=Overloaded(items=items)) if len(items) == len(statement.items):
                functions = [item.func if isinstance(item, Decorator) else item for item in statement.items]
                pairs = zip(items, functions, strict=True)
                statement.type = Overloaded([linked(item, function, types) for item, function in pairs])
                if isinstance(statement.impl, FuncDef | Decorator):
                    link(every([statement.impl]), types)


def bound_by(functions: Sequence[FuncItem], info: TypeInfo | None, types: Types) -> frozenset[str]:
    """The names (``n``, ``*batch``) that functions, outermost first, and a class bind."""
    found: frozenset[str] = frozenset()
    for function in functions:
        signature = linked(function.type, function, types)
        if isinstance(signature, CallableType):
            found |= names_in(*signature_parts(signature))
        if function.info:
            found |= class_names(function.info)
    return found | (class_names(info) if info is not None else frozenset())


def linked(signature: Signature, function: FuncItem, types: Types) -> Signature:
    """The type of a function with the names of the classes that it mentions."""
    if not isinstance(signature, CallableType) or has_placeholder(signature) or function.name in UNLINKED:
        return signature
    starts = 1 if function.info and not function.is_static and signature.arg_types else 0
    own, formals = signature.arg_types[:starts], signature.arg_types[starts:]
    mentions = [
        _mention(instance, kind in (ARG_STAR, ARG_STAR2))
        for typ, kind in zip(formals, signature.arg_kinds[starts:], strict=True)
        for instance in _mentioned(typ)
    ]
    result = _returned(signature.ret_type, function)
    results = [_mention(instance) for instance in _mentioned(result)]
    if not mentions and not results:
        return signature
    selves = [_mention(instance) for typ in own if (instance := sized(typ)) is not None]
    taken, given = (
        names_in(*[_mapped(t, lambda one: without_sizes(one, types)) for t in some]) for some in (formals, [result])
    )
    counted = any(map(_counts, formals))
    shared, returned = shared_names([*selves, *mentions], results, taken, given, counted)
    names = iter([*shared[len(selves) :], *returned])

    def named(typ: Type) -> Type:
        return _mapped(typ, lambda instance: with_names(instance, next(names), types))

    arg_types = [*own, *map(named, formals)]
    return signature.copy_modified(arg_types=arg_types, ret_type=_in_result(signature.ret_type, function, named))


def _counts(typ: Type) -> bool:
    """Whether a parameter of this type may say a size: an int, a slice, several of them, a NumPy array."""
    match proper := get_proper_type(typ):
        case Instance() if proper.type.fullname in COUNTS:
            return True
        case Instance(args=parts) | TupleType(items=parts) | UnionType(items=parts):
            return tensor_of(proper) is None and any(map(_counts, parts))
    return False


def _mentioned(typ: Type) -> list[Instance]:
    """The classes with sizes that a type mentions by name: alone, in a union or in a tuple."""
    found: list[Instance] = []

    def note(instance: Instance) -> Instance:
        found.append(instance)
        return instance

    _mapped(typ, note)
    return found


def _mapped(typ: Type, change: Callable[[Instance], Type]) -> Type:
    """The type with what it mentions changed."""
    instance, proper = sized(typ), get_proper_type(typ)
    if instance is not None:
        return typ if (new := change(instance) if is_by_name(instance) else instance) is instance else new
    if isinstance(proper, UnionType):
        return UnionType.make_union([_mapped(item, change) for item in proper.items])
    if isinstance(proper, TupleType):
        return proper.copy_modified(items=[_mapped(item, change) for item in proper.items])
    return typ


def _mention(instance: Instance, is_repeated: bool = False) -> Mention:
    info = instance.type
    lineage = frozenset(base.fullname for base in info.mro if class_names(base))
    is_layer = any(info.get(method) is not None for method in LAYER_METHODS)
    return Mention(class_names(info), lineage, is_layer, is_repeated)


def _returned(result: Type, function: FuncItem) -> Type:
    """What a function returns; an async one, when it is awaited."""
    proper = get_proper_type(result)
    return proper.args[-1] if isinstance(proper, Instance) and _is_awaited(proper, function) else result


def _in_result(result: Type, function: FuncItem, change: Callable[[Type], Type]) -> Type:
    proper = get_proper_type(result)
    if isinstance(proper, Instance) and _is_awaited(proper, function):
        return proper.copy_modified(args=[*proper.args[:-1], change(proper.args[-1])])
    return change(result)


def _is_awaited(result: Instance, function: FuncItem) -> bool:
    return function.is_coroutine and result.type.fullname == "typing.Coroutine"
