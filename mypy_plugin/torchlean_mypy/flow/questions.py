"""Statements ``~0``, put into the syntax of a file: mypy asks the plugin there, which then knows what is before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from mypy.nodes import (
    Expression,
    ExpressionStmt,
    FuncDef,
    IntExpr,
    OperatorAssignmentStmt,
    ReturnStmt,
    Statement,
    UnaryExpr,
)
from mypy.plugin import MethodContext
from mypy.semanal import is_trivial_body
from mypy.types import Type

from torchlean_mypy.reports.codes import Strictness
from torchlean_mypy.syntax.notes import Notes
from torchlean_mypy.syntax.statements import every, nested

Answer = Callable[[Any], None]  # given the type checker
Asked = defaultdict[int, list[Statement]]  # the questions about a statement, by its identity


class Questions:
    """By the identity of a ``~0``: that itself, and what to do when mypy is there."""

    asked: ClassVar[Notes[int, tuple[UnaryExpr, Answer]]] = Notes()
    file: str = ""  # which they are put into, before it is checked


def question(place: Statement, answer: Answer, file: str | None = None) -> Statement:
    """A statement about which mypy asks."""
    zero = IntExpr(0)
    asked = UnaryExpr("~", zero)
    statement = ExpressionStmt(asked)
    for part in (zero, asked, statement):
        part.set_line(place)
    Questions.asked[file or Questions.file][id(asked)] = asked, answer
    return statement


def put_in(definitions: list[Statement], asked: Asked) -> None:
    """Put questions after the statements of which they ask; before one that returns."""
    if any(asked.values()):
        for block in [definitions, *(block for one in every(definitions) for block in nested(one))]:
            block[:] = [part for one in block for part in _around(one, asked.get(id(one), []))]


def _around(statement: Statement, questions: list[Statement]) -> list[Statement]:
    return [*questions, statement] if isinstance(statement, ReturnStmt) else [statement, *questions]


def withdraw(file: str, *statements: Statement) -> None:
    """Have nothing be done any more when mypy is there."""
    for statement in statements:
        if isinstance(statement, ExpressionStmt):
            Questions.asked[file].pop(id(statement.expr), None)


def is_question(statement: Statement) -> bool:
    """Whether a statement was put in."""
    return isinstance(statement, ExpressionStmt) and id(statement.expr) in Questions.asked[Questions.file]


class Bound:
    """What ``x`` was before ``x *= y``, by the identity of the ``x``: afterwards mypy has the type of the result."""

    types: ClassVar[Notes[int, tuple[Expression, Type]]] = Notes()

    @classmethod
    def note(cls, target: Expression, api: Any) -> None:
        """Note what it is now."""
        with api.msg.filter_errors(), api.local_type_map:
            cls.types[api.path][id(target)] = target, api.expr_checker.accept(target)

    @classmethod
    def before(cls, file: str, target: Expression) -> Type | None:
        """What it was; None for all other expressions."""
        return cls.types[file].get(id(target), (None, None))[1]


def ask_for_unknowns(definitions: list[Statement]) -> None:
    """Have mypy ask in each function, since the daemon may come to that alone, and before each ``x *= y``."""
    if not Strictness.is_asked_for:
        return
    for block in [definitions, *(block for statement in [*every(definitions)] for block in nested(statement))]:
        block[:] = [part for statement in block for part in _with_question(statement)]
    for statement in every(definitions):
        if isinstance(statement, FuncDef) and not is_trivial_body(statement.body):
            statement.body.body.insert(0, question(statement, lambda api: None))


def _with_question(statement: Statement) -> list[Statement]:
    if isinstance(statement, OperatorAssignmentStmt):
        return [question(statement, partial(Bound.note, statement.lvalue)), statement]
    return [statement]


def answered(ctx: MethodContext, name: str) -> Type:
    """``~0``."""
    checker: Any = ctx.api
    _, answer = Questions.asked[checker.path].get(id(ctx.context), (None, None))
    if answer is not None:
        answer(checker)
    return ctx.default_return_type


METHODS = {"builtins.int.__invert__": answered}
