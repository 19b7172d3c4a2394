"""A method that makes an object of its own class: ``cls(...)``, ``type(self)(...)`` and ``self.__class__(...)``.

To mypy the new object has the sizes of the class's own names, as ``self`` has. But it may have any, and its own
arguments tell them, as where the class is called by its name; so that is what mypy is given to check.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from mypy.nodes import (
    GDEF,
    NOT_ABSTRACT,
    CallExpr,
    ClassDef,
    Context,
    Decorator,
    Expression,
    FuncDef,
    MemberExpr,
    NameExpr,
    OverloadedFuncDef,
    Statement,
    TypeInfo,
    Var,
)
from mypy.plugin import FunctionContext, MethodContext
from mypy.subtypes import is_subtype
from mypy.typeops import get_type_vars
from mypy.types import CallableType, Type, TypeVarType

from torchlean_mypy.syntax.expressions import all_of
from torchlean_mypy.syntax.notes import Notes
from torchlean_mypy.syntax.statements import every
from torchlean_mypy.types.class_arguments import sized, without_sizes
from torchlean_mypy.types.convert import Types
from torchlean_mypy.types.generalise import class_names
from torchlean_mypy.types.walk import map_shapes


class Made:
    """The calls that are by the class's name now, by identity: that itself, the Self it gives, if in a class method."""

    calls: ClassVar[Notes[int, tuple[CallExpr, TypeVarType | None, bool]]] = Notes()


def follow(file: str, statements: Iterable[Statement]) -> None:
    """Have the objects made by name."""
    for statement in statements:
        if isinstance(statement, ClassDef) and _has_sizes(statement):
            for method in _methods(statement.defs.body):
                _follow(file, method, statement.info)


def _has_sizes(definition: ClassDef) -> bool:
    info = definition.info
    return type(info).__name__ != "FakeInfo" and bool(class_names(info)) and not _is_abstract(info)


def _is_abstract(info: TypeInfo) -> bool:
    """Whether the class may not be called by its name."""
    return info.is_protocol or any(_is_abstract_method(info, name) for base in info.mro for name in base.names)


def _is_abstract_method(info: TypeInfo, name: str) -> bool:
    symbol = info.get(name)
    node = symbol.node if symbol is not None else None
    function = node.func if isinstance(node, Decorator) else node
    return isinstance(function, FuncDef | OverloadedFuncDef) and bool(
        getattr(function, "abstract_status", NOT_ABSTRACT)
    )


def _methods(body: Iterable[Statement]) -> Iterable[FuncDef]:
    for statement in body:
        match statement:
            case FuncDef():
                yield statement
            case Decorator():
                yield statement.func
            case OverloadedFuncDef(items=items):
                yield from _methods(items)


def _follow(file: str, method: FuncDef, info: TypeInfo) -> None:
    if method.is_static or not method.arguments or method.name == "__new__":
        return
    own = method.arguments[0].variable
    variables = get_type_vars(method.type.ret_type) if isinstance(method.type, CallableType) else []
    self_type = next((variable for variable in variables if variable.id.is_self()), None)
    for call in all_of(every(method.body.body))[CallExpr]:
        match call:
            case CallExpr(callee=MemberExpr(expr=NameExpr(node=Var() as node)) as member) if (
                node is own and method.is_class
            ):
                member.expr = _by_name(info, member.expr)
            case CallExpr(callee=callee) if _is_class_of(callee, own, method.is_class):
                call.callee = _by_name(info, callee)
            case _:
                continue
        Made.calls[file][id(call)] = call, self_type, method.is_class


def _is_class_of(callee: Expression, own: Var, is_class: bool) -> bool:
    match callee:
        case NameExpr(node=node):
            return is_class and node is own
        case CallExpr(callee=NameExpr(fullname="builtins.type"), args=[NameExpr(node=node)]):
            return not is_class and node is own
        case MemberExpr(expr=NameExpr(node=node), name="__class__"):
            return not is_class and node is own
    return False


def _by_name(info: TypeInfo, place: Expression) -> NameExpr:
    name = NameExpr(info.name)
    name.node, name.fullname, name.kind = info, info.fullname, GDEF
    name.set_line(place)
    return name


def made(ctx: FunctionContext | MethodContext, result: Type) -> Type:
    """What a call gives: where it makes an object of the type Self, that with the sizes that the object has.

    A method's Self has the sizes of ``self``, a class method's any, also where it is called on an object.
    """
    receiver = sized(ctx.type) if isinstance(ctx, MethodContext) else None
    if receiver is not None and _is_class_method(receiver.type, ctx.context):
        types = Types(ctx.api)
        return map_shapes(result, lambda one: without_sizes(one, types) if one.type is receiver.type else one)
    _, self_type, is_class = Made.calls[ctx.api.path].get(id(ctx.context), (None, None, False))
    if self_type is None:
        return result
    instance, bound = sized(result), sized(self_type)
    if instance is None or bound is None or instance.type is not bound.type:
        return result
    if not is_class and not is_subtype(result, self_type.upper_bound):
        return result
    return self_type.copy_modified(upper_bound=result)


def _is_class_method(info: TypeInfo, call: Context) -> bool:
    symbol = info.get(call.callee.name) if isinstance(call, CallExpr) and isinstance(call.callee, MemberExpr) else None
    return symbol is not None and isinstance(symbol.node, Decorator) and symbol.node.func.is_class
