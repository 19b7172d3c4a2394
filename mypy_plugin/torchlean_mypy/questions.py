"""Statements ``0 << 0``, put into the syntax of a file: mypy asks the plugin there, which then knows what is before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from mypy.nodes import ExpressionStmt, IntExpr, OpExpr, Statement
from mypy.plugin import MethodContext
from mypy.types import Type

Answer = Callable[[Any], None]  # given the type checker


class Questions:
    """By the identity of a ``0 << 0``: that itself, and what to do when mypy is there."""

    asked: ClassVar[dict[int, tuple[OpExpr, Answer]]] = {}


def question(place: Statement, answer: Answer) -> Statement:
    """A statement about which mypy asks."""
    left, right = IntExpr(0), IntExpr(0)
    asked = OpExpr("<<", left, right)
    statement = ExpressionStmt(asked)
    for part in (left, right, asked, statement):
        part.set_line(place)
    Questions.asked[id(asked)] = asked, answer
    return statement


def is_question(statement: Statement) -> bool:
    """Whether a statement was put in: mypy comes to a file more than once."""
    return isinstance(statement, ExpressionStmt) and id(statement.expr) in Questions.asked


def answered(ctx: MethodContext, name: str) -> Type:
    """``0 << 0``."""
    _, answer = Questions.asked.get(id(ctx.context), (None, None))
    if answer is not None:
        answer(ctx.api)
    return ctx.default_return_type


METHODS = {"builtins.int.__lshift__": answered}
