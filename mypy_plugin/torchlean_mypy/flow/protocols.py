"""Lambdas where a protocol says what they get: ``layer: Layer = lambda x: x @ w``.

mypy tells a lambda what its parameters are where a ``Callable`` is asked for; where it is a protocol, they are Any. So
a lambda begins with a question, at which it is checked as what the protocol's ``__call__`` asks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from mypy.errors import ErrorWatcher
from mypy.nodes import AssignmentStmt, Expression, FuncDef, LambdaExpr, ReturnStmt
from mypy.types import Type, get_proper_type

from torchlean_mypy.calls.asked import asked_of, declared_in
from torchlean_mypy.flow.questions import question
from torchlean_mypy.syntax.expressions import Nodes, written_in
from torchlean_mypy.types.convert import unknown_type
from torchlean_mypy.types.walk import mentions_dimensions


def follow(nodes: Nodes) -> None:
    """Have mypy ask in each lambda."""
    defaults = [argument.initializer for function in nodes[FuncDef] for argument in function.arguments]
    declared = [statement.rvalue for statement in nodes[AssignmentStmt] if statement.type is not None]
    returned = [statement.expr for statement in nodes[ReturnStmt]]
    functions = dict.fromkeys([*nodes[LambdaExpr], *_lambdas(defaults)])
    firm = {*_lambdas(declared), *_lambdas(returned)} if functions else set()
    for function in functions:
        first = function.body.body[0]
        function.body.body.insert(0, question(first, partial(_check, function, [] if function in firm else None)))


def _lambdas(values: Iterable[Expression | None]) -> list[LambdaExpr]:
    found = [part for value in values if value is not None for part in written_in(value)]
    return [part for part in found if isinstance(part, LambdaExpr)]


def _check(function: LambdaExpr, firm: list[Type] | None, api: Any) -> None:
    """Check a lambda as what is asked for where it stands: the type that is asked for last is that of the question.

    Of what is returned, or has a declared type, mypy asks again for nothing where it is not what is asked for, and then
    takes a lambda for any: what is asked for is kept in ``firm``.
    """
    context = api.expr_checker.type_context[-2]
    if firm is not None:
        context = firm[0] if context is None and firm else context
        firm[:] = [context] if context is not None else []
    asked, declared = asked_of(context, api), declared_in(context)
    is_known = declared is get_proper_type(api.expr_checker.type_context[-2])
    if asked is None or declared is None or is_known or not mentions_dimensions(asked):
        return
    kinds, missing = function.arg_kinds, len(function.arg_kinds) - len(asked.arg_kinds)
    if missing < 0 or not all(kind.is_positional() for kind in (*kinds, *asked.arg_kinds)):
        return  # mypy says whether it fits
    more = [unknown_type()] * missing
    with ErrorWatcher(api.msg.errors) as watcher:
        api.expr_checker.accept(
            function,
            asked.copy_modified(arg_types=[*asked.arg_types, *more], arg_kinds=kinds, arg_names=function.arg_names),
        )
    # mypy goes on with this lambda, and compares what it gives with the protocol
    for argument, typ in zip(function.arguments, [*declared.arg_types, *more], strict=True):
        argument.variable.type = None if watcher.has_new_errors() else typ
