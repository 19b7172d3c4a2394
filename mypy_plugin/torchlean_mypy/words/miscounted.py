"""A call with wrong arguments, or with too many: mypy says what is wrong with each, and is made to say it of one."""

from __future__ import annotations

from mypy.errorcodes import ARG_TYPE
from mypy.errors import ErrorInfo
from mypy.nodes import CallExpr

from torchlean_mypy.calls.guard import Checker
from torchlean_mypy.reports.codes import is_miscounted, reported
from torchlean_mypy.syntax.lookups import nodes


def follows(file: str, info: ErrorInfo) -> bool:
    """Whether an error is about an argument of a call of which it was told what is wrong with another.

    Or that there are too many, or too few.
    """
    if info.code is not ARG_TYPE or Checker.path != file or not reported(Checker.latest):
        return False
    here = (info.line, info.column)
    told = {(one.line, one.column) for one in reported(Checker.latest) if one.code is ARG_TYPE} - {here}
    for call in nodes(Checker.latest.tree, CallExpr):
        places = {(argument.line, argument.column) for argument in call.args}
        if here in places and (told & places or is_miscounted(Checker.latest, call)):
            return True
    return False
