"""The library's functions where a declared type says what is asked of a function: ``act: Activation = tl.relu``.

To mypy they give a tensor of any shape, which goes with what every ``Callable`` and every protocol asks for.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from mypy.nodes import (
    AssignmentStmt,
    Expression,
    FuncDef,
    MemberExpr,
    NameExpr,
    RefExpr,
    ReturnStmt,
    Statement,
    Var,
)
from mypy.semanal import is_trivial_body
from mypy.subtypes import find_member
from mypy.types import Instance, Type, get_proper_type

from torchlean_mypy.calls.applied import result_of
from torchlean_mypy.calls.asked import asked_of, functions_in, is_function
from torchlean_mypy.calls.formals import Matcher
from torchlean_mypy.flow.questions import is_question, question
from torchlean_mypy.library.callables import tells_no_shapes
from torchlean_mypy.reports.codes import report, report_unknown
from torchlean_mypy.syntax.expressions import Nodes, written_in
from torchlean_mypy.syntax.statements import every, nested
from torchlean_mypy.types.walk import mentions_dimensions
from torchlean_typed.shapes.errors import ShapeError, Undetermined

# Of a variable, an argument or an attribute; None for what a function returns.
Declared = Type | Var | MemberExpr | None


def follow(definitions: list[Statement], nodes: Nodes) -> None:
    """Have mypy ask where one of the library's functions is assigned, returned or a default."""
    if not definitions or is_question(definitions[0]):
        return  # mypy comes again
    asked: dict[int, Statement] = {}
    for statement in nodes[AssignmentStmt]:
        if _has_functions(statement.rvalue) and (declared := _declared(statement)) is not None:
            asked[id(statement)] = _asking(statement, statement.rvalue, "assignment", declared)
    for statement in nodes[ReturnStmt]:
        if _has_functions(statement.expr):
            asked[id(statement)] = _asking(statement, statement.expr, "return", None)
    if asked:
        for block in [definitions, *(block for one in every(definitions) for block in nested(one))]:
            block[:] = [part for one in block for part in _with_question(one, asked.get(id(one)))]
    for function in nodes[FuncDef]:
        for argument in function.arguments:
            value = argument.initializer
            if value is not None and _has_functions(value) and not is_trivial_body(function.body):
                function.body.body.insert(0, _asking(function, value, function.name, argument.variable))


def _declared(statement: AssignmentStmt) -> Declared:
    """Where it is written what an assignment gives a value to: here, or where a name or an attribute comes from."""
    match statement.lvalues:
        case _ if statement.type is not None:
            return statement.type
        case [NameExpr(node=Var(is_inferred=False) as variable)]:
            return variable
        case [MemberExpr() as attribute]:
            return attribute
    return None


def _has_functions(value: Expression | None) -> bool:
    return value is not None and any(map(is_function, written_in(value)))


def _asking(place: Statement, value: Expression, op: str, declared: Declared) -> Statement:
    return question(place, partial(_check, value, op, declared))


def _with_question(statement: Statement, asked: Statement | None) -> list[Statement]:
    if asked is None:
        return [statement]
    return [asked, statement] if isinstance(statement, ReturnStmt) else [statement, asked]


def _check(value: Expression, op: str, declared: Declared, api: Any) -> None:
    """Check what the functions give for what they will get."""
    for function, typ in functions_in(value, _type_of(declared, api), is_function):
        _check_function(function, op, typ, api)


def _type_of(declared: Declared, api: Any) -> Type | None:
    if isinstance(declared, MemberExpr):
        with api.msg.filter_errors(), api.local_type_map:
            owner = get_proper_type(api.expr_checker.accept(declared.expr))
        return find_member(declared.name, owner, owner) if isinstance(owner, Instance) else None
    return declared.type if isinstance(declared, Var) else declared or api.return_types[-1]


def _check_function(value: Expression, op: str, typ: Type | None, api: Any) -> None:
    asked = asked_of(typ, api)
    if asked is None or not mentions_dimensions(asked) or any(kind.is_star() for kind in asked.arg_kinds):
        return
    with api.msg.filter_errors(), api.local_type_map:
        function = api.expr_checker.accept(value)
    result = result_of(api, value, function, asked.arg_types, value, asked) if tells_no_shapes(function) else None
    if result is not None:
        matcher = Matcher(api, op, ())
        try:
            matcher.argument(asked.ret_type, result, None, f"the result of {_name(value)}")
            matcher.solve()
        except ShapeError as error:
            report(api, error, value)
        except Undetermined as reason:
            report_unknown(api, str(reason), value)


def _name(function: Expression) -> str:
    return function.fullname.rpartition(".")[2] if isinstance(function, RefExpr) else "partial"
