"""``a, b = rows``: as many names as there are rows. mypy knows what each is, and does not ask how many there are."""

from __future__ import annotations

from functools import partial
from typing import Any

from mypy.nodes import AssignmentStmt, ListExpr, StarExpr, Statement, TupleExpr

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.flow.questions import put_in, question
from torchlean_mypy.reports.codes import report
from torchlean_mypy.syntax.expressions import Nodes
from torchlean_mypy.types.kinds import rows_kind
from torchlean_typed.shapes.errors import ShapeError


def follow(definitions: list[Statement], nodes: Nodes) -> None:
    """Have mypy ask where something is unpacked that is no display."""
    asked: dict[int, list[Statement]] = {}
    for statement in nodes[AssignmentStmt]:
        match statement:
            case AssignmentStmt(rvalue=TupleExpr() | ListExpr()):
                continue
            case AssignmentStmt(lvalues=[TupleExpr() | ListExpr() as names], rvalue=value):
                asked[id(statement)] = [question(statement, partial(_check, names, value))]
    put_in(definitions, asked)


def _check(names: TupleExpr | ListExpr, value: Any, api: Any) -> None:
    rows = rows_kind(type_of(api, value))
    least = sum(not isinstance(name, StarExpr) for name in names.items)
    is_open = least < len(names.items)
    if rows is None or not isinstance(rows.count, int) or rows.count == least or (is_open and rows.count > least):
        return
    problem = f"there are {rows.count} rows, expected {'at least ' * is_open}{least}"
    report(api, ShapeError("unpack", problem, expected=least, got=rows.count), value)
