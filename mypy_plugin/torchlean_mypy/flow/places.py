"""The places that say what is asked of a value that is put there: a variable, an attribute, an item, an argument."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeGuard

from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    Decorator,
    DictExpr,
    Expression,
    FuncDef,
    IndexExpr,
    LambdaExpr,
    MemberExpr,
    NameExpr,
    OperatorAssignmentStmt,
    RefExpr,
    ReturnStmt,
    SliceExpr,
    Statement,
    StrExpr,
    Var,
)
from mypy.subtypes import find_member
from mypy.types import CallableType, Instance, Overloaded, Type, get_proper_type

from torchlean_mypy.calls.asked import asks_by_protocol
from torchlean_mypy.syntax.expressions import within
from torchlean_mypy.types.class_arguments import behind_tuple
from torchlean_mypy.types.walk import mentions_dimensions

FIELD, REPLACE, SETATTR = (
    "dataclasses.field",
    "dataclasses.replace",
    ("builtins.setattr", "builtins.object.__setattr__"),
)
HOLDERS = ("typing.MutableMapping", "typing.MutableSequence", "typing.AbstractSet")
# A value, what it is put into in the words of messages, and the type that is asked for there, by the type checker.
Put = tuple[Expression, str, Callable[[Any], Type | None]]


def puts(statement: Statement) -> Iterator[Put]:
    """What a statement puts where."""
    match statement:
        case AssignmentStmt(lvalues=[target, *_], rvalue=value):
            declared = statement.type
            asked = partial(_of_target, target) if declared is None else (lambda api: declared)
            yield from ((one, "assignment", asked) for one in _given(value))
        case OperatorAssignmentStmt(lvalue=target, rvalue=value):
            yield value, "assignment", partial(found, target)
        case ReturnStmt(expr=value) if value is not None:
            yield value, "return", lambda api: api.return_types[-1]
    for node in within(statement):
        if isinstance(node, CallExpr):
            yield from _arguments(node)


def is_field(value: Expression) -> TypeGuard[CallExpr]:
    """Whether this says what the field of a dataclass is."""
    return isinstance(value, CallExpr) and isinstance(value.callee, RefExpr) and value.callee.fullname == FIELD


def _given(value: Expression) -> Iterator[Expression]:
    """What is assigned; of a field of a dataclass, its default."""
    if not is_field(value):
        yield value
        return
    for name, argument in zip(value.arg_names, value.args, strict=True):
        if name == "default":
            yield argument
        elif name == "default_factory" and isinstance(argument, LambdaExpr):
            yield argument.expr()


def _of_target(target: Expression, api: Any) -> Type | None:
    """What is asked for by a variable, an attribute or an item that has a declared type."""
    match target:
        case NameExpr(node=Var(is_inferred=False, type=typ)):
            return typ
        case MemberExpr(expr=owner, name=name):
            return _member(owner, name, api)
        case IndexExpr(base=owner, index=index):
            setter = get_proper_type(_member(owner, "__setitem__", api))
            if isinstance(setter, Overloaded):
                setter = setter.items[isinstance(index, SliceExpr)]
            return setter.arg_types[-1] if isinstance(setter, CallableType) else None
    return None


def _arguments(call: CallExpr) -> Iterator[Put]:
    """The arguments of a call that is not ours to check."""
    match call:
        case CallExpr(callee=RefExpr(fullname=place), args=[owner, *_]) if place == REPLACE:
            yield from _fields(call, owner)
        case CallExpr(callee=MemberExpr(expr=owner, name="_replace")):
            yield from _fields(call, owner)
        case CallExpr(callee=RefExpr(fullname=place), args=[owner, StrExpr(value=name), value]) if place in SETATTR:
            yield value, "setattr", partial(_member, owner, name)
        case CallExpr(callee=callee, args=arguments):
            name = callee.name if isinstance(callee, NameExpr | MemberExpr) else "call"
            yield from ((one, name, partial(_of_argument, call, number)) for number, one in enumerate(arguments))


def _fields(call: CallExpr, owner: Expression) -> Iterator[Put]:
    """The new fields of a copy of an object."""
    for value, name in zip(call.args, call.arg_names, strict=True):
        if name is not None:
            yield value, "replace", partial(_member, owner, name)


def _of_argument(call: CallExpr, number: int, api: Any) -> Type | None:
    """What a function or a method asks for whose own signature has no shapes: ``acts.append(f)`` of a list of some."""
    function = get_proper_type(found(call.callee, api))
    if isinstance(function, Overloaded) and isinstance(call.callee, MemberExpr):
        holder = get_proper_type(found(call.callee.expr, api))
        if not isinstance(holder, Instance) or not any(map(holder.type.has_base, HOLDERS)):
            return None
        return holder if isinstance(call.args[number], DictExpr) else holder.args[-1]
    if not isinstance(function, CallableType) or _has_shapes(function):
        return None
    name = call.arg_names[number]
    if name is not None:
        formal = function.argument_by_name(name)
    else:
        formal = function.argument_by_position(number)
    return formal.typ if formal is not None else None


def _has_shapes(function: CallableType) -> bool:
    """Whether shapes are written in the signature of a function: then its calls are checked."""
    definition = function.definition
    written = definition.func if isinstance(definition, Decorator) else definition
    signature = written.type if isinstance(written, FuncDef) else None
    if not isinstance(signature, CallableType):
        return True
    return mentions_dimensions(signature) or any(map(asks_by_protocol, signature.arg_types))


def _member(owner: Expression, name: str, api: Any) -> Type | None:
    instance = behind_tuple(found(owner, api))
    return find_member(name, instance, instance) if isinstance(instance, Instance) else None


def found(expression: Expression, api: Any) -> Type | None:
    """The type of an expression, about which nothing is said."""
    with api.msg.filter_errors(), api.local_type_map:
        typ: Type = api.expr_checker.accept(expression)
    return typ
