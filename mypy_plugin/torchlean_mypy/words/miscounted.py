"""A call with too many arguments, or too few: mypy says so, and what is wrong with each that stands for another."""

from __future__ import annotations

from mypy.errorcodes import ARG_TYPE
from mypy.errors import ErrorInfo
from mypy.nodes import CallExpr

from torchlean_mypy.calls.guard import Checker
from torchlean_mypy.reports.codes import is_miscounted, reported
from torchlean_mypy.syntax.lookups import nodes


def follows(file: str, info: ErrorInfo) -> bool:
    """Whether an error is about an argument of a call whose number of arguments was told to be wrong."""
    if info.code is not ARG_TYPE or Checker.path != file or not reported(Checker.latest):
        return False
    here = (info.line, info.column)
    return any(
        here in [(argument.line, argument.column) for argument in call.args] and is_miscounted(Checker.latest, call)
        for call in nodes(Checker.latest.tree, CallExpr)
    )
