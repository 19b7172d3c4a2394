"""The library's functions where a declared type says what is asked of a function: ``act: Activation = tl.relu``.

To mypy they give a tensor of any shape, which goes with what every ``Callable`` and every protocol asks for.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from mypy.nodes import (
    ARG_POS,
    AssignmentStmt,
    ConditionalExpr,
    Expression,
    FuncDef,
    RefExpr,
    ReturnStmt,
    Statement,
    Var,
)
from mypy.semanal import is_trivial_body
from mypy.types import Type

from torchlean_mypy.calls.applied import result_of
from torchlean_mypy.calls.asked import asked_of
from torchlean_mypy.calls.formals import Matcher
from torchlean_mypy.flow.questions import is_question, question
from torchlean_mypy.library.callables import is_library_function
from torchlean_mypy.reports.codes import report, report_unknown
from torchlean_mypy.syntax.expressions import Nodes, written_in
from torchlean_mypy.syntax.names import PACKAGE
from torchlean_mypy.syntax.statements import every, nested
from torchlean_mypy.types.walk import mentions_dimensions
from torchlean_typed.shapes.errors import ShapeError, Undetermined

Declared = Type | Var | None  # of a variable or an argument; None for what a function returns


def follow(definitions: list[Statement], nodes: Nodes) -> None:
    """Have mypy ask where one of the library's functions is assigned, returned or a default."""
    if not definitions or is_question(definitions[0]):
        return  # mypy comes again
    asked: dict[int, Statement] = {}
    for statement in nodes[AssignmentStmt]:
        if statement.type is not None and (values := _functions(statement.rvalue)):
            asked[id(statement)] = _asking(statement, values, "assignment", statement.type)
    for statement in nodes[ReturnStmt]:
        if values := _functions(statement.expr):
            asked[id(statement)] = _asking(statement, values, "return", None)
    if asked:
        for block in [definitions, *(block for one in every(definitions) for block in nested(one))]:
            block[:] = [part for one in block for part in _with_question(one, asked.get(id(one)))]
    for function in nodes[FuncDef]:
        for argument in function.arguments:
            if (values := _functions(argument.initializer)) and not is_trivial_body(function.body):
                function.body.body.insert(0, _asking(function, values, function.name, argument.variable))


def _functions(value: Expression | None) -> list[RefExpr]:
    """The functions of the library that a value may be."""
    parts = written_in(value) if isinstance(value, RefExpr | ConditionalExpr) else []
    return [part for part in parts if isinstance(part, RefExpr) and part.fullname.startswith(f"{PACKAGE}.")]


def _asking(place: Statement, values: list[RefExpr], op: str, declared: Declared) -> Statement:
    return question(place, partial(_check, values, op, declared))


def _with_question(statement: Statement, asked: Statement | None) -> list[Statement]:
    if asked is None:
        return [statement]
    return [asked, statement] if isinstance(statement, ReturnStmt) else [statement, asked]


def _check(values: list[RefExpr], op: str, declared: Declared, api: Any) -> None:
    """Check what the functions give for what they will get."""
    typ = declared.type if isinstance(declared, Var) else declared or api.return_types[-1]
    asked = asked_of(typ, api)
    if asked is None or not mentions_dimensions(asked) or any(kind is not ARG_POS for kind in asked.arg_kinds):
        return
    for value in values:
        with api.msg.filter_errors(), api.local_type_map:
            function = api.expr_checker.accept(value)
        result = result_of(api, value, function, asked.arg_types, value) if is_library_function(function) else None
        if result is not None:
            matcher = Matcher(api, op, ())
            try:
                matcher.argument(asked.ret_type, result, None, f"the result of {value.fullname.rpartition('.')[2]}")
                matcher.solve()
            except ShapeError as error:
                report(api, error, value)
            except Undetermined as reason:
                report_unknown(api, str(reason), value)
