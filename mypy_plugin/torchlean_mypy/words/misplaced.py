"""Arguments of the wrong class, as a tensor for a pack: mypy's messages about one call become one, in our words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mypy.errors import ErrorInfo
from mypy.nodes import CallExpr, Expression, FloatExpr, IntExpr, MemberExpr, NameExpr, RefExpr, StrExpr, TypeInfo
from mypy.subtypes import find_member
from mypy.types import CallableType, Instance, NoneType, TupleType, Type, TypeVarType, UnionType, get_proper_type

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.calls.guard import Checker
from torchlean_mypy.syntax.lookups import nodes
from torchlean_mypy.syntax.names import DIM, LOSS, NDARRAY, PACK, ROWS, SEQ, TENSOR
from torchlean_mypy.types.kinds import instance_of
from torchlean_typed.shapes.arguments import place_of
from torchlean_typed.shapes.errors import ShapeError
from torchlean_typed.shapes.words import a, made_from, order_hint, wrong_class

MISTYPED = re.compile(
    r'Argument \S+ to "(?P<op>\w+)"(?: of "(?P<owner>\w+)")? has incompatible type ".*"; expected ".*"'
)
OURS = {name: name.rpartition(".")[2] for name in (TENSOR, PACK, SEQ, LOSS, ROWS, NDARRAY)}
PLAIN = ("bool", "int", "float", "str", "list", "dict")


@dataclass(frozen=True)
class Given:
    """An argument of a call: its place among the parameters, and of which class it is and should be."""

    number: int
    name: str | None
    got: str | None
    expected: str | None
    shown: str

    def fits(self, other: Given) -> bool:
        """Whether it could be given where ``other`` was; what is not known fits everything."""
        return (
            None in (self.got, other.expected)
            or self.got == other.expected
            or (self.got in ("bool", "int") and other.expected in ("int", "float"))
        )


def misplaced(file: str, info: ErrorInfo) -> ShapeError | bool:
    """The error about the first argument of the wrong class; whether mypy's is held back as one more of that call."""
    api: Any = Checker.latest
    found = MISTYPED.fullmatch(info.message)
    if found is None or getattr(api, "path", None) != file:
        return False
    here = (info.line, info.column, info.end_line, info.end_column)
    for call in nodes(api.tree, CallExpr):
        places = [(arg.line, arg.column, arg.end_line, arg.end_column) for arg in call.args]
        if here in places:
            given = _given(api, call)
            wrong = [one for one in given if not one.fits(one)]
            number = places.index(here)
            if len(given) < len(call.args) or not wrong or given[number].fits(given[number]):
                return False
            if not any(one.got in OURS.values() or one.expected in OURS.values() for one in wrong):
                return False
            return _error(_name(found, call), wrong[0], given) if wrong[0] is given[number] else True
    return False


def _name(found: re.Match[str], call: CallExpr) -> str:
    """What the run time calls the function: a constructor has its class's name, a static method that before its own."""
    op, owner = found["op"], found["owner"]
    if owner is not None and op.startswith("__"):
        return owner
    match call.callee:
        case MemberExpr(expr=RefExpr(node=TypeInfo(name=name))):
            return f"{name}.{op}"
    return op


def _error(op: str, wrong: Given, given: list[Given]) -> ShapeError:
    swapped = any(one is not wrong and not one.fits(one) and wrong.fits(one) for one in given)
    names = [one.name for one in sorted(given, key=lambda one: one.number) if one.name is not None]
    expected, got = wrong.expected or "", wrong.got or ""
    hint = order_hint(op, names) if swapped and len(names) == len(given) else made_from(expected, got)
    return wrong_class(op, place_of(wrong.number + 1, wrong.name), a(expected), wrong.shown, hint)


def _given(api: Any, call: CallExpr) -> list[Given]:
    """The arguments of a call by the parameters they are given for, as far as these can be told."""
    typ = _known(api, call.callee)
    callee = get_proper_type(typ) if typ is not None else None
    if isinstance(callee, Instance):
        member = find_member("__call__", callee, callee)
        callee = get_proper_type(member) if member is not None else None
    if not isinstance(callee, CallableType):
        return []
    found: list[Given] = []
    for number, (argument, kind, name) in enumerate(zip(call.args, call.arg_kinds, call.arg_names, strict=True)):
        formal = callee.argument_by_name(name) if name is not None else callee.argument_by_position(number)
        if kind.is_star() or formal is None or formal.pos is None:
            return []
        actual = _known(api, argument)
        got, shown = _class_of(actual)
        if isinstance(argument, IntExpr | FloatExpr | StrExpr):
            got = shown = type(argument.value).__name__
        if got == "function":
            shown = f"the function {argument.name}" if isinstance(argument, NameExpr | MemberExpr) else "a lambda"
        found.append(Given(formal.pos, formal.name, got, _class_of(formal.typ)[0], shown))
    return found


def _known(api: Any, expression: Expression) -> Type | None:
    """The type of an expression; mypy keeps none while it tries a statement, but names and methods have theirs."""
    typ = type_of(api, expression)
    if typ is None and isinstance(expression, RefExpr):
        typ = api.binder.get(expression) or getattr(expression.node, "type", None)
    if typ is None and isinstance(expression, MemberExpr):
        owner = get_proper_type(_known(api, expression.expr) or NoneType())
        typ = find_member(expression.name, owner, owner) if isinstance(owner, Instance) else None
    return typ


def _class_of(typ: Type | None) -> tuple[str | None, str]:
    """The class of a type as messages name it, and how they show a value of it; None where that is not known."""
    proper = get_proper_type(typ) if typ is not None else None
    if isinstance(proper, UnionType):
        first, *others = {_class_of(item) for item in proper.items}
        return (None, "") if others else first
    for fullname, name in OURS.items():
        if proper is not None and instance_of(proper, fullname) is not None:
            return name, name
    if isinstance(proper, TypeVarType):
        proper = get_proper_type(proper.upper_bound)
    if isinstance(proper, CallableType):
        return "function", ""
    if isinstance(proper, TupleType):
        return "tuple", "tuple"
    if isinstance(proper, Instance):
        if proper.type.fullname == DIM:
            return "int", f"the size {proper.args[0]}" if proper.args else "int"
        if proper.type.name in PLAIN:
            return proper.type.name, proper.type.name
    return None, ""
