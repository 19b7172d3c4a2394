"""``a, b = rows``: as many names as there are rows. mypy knows what each is, and does not ask how many there are."""

from __future__ import annotations

from functools import partial
from typing import Any

from mypy.nodes import AssignmentStmt, ListExpr, StarExpr, TupleExpr

from torchlean_mypy.calls.arguments import type_of
from torchlean_mypy.flow.questions import Asked, question
from torchlean_mypy.reports.codes import report
from torchlean_mypy.syntax.expressions import Nodes
from torchlean_mypy.types.facts import applied
from torchlean_mypy.types.kinds import rows_kind
from torchlean_typed.shapes.dim import UNKNOWN, same
from torchlean_typed.shapes.errors import ShapeError


def follow(nodes: Nodes, asked: Asked) -> None:
    """Have mypy ask where something is unpacked that is no display."""
    for statement in nodes[AssignmentStmt]:
        match statement:
            case AssignmentStmt(rvalue=TupleExpr() | ListExpr()):
                continue
            case AssignmentStmt(lvalues=[TupleExpr() | ListExpr() as names], rvalue=value):
                asked[id(statement)].append(question(statement, partial(_check, names, value)))


def _check(names: TupleExpr | ListExpr, value: Any, api: Any) -> None:
    rows = rows_kind(type_of(api, value))
    least = sum(not isinstance(name, StarExpr) for name in names.items)
    is_open = least < len(names.items)
    count = applied(rows.count) if rows is not None else UNKNOWN
    if (not isinstance(count, int) or count >= least) if is_open else same(count, least) is not False:
        return
    problem = f"there are {count} rows, expected {'at least ' * is_open}{least}"
    report(api, ShapeError("unpack", problem, expected=least, got=count), value)
